"""A patient who answers no text is called where the protocol says so, and the call asks what the text had asked."""

from __future__ import annotations

from main_path import ANA, Clinic, live
from phone import calls_to, picked_up, ringing

from service.carrier.inbound import CallReport
from service.store import check_ins
from service.store.check_ins import CheckInState
from service.workflows.calls.reports import apply_call_report


def state_of_the_first(clinic: Clinic) -> str:
    with clinic.store.reading() as session:
        return check_ins.check_ins_of(session, clinic.ana)[0].state


def test_a_silent_patient_is_reminded_by_text_and_then_called_and_the_call_settles_the_check_in(
    clinic: Clinic,
) -> None:
    clinic.ask()
    clinic.move(hours=2, minutes=1)
    reminded = (len(clinic.texts_to(ANA)), len(calls_to(clinic, ANA)))
    clinic.move(hours=1)

    phone = picked_up(clinic, ANA)
    phone.press("1").press("0")

    assert reminded == (3, 0)
    assert phone.said[0].startswith("Thank you")
    assert state_of_the_first(clinic) == CheckInState.ANSWERED
    assert live(clinic) == []


def test_who_answers_the_reminder_is_not_called(clinic: Clinic) -> None:
    clinic.ask()
    clinic.move(hours=2, minutes=1)
    clinic.hears("none, all good")

    clinic.move(hours=2)

    assert calls_to(clinic, ANA) == []


def test_a_call_that_fails_after_the_patient_has_answered_by_text_brings_nobody(clinic: Clinic) -> None:
    clinic.ask()
    clinic.move(hours=3, minutes=2)
    phone = ringing(clinic, ANA)
    clinic.hears("none, all good")

    apply_call_report(clinic.deps, CallReport(phone.sid, "failed", phone.reference))

    assert live(clinic) == []
