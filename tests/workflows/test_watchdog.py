"""A clock that stands still is told to the admins by the web processes: once, however many of them notice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from builders import NADIA, a_nurse
from main_path import Clinic

from service.carrier.gateway import Refused
from service.carrier.inbound import StatusReport
from service.carrier.outcome import Refusal
from service.store import heartbeats
from service.store.database import Store
from service.store.staff import Role, Staff
from service.workflows.apply_status import apply_status
from service.workflows.watchdog import look, stopped_since

ADA = "+12025550115"
STOPPED = (
    "Dripline: the clock has stopped. No text, call or page leaves until it runs. "
    "Start it again, and watch the worklist and the phones."
)
RUNS = "Dripline: the clock runs again. What was due goes out now."


@pytest.fixture
def guarded(store: Store) -> Clinic:
    """A clinic with two nurses and an admin, whose clock has just ticked; the test runs once on each engine."""
    clinic = Clinic(store)
    a_nurse(clinic.deps, name="Ada Min", phone=ADA, login="ada", tier=None, role=Role.ADMIN)
    clinic.tick()
    beat(clinic)
    return clinic


def beat(clinic: Clinic) -> None:
    with clinic.store.transaction() as session:
        for tick in ("read the inbox", "deliver the outbox"):
            heartbeats.beat(session, tick, clinic.clock())


def two_looks(clinic: Clinic) -> datetime | None:
    return look(clinic.deps, look(clinic.deps, None))


def test_a_clock_that_stands_still_is_told_to_the_admins_without_it(guarded: Clinic) -> None:
    guarded.clock.move(minutes=3)

    two_looks(guarded)

    assert (guarded.texts_to(ADA), guarded.texts_to(NADIA)) == ([STOPPED], [])


def test_one_late_look_alone_wakes_nobody(guarded: Clinic) -> None:
    guarded.clock.move(minutes=3)
    seen = look(guarded.deps, None)
    beat(guarded)
    look(guarded.deps, seen)

    assert guarded.texts_to(ADA) == []


def test_a_restart_within_two_minutes_is_no_outage(guarded: Clinic) -> None:
    guarded.clock.move(seconds=119)

    assert stopped_since(guarded.deps) is None


def test_a_clock_that_never_ran_is_not_told(store: Store) -> None:
    assert stopped_since(Clinic(store).deps) is None


def test_many_web_processes_tell_of_it_once(guarded: Clinic) -> None:
    guarded.clock.move(minutes=3)
    since = stopped_since(guarded.deps)

    with ThreadPoolExecutor(8) as processes:
        list(processes.map(lambda _: look(guarded.deps, since), range(16)))

    assert guarded.texts_to(ADA) == [STOPPED]


def test_the_admins_are_told_when_it_runs_again(guarded: Clinic) -> None:
    guarded.clock.move(minutes=3)
    two_looks(guarded)
    guarded.clock.move(minutes=10)
    beat(guarded)

    with ThreadPoolExecutor(4) as processes:
        list(processes.map(lambda _: look(guarded.deps, None), range(8)))
    guarded.tick()

    assert guarded.texts_to(ADA) == [STOPPED, RUNS]


def test_the_next_outage_is_told_anew(guarded: Clinic) -> None:
    for _ in range(2):
        guarded.clock.move(minutes=3)
        two_looks(guarded)
        beat(guarded)
        two_looks(guarded)
    guarded.tick()

    assert guarded.texts_to(ADA) == [STOPPED, STOPPED, RUNS, RUNS]


def test_one_tick_that_hangs_is_told_too(guarded: Clinic) -> None:
    guarded.clock.move(minutes=11)
    with guarded.store.transaction() as session:
        heartbeats.beat(session, "read the inbox", guarded.clock())

    two_looks(guarded)

    assert guarded.texts_to(ADA) == [STOPPED]


def test_everybody_is_told_where_there_is_no_admin(guarded: Clinic) -> None:
    with guarded.store.transaction() as session:
        session.get_one(Staff, 3).active = False
    guarded.clock.move(minutes=3)

    two_looks(guarded)

    assert (guarded.texts_to(NADIA), guarded.texts_to("+12025550112")) == ([STOPPED], [STOPPED])


def test_everybody_is_told_where_the_text_to_the_admin_is_refused_or_lost(guarded: Clinic) -> None:
    guarded.carrier.outcomes.append(Refused(21610, Refusal.OPTED_OUT, "They have opted out."))
    guarded.clock.move(minutes=3)

    since = two_looks(guarded)
    look(guarded.deps, since)

    assert guarded.texts_to(NADIA) == [STOPPED]


def test_everybody_is_told_once_the_text_to_the_admin_is_undelivered(guarded: Clinic) -> None:
    guarded.clock.move(minutes=3)
    since = two_looks(guarded)
    sent = guarded.carrier.texts[-1]
    apply_status(
        guarded.deps,
        StatusReport(f"SM{len(guarded.carrier.texts):032x}", "undelivered", 30003, sent.reference),
    )

    look(guarded.deps, since)

    assert (guarded.texts_to(ADA), guarded.texts_to(NADIA)) == ([STOPPED], [STOPPED])


def test_what_twilio_could_not_take_is_tried_again_while_the_clock_stands_still(guarded: Clinic) -> None:
    guarded.carrier.outcomes.append(Refused(20429, Refusal.PASSING, "Too many requests."))
    guarded.clock.move(minutes=3)
    since = two_looks(guarded)
    guarded.clock.move(minutes=1)

    look(guarded.deps, since)

    assert guarded.texts_to(ADA) == [STOPPED, STOPPED], "the first was refused"
