"""A call that breaks off at any step, with its end never reported: nothing waits for ever, and nothing said is lost."""

from __future__ import annotations

import pytest
from builders import a_patient, an_infusion
from main_path import Clinic, live
from phone import Phone, picked_up, ringing

from service.core.words import Disposition
from service.store import calls, check_ins, inbox, outbox
from service.store.check_ins import CheckInState
from service.store.database import Store
from service.store.outbox import OutboxState

DORA = "+12025550131"
STEPS = ("1", "I have a headache", "5#", "2")


@pytest.fixture
def clinic(store: Store) -> Clinic:
    """A clinic that has just called Dora, four hours after her infusion."""
    clinic = Clinic(store)
    an_infusion(clinic.deps, a_patient(clinic.deps, name="Dora Example", phone=DORA, channel="voice"))
    clinic.move(hours=4, minutes=1)
    return clinic


def take(phone: Phone, step: str) -> None:
    if step[0].isdigit():
        phone.press(step.rstrip("#"))
    else:
        phone.say(step)


@pytest.mark.parametrize("heard", range(len(STEPS)))
def test_a_call_cut_off_after_any_step_is_settled_by_the_clock(clinic: Clinic, heard: int) -> None:
    phone = picked_up(clinic, DORA)
    for step in STEPS[:heard]:
        take(phone, step)
    clinic.carrier.end_call(phone.sid, "completed")

    clinic.move(minutes=3)
    with clinic.store.reading() as session:
        call = calls.calls_with(session, 2)[0]
        said = [message.body for message in inbox.messages_from(session, 2)]
    assert (call.status, call.look_at) == ("completed", None)
    assert said == ["I have a headache", "5"][: max(heard - 1, 0)]

    for _ in range(3):
        if ringing(clinic, DORA).reference != phone.reference:
            clinic.carrier.end_call(ringing(clinic, DORA).sid, "no-answer")
        clinic.move(hours=3)
    with clinic.store.reading() as session:
        row = check_ins.check_ins_of(session, 2)[0]
        waiting = [one for one in outbox.messages_to(session, 2) if one.state == OutboxState.QUEUED]
    assert (row.state, waiting) == (CheckInState.MISSED, [])
    unanswered = [Disposition.CALLBACK] if heard >= 2 else []
    assert [one.disposition for one in live(clinic)] == unanswered
