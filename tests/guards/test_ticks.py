"""What waits for its moment has a tick of the clock that looks for it, and each tick beats when it has finished."""

from __future__ import annotations

import ast
import threading
from datetime import timedelta
from pathlib import PurePath

import pytest
from builders import deps_for
from source_code import python_files

from service import clock
from service.store import heartbeats
from service.store.database import Store
from service.workflows.deliverers import Deliverers


def test_every_use_case_that_takes_one_due_row_is_a_tick() -> None:
    takers = {
        PurePath(file.name).with_suffix("").as_posix().replace("/", ".")
        for file in python_files("service/workflows")
        for function in file.tree.body
        if isinstance(function, ast.FunctionDef) and _takes_one_due_row(function)
    }

    assert len(takers) > 9
    assert takers - {work.__module__ for work in clock.ROW_TICKS.values()} == set()


def _takes_one_due_row(function: ast.FunctionDef) -> bool:
    first = [ast.unparse(argument.annotation) for argument in function.args.args[:1] if argument.annotation]
    return function.name.endswith("_next") and not function.name.startswith("_") and first == ["Deps"]


@pytest.mark.parametrize("due", [0, 3, clock.MOST_IN_A_TURN + 1])
def test_a_tick_beats_when_it_has_finished_and_lets_the_others_have_their_turn(
    store: Store, monkeypatch: pytest.MonkeyPatch, due: int
) -> None:
    deps, left = deps_for(store), iter(range(due))
    monkeypatch.setattr(clock, "ROW_TICKS", {"count": lambda _: next(left, None) is not None})

    done = clock.run_tick(deps, "count", threading.Event())

    with store.reading() as session:
        assert heartbeats.beats(session) == {"count": deps.now()}
    assert done == min(due, clock.MOST_IN_A_TURN)


def test_a_tick_leaves_off_between_two_rows_once_its_process_is_to_stop(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    stopping = threading.Event()

    def stop_at_the_second(_: object) -> bool:
        rows.append("a row")
        if len(rows) == 2:
            stopping.set()
        return True

    rows: list[str] = []
    monkeypatch.setattr(clock, "ROW_TICKS", {"work": stop_at_the_second})

    assert clock.run_tick(deps_for(store), "work", stopping) == 2


def test_a_tick_that_throws_beats_not_and_its_next_look_still_comes(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    deps, looks = deps_for(store), iter((ValueError("a fault"), True, False))

    def look(_: object) -> bool:
        found = next(looks)
        if isinstance(found, ValueError):
            raise found
        return bool(found)

    monkeypatch.setattr(clock, "ROW_TICKS", {"look": look})
    scheduler = clock.scheduler_for(deps, Deliverers(deps, 1), 5.0, threading.Event())
    (tick,) = (job.func for job in scheduler.get_jobs() if job.id == "look")
    beats = []
    for _ in range(2):
        tick()
        with store.reading() as session:
            beats.append(set(heartbeats.beats(session)))

    assert beats == [set(), {"look"}]
    assert {job.id: job.trigger.interval for job in scheduler.get_jobs()} == {
        "look": timedelta(seconds=5),
        "catch up": timedelta(minutes=2),
    }
