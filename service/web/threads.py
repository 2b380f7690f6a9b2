"""Two ways in which the threads of a process share work: done together by whoever comes first, or beside them by another."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Together(Generic[Item]):
    """Work on one item that costs little more on many: what comes while some are worked on is worked on together next.

    A failure with several is found out one by one, so that it meets only who brought it; one that is `nobodys` meets
    all of them at once, who would only wait for it one after another.
    """

    def __init__(
        self, work: Callable[[Sequence[Item]], object], *, nobodys: tuple[type[Exception], ...] = ()
    ) -> None:
        self._work = work
        self._nobodys = nobodys
        self._waiting: deque[tuple[Item, Future[None]]] = deque()
        self._turn = threading.Lock()

    @property
    def waiting(self) -> int:
        """Return how many wait for their turn."""
        return len(self._waiting)

    def __call__(self, item: Item) -> None:
        """Return when the item is worked on; raise what the work on it raises."""
        done: Future[None] = Future()
        self._waiting.append((item, done))
        with self._turn:
            if not done.done():
                self._work_on([self._waiting.popleft() for _ in range(len(self._waiting))])
        done.result()

    def _work_on(self, waiting: Sequence[tuple[Item, Future[None]]]) -> None:
        try:
            self._work([item for item, _ in waiting])
        except BaseException as error:  # noqa: BLE001 -- raised again, in the thread of whoever brought the item
            if len(waiting) > 1 and isinstance(error, Exception) and not isinstance(error, self._nobodys):
                for one in waiting:
                    self._work_on([one])
                return
            for _, done in waiting:
                done.set_exception(error)
        else:
            for _, done in waiting:
                done.set_result(None)


class Beside:
    """Work that is done in a thread of its own soon after it was asked for; asked for often, it is done once for all.

    It waits `linger` seconds for others to ask too. A process that ends does first what was asked for until then.
    """

    def __init__(self, name: str, work: Callable[[], None], *, linger: float = 0.0) -> None:
        self._work = work
        self._linger = linger
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=name)
        # Held from when the work is asked for until it begins: who asks after that asks for another turn.
        self._is_asked_for = threading.Lock()

    def __call__(self) -> None:
        """Ask for the work; return at once."""
        if not self._is_asked_for.acquire(blocking=False):
            return
        try:
            self._thread.submit(self._take_turn)
        except RuntimeError:
            # The process ends, and its threads take nothing new: others do the work.
            self._is_asked_for.release()

    def _take_turn(self) -> None:
        time.sleep(self._linger)
        self._is_asked_for.release()
        self._work()
