"""The way of a message that leaves: sent once, its fate followed, what Twilio holds fetched, and nobody texted at night."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from builders import a_patient, an_infusion
from main_path import ANA, SEVERE, Clinic, live

from service.carrier.gateway import LoggedText, Refused, Unknown
from service.carrier.inbound import CallReport, StatusReport
from service.carrier.outcome import Refusal
from service.core.words import Disposition
from service.store import check_ins, outbox
from service.store.outbox import OutboxMessage, OutboxState
from service.workflows.apply_status import apply_status
from service.workflows.calls.reports import apply_call_report
from service.workflows.catch_up import catch_up
from service.workflows.claim_outbox import pause_before


def test_a_send_of_unknown_outcome_that_twilio_has_is_adopted_and_not_sent_again(clinic: Clinic) -> None:
    clinic.infusion()
    clinic.tick()
    clinic.carrier.outcomes.append(Unknown("The connection broke."))
    clinic.move(hours=4, minutes=1)
    sent = clinic.carrier.texts[-1]
    clinic.carrier._log.append(
        LoggedText(
            sid="SM" + "f" * 32,
            direction="outbound-api",
            sender=clinic.carrier.sender,
            recipient=ANA,
            body=sent.body,
            status="delivered",
            error_code=None,
            created_at=clinic.clock(),
        )
    )

    clinic.move(minutes=3)

    assert len(clinic.texts_to(ANA)) == 2
    with clinic.store.reading() as session:
        message = outbox.by_sid(session, "SM" + "f" * 32)
        assert message is not None
        assert message.state == OutboxState.DELIVERED


def test_a_send_of_unknown_outcome_that_twilio_lacks_is_sent_again_after_a_pause(clinic: Clinic) -> None:
    clinic.infusion()
    clinic.tick()
    clinic.carrier.outcomes.append(Unknown("The connection broke."))
    clinic.move(hours=4, minutes=1)

    clinic.move(minutes=3)
    looked_up = len(clinic.texts_to(ANA))
    clinic.move(seconds=3)

    assert (looked_up, len(clinic.texts_to(ANA))) == (2, 3), (
        "the welcome, the attempt that Twilio never saw, and the one that it took"
    )


def test_a_passing_refusal_is_tried_again_and_after_a_permanent_one_the_patient_is_called(
    clinic: Clinic,
) -> None:
    clinic.infusion()
    clinic.tick()
    clinic.carrier.outcomes.append(Refused(20429, Refusal.PASSING, "Too many requests."))
    clinic.move(hours=4, minutes=1)
    clinic.carrier.outcomes.append(Refused(21614, Refusal.PERMANENT, "The number can't receive texts."))

    clinic.move(seconds=30)

    assert [call.recipient for call in clinic.carrier.calls] == [ANA]
    assert live(clinic) == []


def test_a_page_that_arrived_neither_as_text_nor_as_call_lets_the_ladder_climb_at_once(
    clinic: Clinic,
) -> None:
    clinic.ask()
    clinic.hears(SEVERE)
    with clinic.store.reading() as session:
        text, call = outbox.pages_of(session, live(clinic)[0].id)

    apply_status(clinic.deps, StatusReport(text.sid or "", "undelivered", 30003, text.reference))
    clinic.tick()
    apply_call_report(clinic.deps, CallReport("CA" + "7" * 32, "busy", call.reference))
    clinic.tick()

    assert len(clinic.texts_to("+12025550112")) == 1


def test_a_status_never_moves_backwards(clinic: Clinic) -> None:
    with clinic.store.reading() as session:
        (welcome,) = outbox.messages_to(session, clinic.ana)
    clinic.tick()
    report = StatusReport("SM" + "0" * 31 + "1", "delivered", None, welcome.reference)

    apply_status(clinic.deps, report)
    apply_status(clinic.deps, replace(report, status="sent"))
    apply_status(clinic.deps, replace(report, status="undelivered", error_code=30003))

    with clinic.store.reading() as session:
        assert session.get_one(OutboxMessage, welcome.id).state == OutboxState.DELIVERED


def test_what_twilio_took_in_during_an_outage_is_fetched_once(clinic: Clinic) -> None:
    clinic.ask()
    clinic.carrier.received.append(
        LoggedText(
            sid="SM" + "e" * 32,
            direction="inbound",
            sender=ANA,
            recipient=clinic.carrier.sender,
            body=SEVERE,
            status="received",
            error_code=None,
            created_at=clinic.clock(),
        )
    )

    fetched = catch_up(clinic.deps)
    again = catch_up(clinic.deps)
    clinic.tick()

    assert (fetched, again) == (1, 0)
    assert [e.disposition for e in live(clinic)] == [Disposition.URGENT]


def test_nobody_is_texted_at_night_and_the_check_in_comes_in_the_morning(clinic: Clinic) -> None:
    clinic.clock.move(hours=9)  # seven in the evening where the clinic is
    clinic.infusion()

    clinic.move(hours=4, minutes=1)
    at_night = len(clinic.texts_to(ANA))
    clinic.move(hours=9)

    assert at_night == 1
    assert len(clinic.texts_to(ANA)) == 2


def test_a_silent_patient_is_reminded_once_and_then_missed(clinic: Clinic) -> None:
    clinic.ask()

    clinic.move(hours=2, minutes=1)
    reminded = len(clinic.texts_to(ANA))
    clinic.move(hours=1)
    still = len(clinic.texts_to(ANA))
    clinic.move(hours=4)

    assert (reminded, still) == (3, 3)
    with clinic.store.reading() as session:
        assert check_ins.check_ins_of(session, clinic.ana)[0].state == check_ins.CheckInState.MISSED


def test_a_check_in_whose_window_closed_during_an_outage_is_not_sent(clinic: Clinic) -> None:
    clinic.infusion()
    clinic.tick()

    clinic.move(hours=15)

    with clinic.store.reading() as session:
        first = check_ins.check_ins_of(session, clinic.ana)[0]
    assert (first.state, first.sent_at) == (check_ins.CheckInState.MISSED, None)
    assert len(clinic.texts_to(ANA)) == 1


def test_wrong_credentials_stop_the_line_instead_of_burning_every_message(clinic: Clinic) -> None:
    clinic.tick()
    other = a_patient(clinic.deps, name="Ben Example", phone="+12025550124")
    refusal = Refused(20003, Refusal.CONFIGURATION, "Twilio does not accept our credentials.")
    clinic.carrier.outcomes += [refusal, refusal]
    clinic.infusion()
    an_infusion(clinic.deps, other)
    clinic.tick()
    attempts = len(clinic.carrier.texts)

    clinic.tick()
    held = len(clinic.carrier.texts)
    clinic.move(minutes=1, seconds=1)
    clinic.move(minutes=1, seconds=1)

    assert held == attempts
    assert [text.recipient for text in clinic.carrier.texts].count("+12025550124") == 3, (
        "two probes, then it left"
    )
    assert live(clinic) == []


def test_pauses_grow_and_differ_from_message_to_message() -> None:
    pauses = [pause_before(attempts, 1) for attempts in range(1, 12)]

    assert pauses == sorted(pauses)
    assert max(pauses) <= timedelta(minutes=12.5)
    assert len({pause_before(3, message_id) for message_id in range(20)}) == 20
