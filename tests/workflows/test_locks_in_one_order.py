"""Whoever acts for a patient holds the patient first: on PostgreSQL a reading and a tick never wait for each other."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from main_path import SEVERE, Clinic, live

from service.store import check_ins, conversations, escalations, patients
from service.store.check_ins import CheckInState
from service.store.database import Store, open_store
from service.store.escalations import EscalationState
from service.store.keyring import Keyring
from service.workflows.calls.call_silent import call_next
from service.workflows.climb_escalations import climb_next
from service.workflows.deps import Deps
from service.workflows.follow_protocols import follow_next
from service.workflows.send_due_check_ins import nudge_next, send_next, settle_silent_next


@pytest.fixture
def store(postgresql_url: str, keyring: Keyring) -> Iterator[Store]:
    """SQLite has one writer at a time, and no such question."""
    opened = open_store(postgresql_url, keyring)
    yield opened
    opened.close()


def beside(work: object, deps: Deps) -> bool:
    """Return what a tick returns that another process runs meanwhile; it must not wait."""
    done: list[bool] = []
    thread = threading.Thread(target=lambda: done.append(work(deps)))  # type: ignore[operator]  # a tick
    thread.start()
    thread.join(timeout=10)
    assert done != [], "the tick waits for the reading"
    return done[0]


@pytest.mark.parametrize("tick", [settle_silent_next, nudge_next, call_next, send_next, follow_next])
def test_a_tick_passes_over_a_patient_whose_reply_is_being_read(clinic: Clinic, tick: object) -> None:
    clinic.ask()
    with clinic.store.transaction() as session:
        row = check_ins.check_ins_of(session, clinic.ana)[0]
        row.call_at = clinic.clock()
        patients.hold(session, clinic.ana).planned_with = ""
    clinic.clock.move(hours=20)

    with clinic.store.transaction() as session:
        patients.hold(session, clinic.ana)
        assert conversations.latest_conversation(session, clinic.ana) is not None

        worked = beside(tick, clinic.deps)

        held = check_ins.hold(session, row.id)
        check_ins.note_answered(held, clinic.clock())

    assert (worked, held.state) == (False, CheckInState.ANSWERED)


def test_a_tick_passes_over_what_another_process_is_working_on(clinic: Clinic) -> None:
    clinic.hears(SEVERE)
    clinic.hears("I can't breathe", sender="+12025550177")
    clinic.clock.move(hours=1)

    with clinic.store.transaction() as session:
        held = escalations.claim_due(session, EscalationState.OPEN, clinic.clock())
        worked = beside(climb_next, clinic.deps), beside(climb_next, clinic.deps)

    assert held is not None
    assert worked == (True, False)
    assert [one.climbs for one in live(clinic) if one.id != held.id] == [2]


def test_what_was_answered_while_a_tick_looked_is_not_settled_again(clinic: Clinic) -> None:
    clinic.ask()
    clinic.clock.move(hours=20)
    clinic.hears("none, feeling good")

    assert not settle_silent_next(clinic.deps)
