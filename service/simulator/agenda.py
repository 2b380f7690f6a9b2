"""What will happen later: actions that fall due by the simulator's clock and run on worker threads."""

from __future__ import annotations

import heapq
import itertools
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from service.simulator.clock import Clock

_logger = logging.getLogger(__name__)

# Each worker may wait up to fifteen seconds for a slow webhook; fewer of them would hold up the other phones.
_WORKERS = 64
# A skipped clock moves without telling us, so a jumping clock is looked at this often (seconds).
_GLANCE = 0.05


@dataclass(order=True, slots=True)
class Entry:
    """One action and the moment it falls due; `cancelled` ones are dropped when their moment comes."""

    due: datetime
    serial: int
    action: Callable[[], object] = field(compare=False)
    cancelled: bool = field(default=False, compare=False)


class Agenda:
    """Runs actions when the simulator's clock reaches them, so that skipping time makes them happen."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._entries: list[Entry] = []
        self._serials = itertools.count()
        self._changed = threading.Condition()
        self._running = 0
        self._open = True
        self._workers = ThreadPoolExecutor(max_workers=_WORKERS, thread_name_prefix="simulator")
        self._thread = threading.Thread(target=self._watch, name="simulator-agenda", daemon=True)
        self._thread.start()

    def after(self, seconds: float, action: Callable[[], object]) -> Entry:
        """Run the action once that many seconds of simulated time have passed."""
        due = self._clock.now() + timedelta(seconds=seconds)
        with self._changed:
            entry = Entry(due, next(self._serials), action)
            heapq.heappush(self._entries, entry)
            self._changed.notify_all()
        return entry

    def cancel(self, entry: Entry) -> None:
        """Forget an action that has not started; one that has started goes on."""
        with self._changed:
            entry.cancelled = True

    def is_quiet(self) -> bool:
        """Return whether nothing is running and nothing waits to run."""
        with self._changed:
            return self._running == 0 and not any(not entry.cancelled for entry in self._entries)

    def close(self) -> None:
        """Stop watching the clock; what has started is left to finish by itself."""
        with self._changed:
            self._open = False
            self._changed.notify_all()
        self._thread.join(timeout=2)
        self._workers.shutdown(wait=False, cancel_futures=True)

    def _watch(self) -> None:
        with self._changed:
            while self._open:
                now = self._clock.now()
                while self._entries and self._entries[0].due <= now:
                    self._start(heapq.heappop(self._entries))
                self._changed.wait(self._patience(now))

    def _patience(self, now: datetime) -> float | None:
        if not self._entries:
            return None
        wait = (self._entries[0].due - now).total_seconds()
        return min(wait, _GLANCE) if self._clock.can_jump else wait

    def _start(self, entry: Entry) -> None:
        if entry.cancelled:
            return
        self._running += 1
        self._workers.submit(entry.action).add_done_callback(self._finish)

    def _finish(self, future: Future[object]) -> None:
        with self._changed:
            self._running -= 1
            self._changed.notify_all()
        error = None if future.cancelled() else future.exception()
        if error is not None:
            _logger.error("simulator.action_failed", exc_info=error)
