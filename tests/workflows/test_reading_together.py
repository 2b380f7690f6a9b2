"""Replies that come together are read together, with the same outcome as one by one; what can't be read harms no other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from builders import a_patient, an_infusion
from main_path import ANA, NADIA, SEVERE, Clinic, live
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from service.store import conversations, database, escalations, patients
from service.store.calls import CallPurpose, held_call, promise_call
from service.store.check_ins import check_ins_of
from service.store.database import Session, Store, open_store
from service.store.inbox import InboxMessage, InboxState
from service.store.keyring import Keyring
from service.store.readings import Reading
from service.workflows import read_inbox
from service.workflows.read_inbox import read_next, read_together

REPLIES = (
    "none, feeling good",
    "bad headache",
    "STOP",
    SEVERE,
    "who is this?",
    "mi cabeza me duele mucho",
    "7",
    "please call me",
)


@pytest.fixture
def on_postgresql(postgresql_url: str, keyring: Keyring, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clinic]:
    """The clinic on PostgreSQL alone, where several act at once; a lock is waited for a moment only."""
    monkeypatch.setattr(database, "_POSTGRESQL_OPTIONS", "-c timezone=UTC -c lock_timeout=200ms")
    opened = open_store(postgresql_url, keyring)
    yield Clinic(opened)
    opened.close()


def phone(number: int) -> str:
    return f"+120255501{30 + number}"


def asked(clinic: Clinic, count: int) -> list[int]:
    """Enrol so many patients and ask each how they are; return their ids."""
    ids = [a_patient(clinic.deps, name=f"Patient {number}", phone=phone(number)) for number in range(count)]
    for patient_id in ids:
        an_infusion(clinic.deps, patient_id)
    clinic.tick()
    clinic.move(hours=4, minutes=1)
    return ids


def states(store: Store) -> list[str]:
    with store.reading() as session:
        found = session.query(InboxMessage).order_by(InboxMessage.id)
        return [message.state for message in found]


def outcome(clinic: Clinic, patient_id: int, number: int) -> tuple[object, ...]:
    """Return all that a patient's reply has led to."""
    with clinic.store.reading() as session:
        levels = [one.disposition for one in live(clinic) if one.patient_id == patient_id]
        rows = [(row.step, row.state, row.missed_at) for row in check_ins_of(session, patient_id)]
        (talk,) = conversations.conversations_of(session, patient_id)
        opted_out = session.get_one(patients.Patient, patient_id).opted_out_at
        return (
            levels,
            rows,
            conversations.talk_of(talk),
            talk.answer_by,
            opted_out,
            clinic.texts_to(phone(number)),
        )


def test_replies_read_together_come_to_the_same_as_one_by_one(clinic: Clinic) -> None:
    ids = asked(clinic, 2 * len(REPLIES))
    for number, reply in enumerate(REPLIES):
        clinic.receive(reply, sender=phone(number))
    assert read_together(clinic.deps) == len(REPLIES)
    for number, reply in enumerate(REPLIES, start=len(REPLIES)):
        clinic.receive(reply, sender=phone(number))
        assert read_next(clinic.deps)
    clinic.tick()

    outcomes = [outcome(clinic, patient_id, number) for number, patient_id in enumerate(ids)]

    assert outcomes[: len(REPLIES)] == outcomes[len(REPLIES) :]
    assert len(live(clinic)) >= 6


def test_two_texts_of_one_patient_that_wait_together_are_read_in_turn(clinic: Clinic) -> None:
    asked(clinic, 1)
    clinic.receive("my head", sender=phone(0))
    clinic.receive("hurts, 9 of 10", sender=phone(0))

    assert read_together(clinic.deps) == 2

    assert states(clinic.store) == [InboxState.READ] * 2
    assert [one.disposition for one in live(clinic)] == ["urgent"]


def test_patients_staff_and_strangers_who_write_together_are_all_read(clinic: Clinic) -> None:
    asked(clinic, 2)
    clinic.ask()
    clinic.receive("none", sender=phone(0))
    clinic.receive("ok", sender=NADIA)
    clinic.receive("who is this?", sender="+12025550188")
    clinic.receive("none", sender=phone(1))
    clinic.receive("none", sender=ANA)

    assert read_together(clinic.deps) == 5

    assert states(clinic.store) == [InboxState.READ] * 5


def test_of_replies_read_together_one_that_cannot_be_read_is_before_a_person_and_the_others_are_read(
    clinic: Clinic,
) -> None:
    ids = asked(clinic, 3)
    with clinic.store.transaction() as session:
        (talk,) = conversations.conversations_of(session, ids[1])
        talk.state = {"torn": True}
    for number in range(3):
        clinic.receive("none, feeling good", sender=phone(number))

    assert read_together(clinic.deps) == 3

    assert states(clinic.store) == [InboxState.READ, InboxState.UNREAD, InboxState.READ]
    assert [(one.patient_id, one.disposition) for one in live(clinic)] == [(ids[1], "callback")]


def test_a_patient_whom_another_process_holds_holds_up_nobody_and_is_read_later(
    on_postgresql: Clinic,
) -> None:
    clinic = on_postgresql
    ids = asked(clinic, 2)
    clinic.receive("none, feeling good", sender=phone(0))
    clinic.receive("I can't breathe", sender="+12025550188")
    clinic.receive(SEVERE, sender=phone(1))

    with clinic.store.transaction() as session:
        patients.hold(session, ids[0])
        read_together(clinic.deps)
    assert states(clinic.store) == [InboxState.UNREAD, InboxState.READ, InboxState.READ]

    clinic.move(seconds=20)
    assert states(clinic.store) == [InboxState.READ] * 3
    assert {one.patient_id for one in live(clinic)} == {ids[1], None}


def test_an_escalation_whose_lock_another_process_keeps_holds_up_no_other_reply(
    on_postgresql: Clinic,
) -> None:
    clinic = on_postgresql
    ids = asked(clinic, 2)
    clinic.hears(SEVERE, sender=phone(0))
    clinic.receive(SEVERE, sender=phone(0))
    clinic.receive(SEVERE, sender=phone(1))

    with clinic.store.transaction() as session:
        assert escalations.open_for(session, patient_id=ids[0], sender_hash=None) is not None
        read_together(clinic.deps)
    assert states(clinic.store) == [InboxState.READ, InboxState.UNREAD, InboxState.READ]

    clinic.move(seconds=20)
    assert states(clinic.store) == [InboxState.READ] * 3
    assert [one.disposition for one in live(clinic)] == ["urgent", "urgent"]


def test_an_ok_of_staff_is_read_before_what_came_after_it(clinic: Clinic) -> None:
    ids = asked(clinic, 2)
    clinic.hears(SEVERE, sender=phone(0))
    clinic.clock.move(minutes=1)
    clinic.receive("ok", sender=NADIA)
    clinic.receive(SEVERE, sender=phone(1))

    assert read_together(clinic.deps) == 2

    assert [(one.patient_id, one.state) for one in live(clinic)] == [
        (ids[0], "acknowledged"),
        (ids[1], "open"),
    ]


def test_what_was_spoken_is_read_before_the_text_that_followed_it(clinic: Clinic) -> None:
    asked(clinic, 2)
    spoken, written = (
        clinic.receive(words, sender=phone(0)) for words in ("headache, 9", "none, all good now")
    )
    clinic.receive("none", sender=phone(1))
    with clinic.store.transaction() as session:
        promise_call(
            session,
            reference="rings",
            purpose=CallPurpose.INBOUND,
            number=phone(0),
            language="en",
            now=clinic.clock(),
        )
        session.flush()
        session.get_one(InboxMessage, spoken).call_id = held_call_id(session)

    assert read_together(clinic.deps) == 3

    with clinic.store.reading() as session:
        kept = session.scalars(select(Reading.inbox_id).order_by(Reading.id)).all()
    assert [one for one in kept if one in (spoken, written)] == [spoken, written]


def held_call_id(session: Session) -> int:
    call = held_call(session, "rings")
    assert call is not None
    return call.id


def test_a_connection_that_is_lost_while_replies_are_read_leaves_them_unread_and_calls_nobody(
    on_postgresql: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic = on_postgresql
    asked(clinic, 2)
    for number in range(2):
        clinic.receive("none, feeling good", sender=phone(number))

    def hang_up(session: Session, *_: object) -> None:
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with monkeypatch.context() as patched:
        patched.setattr(read_inbox, "read_patient", hang_up)
        with pytest.raises(DBAPIError):
            read_together(clinic.deps)

    assert (states(clinic.store), live(clinic)) == ([InboxState.UNREAD] * 2, [])
    assert read_together(clinic.deps) == 2
    assert (states(clinic.store), live(clinic)) == ([InboxState.READ] * 2, [])
