"""Threads share work: what comes together is done together, and a failure meets only who brought it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from service.web.threads import Beside, Together

PATIENCE_SECONDS = 20.0


class Counting:
    """Work whose first turn lasts until it is let go, and that refuses negative numbers."""

    def __init__(self) -> None:
        self.turns: list[list[int]] = []
        self.began, self.may_end = threading.Event(), threading.Event()

    def __call__(self, items: Sequence[int]) -> None:
        self.turns.append(sorted(items))
        self.began.set()
        assert self.may_end.wait(PATIENCE_SECONDS)
        if min(items) < 0:
            raise ValueError("A negative number.")


def brought_meanwhile(
    work: Counting, *items: int, nobodys: tuple[type[Exception], ...] = ()
) -> list[Future[None]]:
    """Bring zero, and the items while it is worked on; return what became of these."""
    together = Together(work, nobodys=nobodys)
    with ThreadPoolExecutor(1 + len(items)) as pool:
        first = pool.submit(together, 0)
        assert work.began.wait(PATIENCE_SECONDS)
        rest = [pool.submit(together, item) for item in items]
        until(lambda: together.waiting == len(items))
        work.may_end.set()
        first.result()
    return rest


def until(come: Callable[[], bool]) -> None:
    patience = time.monotonic() + PATIENCE_SECONDS
    while not come():
        assert time.monotonic() < patience
        threading.Event().wait(0.001)


def test_what_comes_while_one_is_worked_on_is_worked_on_together_next() -> None:
    work = Counting()

    done = brought_meanwhile(work, 1, 2, 3)

    assert work.turns == [[0], [1, 2, 3]]
    assert [one.exception() for one in done] == [None, None, None]


def test_a_failure_meets_only_who_brought_it() -> None:
    work = Counting()

    done = brought_meanwhile(work, 1, -2, 3)

    assert sorted(work.turns[2:]) == [[-2], [1], [3]]
    assert [type(one.exception()) for one in done] == [type(None), ValueError, type(None)]


def test_a_failure_that_is_nobodys_meets_all_of_them_at_once() -> None:
    work = Counting()

    done = brought_meanwhile(work, 1, -2, 3, nobodys=(ValueError,))

    assert work.turns == [[0], [-2, 1, 3]]
    assert [type(one.exception()) for one in done] == [ValueError] * 3


def test_who_comes_alone_is_served_at_once_and_hears_of_the_failure() -> None:
    work = Counting()
    work.may_end.set()
    together = Together(work)

    together(7)
    with pytest.raises(ValueError, match="negative"):
        together(-7)

    assert work.turns == [[7], [-7]]


def test_a_process_that_ends_takes_no_new_work_and_says_nothing_of_it() -> None:
    beside = Beside("beside", lambda: None)
    vars(beside)["_thread"].shutdown()

    beside()
    beside()


def test_work_beside_is_done_again_for_whoever_asks_once_it_has_begun_and_once_for_all_of_them() -> None:
    turns: list[str] = []
    began, may_end, over = threading.Event(), threading.Event(), threading.Event()

    def work() -> None:
        turns.append(threading.current_thread().name)
        began.set()
        assert may_end.wait(PATIENCE_SECONDS)
        if len(turns) == 2:
            over.set()

    beside = Beside("beside", work)
    beside()
    assert began.wait(PATIENCE_SECONDS)
    for _ in range(3):
        beside()
    may_end.set()

    assert over.wait(PATIENCE_SECONDS)
    assert turns == ["beside_0", "beside_0"]
