"""Threads deliver the outbox together: they share what one of them has claimed, and what one of them puts on record."""

from __future__ import annotations

import threading
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import timedelta
from typing import Final

from service.workflows.claim_outbox import Leaving, claim_together, give_back, waiting
from service.workflows.deliver_outbox import attempt
from service.workflows.deps import Deps
from service.workflows.settle_outbox import Ended, settle

# So many are claimed at once: where an answer takes a tenth of a second, four threads hand them over in a second.
TOGETHER: Final = 48
# What came of an attempt is put on record so much later, unless whoever does that is busy with what came before.
_SETTLED_AFTER_SECONDS = 0.1
# What was claimed longer ago and has not left goes back: by now others may be more urgent, or may even have sent it.
_STALE_AFTER = timedelta(seconds=2)
# An attempt that lasts longer hangs. While all of them do, others are called in for what may not wait.
_HANGS_AFTER_SECONDS = 1.0


class Deliverers:
    """Threads that hand so many messages to the carrier at a time; each `look` has them work until nothing waits.

    One more of them stands at the desk, where it settles and claims for all. While all hang, as many again are there
    for what may not wait.
    """

    def __init__(self, deps: Deps, at_once: int) -> None:
        self._deps = deps
        self._at_once = at_once
        self._pool = ThreadPoolExecutor(2 * at_once + 1, thread_name_prefix="deliverer")
        self._desk = threading.Lock()
        # Guards all that follows; nobody waits for anything while holding it.
        self._turn = threading.Lock()
        self._supply: deque[Leaving] = deque()
        self._ended: list[Ended] = []
        self._first_ended_at = 0.0
        self._began_at: dict[int, float] = {}
        self._may_be_more = False
        # The first are as many as can leave at once, so that they leave at once.
        self._together = at_once
        self._stopping = False
        self._at_work = 0
        self._calls: list[Future[None]] = []
        self._has_moved = False

    def look(self) -> bool:
        """Let the deliverers look for what waits; return whether one was free, or got something done since the last look.

        Raises what stopped one of them since then.
        """
        with self._turn:
            moves = self._has_moved or self._at_work < self._at_once
            self._has_moved, self._may_be_more = False, True
            self._call_in(1)
        self._raise_what_stopped_one()
        return moves

    def rest(self) -> None:
        """Wait until nobody is at work: all that could leave has left, and is on record."""
        while pending := [call for call in tuple(self._calls) if not call.done()]:
            wait(pending)

    def stop(self) -> None:
        """Let each end the attempt that it is at, give back what was claimed besides, and wait for that.

        Raises what stopped one of them before.
        """
        with self._turn:
            self._stopping = True
        self.rest()
        self._pool.shutdown()
        self._raise_what_stopped_one()

    def _raise_what_stopped_one(self) -> None:
        with self._turn:
            stopped = [call for call in self._calls if call.done() and call.exception() is not None]
            # One a look: what stopped another is raised by the next.
            self._calls = [call for call in self._calls if not call.done()] + stopped[1:]
        for call in stopped[:1]:
            call.result()

    def _call_in(self, many: int) -> None:
        most = self._most_at_once() + 1
        for _ in range(0 if self._stopping else min(many, most - self._at_work)):
            self._at_work += 1
            self._calls.append(self._pool.submit(self._work))

    def _work(self) -> None:
        try:
            while (leaving := self._take()) is not None:
                outcome = attempt(self._deps, leaving)
                with self._turn:
                    del self._began_at[leaving.message_id]
                    if not self._ended:
                        self._first_ended_at = time.monotonic()
                    self._ended.append((leaving, outcome))
                    self._has_moved = True
        finally:
            with self._turn:
                self._at_work -= 1

    def _take(self) -> Leaving | None:
        """Return what is to leave next, or None where there is nothing to do for this deliverer."""
        if self._is_wanted_at_desk() and self._desk.acquire(blocking=False):
            try:
                with self._turn:
                    # In its own place, meanwhile.
                    self._call_in(min(1, len(self._supply)))
                self._visit_desk()
            finally:
                self._desk.release()
        leaving = self._next()
        if leaving is not None or self._has_enough():
            return leaving
        with self._desk:
            leaving = self._next()
            if leaving is None and not self._has_enough():
                self._visit_desk()
                leaving = self._next()
        return leaving

    def _is_wanted_at_desk(self) -> bool:
        is_late = bool(self._ended) and time.monotonic() - self._first_ended_at > _SETTLED_AFTER_SECONDS
        return is_late or (self._may_be_more and self._is_low())

    def _is_low(self) -> bool:
        return len(self._supply) <= self._together // 3

    def _next(self) -> Leaving | None:
        with self._turn:
            if self._has_enough() or not self._supply or not self._may_leave(self._supply[0]):
                return None
            leaving = self._supply.popleft()
            self._began_at[leaving.message_id] = time.monotonic()
            return leaving

    def _may_leave(self, leaving: Leaving) -> bool:
        """Return whether it may still be handed over; what is on record as being sent for too long may be another's."""
        is_stale = self._deps.now() - leaving.claimed_at > _STALE_AFTER
        return not (self._stopping or is_stale or (leaving.may_wait and self._all_hang()))

    def _has_enough(self) -> bool:
        """Return whether as many are being handed over as may be; whoever does that comes back for the rest."""
        return len(self._began_at) >= self._most_at_once()

    def _most_at_once(self) -> int:
        return self._at_once * (2 if self._all_hang() else 1)

    def _all_hang(self) -> bool:
        before = time.monotonic() - _HANGS_AFTER_SECONDS
        return sum(began <= before for began in tuple(self._began_at.values())) >= self._at_once

    def _visit_desk(self) -> None:
        with self._turn:
            ended, self._ended = self._ended, []
            kept, back = deque[Leaving](), list[Leaving]()
            for leaving in self._supply:
                (kept if self._may_leave(leaving) else back).append(leaving)
            self._supply, self._may_be_more = kept, self._may_be_more or bool(back)
            urgent_alone = self._all_hang()
            looks = not self._stopping and self._is_low() and (self._may_be_more or urgent_alone)
            most = self._together - len(kept)
        try:
            if back:
                give_back(self._deps, back)
            if looks:
                self._claim(most, urgent_alone=urgent_alone)
        finally:
            settle(self._deps, ended)

    def _claim(self, most: int, *, urgent_alone: bool) -> None:
        claimed = claim_together(self._deps, most, waiting(self._deps, urgent_alone=urgent_alone))
        with self._turn:
            if not urgent_alone:
                self._may_be_more = claimed.found == most and claimed.dealt_with > 0
                self._together = TOGETHER if self._may_be_more else self._at_once
            # What came to wait meanwhile may be more urgent than what was claimed before.
            by_urgency = sorted((*self._supply, *claimed.leaving), key=lambda leaving: leaving.urgency)
            self._supply = deque(by_urgency)
            self._call_in(len(by_urgency) - 1)
