"""Many callbacks are one text in the morning, and none where nobody waits."""

from __future__ import annotations

import pytest
from builders import a_patient
from escalation_room import NADIA, NOOR, Room

from service.core.words import Disposition
from service.store.database import Store
from service.workflows.digest import send_digest


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
