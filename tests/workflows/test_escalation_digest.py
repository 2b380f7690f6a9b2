"""Many callbacks are one text in the morning, and none where nobody waits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import MORNING, STRANGER, a_patient
from escalation_room import NADIA, NOOR, Room

from service.core.words import Disposition
from service.store import heartbeats
from service.store.database import Store
from service.workflows.digest import send_digest
from service.workflows.watchdog import look, note_outage_at_start


@pytest.fixture
def room(store: Store) -> Room:
    """A clinic with three tiers, on a Tuesday at ten; the test runs once on each engine."""
    return Room(store)


def test_ten_callbacks_are_one_text_at_opening_and_no_second_one(room: Room) -> None:
    room.move(hours=8)
    for number in range(10):
        patient = a_patient(room.deps, name="P", phone=f"+1202555{7000 + number}")
        room.escalate(Disposition.CALLBACK, patient_id=patient)
    evening = send_digest(room.deps)
    room.move(hours=15, minutes=30)

    sent = [send_digest(room.deps), send_digest(room.deps)]
    room.tick()

    assert not evening
    assert sent == [True, False]
    assert room.texts_to(NADIA) == ["Dripline: 10 patients to call today. See your worklist."]
    assert room.texts_to(NOOR) == []


def test_a_morning_on_which_nobody_waits_is_silent(room: Room) -> None:
    room.move(hours=23, minutes=30)

    assert not send_digest(room.deps)
    assert room.texts_to(NADIA) == []


def test_unknown_numbers_and_a_check_in_without_an_answer_are_counted_too(room: Room) -> None:
    room.ask()
    room.move(hours=30)
    room.hears("who is this?", sender=STRANGER)
    room.clock.instant = MORNING + timedelta(days=2, minutes=-30)
    room.tick()

    assert send_digest(room.deps)
    room.tick()

    assert room.texts_to(NADIA)[-1] == (
        "Dripline: 0 patients to call today. 1 unknown number wrote. 1 check-in has no answer. "
        "See your worklist."
    )


def test_a_clock_that_stood_still_at_night_is_told_in_the_morning(room: Room) -> None:
    room.move(hours=16)
    beat(room)
    room.clock.move(hours=3)
    look(room.deps, look(room.deps, None))
    beat(room)
    look(room.deps, None)
    room.move(hours=4, minutes=30)

    assert send_digest(room.deps)
    room.tick()

    assert room.texts_to(NADIA)[-1] == (
        "Dripline: 0 patients to call today. "
        "The clock stood still from Wed, Mar 11 2:00 AM to Wed, Mar 11 5:00 AM. See your worklist."
    )


def test_a_night_in_which_the_web_stood_still_too_is_noted_when_the_clock_starts(room: Room) -> None:
    room.move(hours=16)
    beat(room)
    room.clock.move(hours=3)
    note_outage_at_start(room.deps)
    beat(room)
    look(room.deps, None)
    room.move(hours=4, minutes=30)

    assert send_digest(room.deps)
    room.tick()

    assert "from Wed, Mar 11 2:00 AM to Wed, Mar 11 5:00 AM" in room.texts_to(NADIA)[-1]


def test_emergencies_are_never_one_text(room: Room) -> None:
    codes = [
        room.escalate(
            Disposition.EMERGENCY, patient_id=a_patient(room.deps, name="P", phone=f"+120255501{number}")
        ).code
        for number in range(60, 63)
    ]

    told = [text for text in room.texts_to(NADIA) if "emergency" in text.lower()]
    assert len(told) == 3
    assert [code in text for code, text in zip(codes, told, strict=True)] == [True, True, True]


def beat(room: Room) -> None:
    with room.store.transaction() as session:
        heartbeats.beat(session, "read the inbox", room.clock())
