"""A call that Twilio will not place, or could not connect: given up before a person, tried later, or stopped for all."""

from __future__ import annotations

import pytest
from builders import a_patient, an_infusion
from main_path import Clinic, live
from phone import calls_to, ringing

from service.carrier.gateway import Refused
from service.carrier.inbound import CallReport
from service.carrier.outcome import refusal
from service.core.words import Channel, Disposition
from service.store import check_ins, ways_out
from service.store.check_ins import CheckInState
from service.store.database import Store
from service.workflows.calls.reports import apply_call_report

DORA = "+12025550131"


@pytest.fixture
def clinic(store: Store) -> Clinic:
    """A clinic that is about to call Dora, four hours after her infusion."""
    clinic = Clinic(store)
    an_infusion(clinic.deps, a_patient(clinic.deps, name="Dora Example", phone=DORA, channel="voice"))
    clinic.tick()
    return clinic


def refuse(clinic: Clinic, code: int) -> None:
    kind, reason = refusal(code)
    clinic.carrier.outcomes.append(Refused(code, kind, f"{reason[0].upper()}{reason[1:]}."))
    clinic.move(hours=4, minutes=1)


def check_in(clinic: Clinic) -> tuple[str, str]:
    with clinic.store.reading() as session:
        row = check_ins.check_ins_of(session, 2)[0]
        return row.state, row.why


def told(clinic: Clinic) -> list[tuple[str, str]]:
    return [(one.disposition, one.reason) for one in live(clinic)]


@pytest.mark.parametrize("code", [13224, 21214, 21216, 21217])
def test_a_number_that_can_never_be_called_goes_to_staff_at_once(clinic: Clinic, code: int) -> None:
    refuse(clinic, code)

    reason = refusal(code)[1]
    assert told(clinic) == [
        (
            Disposition.CALLBACK,
            f"A check-in never reached the patient: {reason[0].upper()}{reason[1:]}.",
        )
    ]
    assert check_in(clinic) == (CheckInState.MISSED, "Its call never reached the patient.")
    clinic.move(hours=3)
    assert len(calls_to(clinic, DORA)) == 1


def test_an_account_with_too_many_calls_at_once_tries_again_by_itself(clinic: Clinic) -> None:
    refuse(clinic, 10004)
    assert (len(calls_to(clinic, DORA)), told(clinic)) == (1, [])

    clinic.move(minutes=1)

    assert (len(calls_to(clinic, DORA)), told(clinic)) == (2, [])
    assert check_in(clinic)[0] == CheckInState.SENT


def test_a_number_of_ours_that_may_not_call_stops_calls_and_lets_texts_go_on(clinic: Clinic) -> None:
    refuse(clinic, 21210)

    with clinic.store.reading() as session:
        stopped = [(way.channel, way.stopped_by) for way in ways_out.stopped(session)]
    assert stopped == [
        (Channel.VOICE, "Our own number is not the account's, so that it can't call."),
    ]
    clinic.infusion()
    clinic.move(hours=4, minutes=1)
    assert len(clinic.texts_to("+12025550121")) == 2, "the welcome and the check-in"


def test_a_call_that_the_network_could_not_connect_says_why(clinic: Clinic) -> None:
    clinic.move(hours=4, minutes=1)
    phone = ringing(clinic, DORA)

    apply_call_report(clinic.deps, CallReport(phone.sid, "failed", phone.reference, error_code=404))

    assert told(clinic) == [
        (Disposition.CALLBACK, "A check-in never reached the patient: no phone has this number.")
    ]
