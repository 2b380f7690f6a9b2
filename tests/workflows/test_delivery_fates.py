"""What becomes of what left: asked after where no callback came, brought to a person where it will never arrive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from main_path import ANA, Clinic, live
from outgoing import deliver, promise, report

from service.carrier.gateway import LoggedText, UnableToAsk, Unknown
from service.carrier.memory import MemoryCarrier
from service.core.words import Disposition, Urgency
from service.store import check_ins, outbox
from service.store.check_ins import CheckIn, CheckInState
from service.store.outbox import OutboxMessage, OutboxState
from service.workflows.ask_after import ask_after_next
from service.workflows.settle_unknown import settle_next

BROKEN = Unknown("The connection broke.")


class MuteCarrier(MemoryCarrier):
    """Sends, and can't be asked anything."""

    def text_named(self, sid: str) -> LoggedText:
        raise UnableToAsk("Twilio does not answer.")

    def texts_to(self, recipient: str, since: datetime) -> Iterator[LoggedText]:
        raise UnableToAsk("Twilio does not answer.")


@pytest.fixture
def asked(clinic: Clinic) -> Clinic:
    """The clinic whose first check-in to Ana was handed to Twilio just now, by a protocol that calls nobody."""
    clinic.ask()
    with clinic.store.transaction() as session:
        session.get_one(CheckIn, the_check_in(clinic).id).call_at = None
    return clinic


def the_check_in(clinic: Clinic) -> CheckIn:
    with clinic.store.reading() as session:
        return check_ins.check_ins_of(session, clinic.ana)[0]


def its_text(clinic: Clinic) -> OutboxMessage:
    """Return the text that asks the first check-in."""
    with clinic.store.reading() as session:
        key = f"check-in:{the_check_in(clinic).id}"
        return next(text for text in outbox.messages_to(session, clinic.ana) if text.key == key)


def twilio_says(clinic: Clinic, status: str, code: int | None = None) -> None:
    """Let Twilio's log tell this of the last text that left."""
    clinic.carrier._log[-1] = replace(clinic.carrier._log[-1], status=status, error_code=code)


def ask_after(clinic: Clinic) -> None:
    while ask_after_next(clinic.deps):
        pass


def settle(clinic: Clinic) -> None:
    while settle_next(clinic.deps):
        pass


def unreachable(clinic: Clinic) -> None:
    """Let Twilio answer no question from now on."""
    clinic.deps = replace(clinic.deps, carrier=MuteCarrier(clinic.clock))


def test_a_text_of_which_nobody_told_the_end_is_asked_after_and_delivered(asked: Clinic) -> None:
    twilio_says(asked, "delivered")
    asked.clock.move(minutes=90)
    ask_after(asked)
    too_early = its_text(asked).state
    asked.clock.move(minutes=31)
    ask_after(asked)

    settled = its_text(asked)
    assert too_early == OutboxState.ACCEPTED
    assert (settled.state, settled.look_at) == (OutboxState.DELIVERED, None)


def test_a_text_found_undelivered_by_asking_goes_to_a_person_like_any_other(asked: Clinic) -> None:
    twilio_says(asked, "undelivered", 30006)
    asked.clock.move(hours=2, minutes=1)

    ask_after(asked)

    assert [escalation.reason for escalation in live(asked)] == [
        "A check-in never reached the patient: The number is a landline, or its carrier can't be reached."
    ]


def test_a_text_that_stays_sent_is_asked_after_again_and_given_up_after_two_days(asked: Clinic) -> None:
    twilio_says(asked, "sent")
    looks = []
    for _ in range(10):
        asked.clock.move(hours=6)
        ask_after(asked)
        looks.append(its_text(asked).look_at is not None)

    assert its_text(asked).state == OutboxState.SENT
    assert looks == [True] * 7 + [False] * 3


def test_a_twilio_that_answers_no_question_is_asked_again_soon(asked: Clinic) -> None:
    asked.clock.move(hours=2, minutes=1)
    unreachable(asked)

    # The welcome and the check-in.
    went_on = [ask_after_next(asked.deps), ask_after_next(asked.deps)]

    assert went_on == [False, False], "in one turn, the second would wait as long again"
    assert its_text(asked).look_at == asked.clock() + timedelta(minutes=5)


@pytest.mark.parametrize("code", [30005, 30006, 30007, 21614])
def test_a_check_in_that_can_never_arrive_is_missed_by_us_and_put_before_a_person(
    asked: Clinic, code: int
) -> None:
    report(asked, its_text(asked).reference, "undelivered", code)

    check_in = the_check_in(asked)
    assert (check_in.state, check_in.why) == (CheckInState.MISSED, "Its text never reached the patient.")
    assert (check_in.nudge_at, check_in.call_at) == (None, None)
    assert [escalation.disposition for escalation in live(asked)] == [Disposition.CALLBACK]


def test_a_phone_that_was_off_gets_the_reminder_and_a_person_knows(asked: Clinic) -> None:
    report(asked, its_text(asked).reference, "undelivered", 30003)
    state = the_check_in(asked).state
    sent_before = len(asked.texts_to(ANA))
    asked.move(hours=2, minutes=1)

    assert (state, len(live(asked))) == (CheckInState.SENT, 1)
    assert len(asked.texts_to(ANA)) == sent_before + 1


@pytest.mark.parametrize("code", [30003, 30005, 30006])
def test_a_check_in_that_may_be_called_is_called_at_once_instead(asked: Clinic, code: int) -> None:
    with asked.store.transaction() as session:
        session.get_one(CheckIn, the_check_in(asked).id).call_at = asked.clock() + timedelta(hours=3)

    report(asked, its_text(asked).reference, "undelivered", code)

    check_in = the_check_in(asked)
    assert (check_in.state, check_in.call_at) == (CheckInState.SENT, asked.clock())
    assert live(asked) == []


def test_who_has_opted_out_is_not_called_instead_and_a_person_knows(clinic: Clinic) -> None:
    clinic.ask()

    report(clinic, its_text(clinic).reference, "undelivered", 21610)

    check_in = the_check_in(clinic)
    assert (check_in.state, check_in.call_at) == (CheckInState.MISSED, None)
    assert [escalation.disposition for escalation in live(clinic)] == [Disposition.CALLBACK]


def test_a_lost_text_reported_twice_is_told_to_staff_once(asked: Clinic) -> None:
    reference = its_text(asked).reference
    for _ in range(2):
        report(asked, reference, "undelivered", 30005)
        report(asked, reference, "failed", 30005)
    report(asked, reference, "failed")

    (escalation,) = live(asked)
    assert its_text(asked).error_code == 30005, "a report without a code takes none away"
    assert escalation.reason == "A check-in never reached the patient: No such phone is known."


def test_a_callback_that_comes_before_the_answer_to_our_request_settles_the_send(clinic: Clinic) -> None:
    clinic.tick()
    promise(clinic, "c1", urgency=Urgency.CHECK_IN)
    clinic.carrier.outcomes.append(BROKEN)
    deliver(clinic)
    report(clinic, "c1", "sent")
    clinic.clock.move(minutes=5)

    settle(clinic)
    clinic.clock.move(minutes=1)

    assert deliver(clinic) == [], "the callback carried our own reference: it is known to have left"


def test_a_send_that_twilio_logged_for_another_purpose_is_not_taken_for_this_one(clinic: Clinic) -> None:
    clinic.tick()
    promise(clinic, "same", urgency=Urgency.CHECK_IN)
    deliver(clinic)
    with clinic.store.transaction() as session:
        outbox.enqueue(
            session,
            key="again",
            reference="again",
            urgency=Urgency.CHECK_IN,
            channel="sms",
            recipient=clinic.carrier.texts[-1].recipient,
            body="same",
            now=clinic.clock(),
        )
    clinic.carrier.outcomes.append(BROKEN)
    deliver(clinic)
    clinic.clock.move(seconds=16)

    settle(clinic)
    clinic.clock.move(seconds=3)

    assert deliver(clinic) == ["same"], "the first is adopted by its own row alone"


def test_nothing_is_sent_again_while_twilio_can_not_say_whether_it_has_it(clinic: Clinic) -> None:
    clinic.tick()
    promise(clinic, "c1", urgency=Urgency.CHECK_IN)
    clinic.carrier.outcomes.append(BROKEN)
    deliver(clinic)
    unreachable(clinic)
    left = []
    for _ in range(5):
        clinic.clock.move(minutes=10)
        settle(clinic)
        left += deliver(clinic)

    assert left == []


def test_an_unknown_outcome_ends_in_staff_s_hands_once_where_twilio_stays_mute(clinic: Clinic) -> None:
    clinic.infusion()
    clinic.tick()
    clinic.carrier.outcomes.append(BROKEN)
    clinic.move(hours=4)
    unreachable(clinic)
    for _ in range(8):
        clinic.clock.move(minutes=10)
        settle(clinic)

    (escalation,) = live(clinic)
    assert escalation.reason == (
        "A check-in never reached the patient: Twilio has not been able to say for an hour whether it was sent."
    )
    with clinic.store.reading() as session:
        text = outbox.messages_to(session, clinic.ana)[-1]
        assert (text.state, text.settled_at) == (OutboxState.UNKNOWN, clinic.clock() - timedelta(minutes=20))


def test_what_staff_were_told_of_is_not_sent_hours_later_when_twilio_answers_again(clinic: Clinic) -> None:
    clinic.infusion()
    clinic.tick()
    clinic.carrier.outcomes.append(BROKEN)
    clinic.move(hours=4)
    answering = clinic.deps
    unreachable(clinic)
    clinic.clock.move(minutes=61)
    settle(clinic)
    clinic.deps = answering
    clinic.clock.move(minutes=5)

    settle(clinic)

    assert deliver(clinic) == []
    with clinic.store.reading() as session:
        text = outbox.messages_to(session, clinic.ana)[-1]
        assert text.state == OutboxState.FAILED
