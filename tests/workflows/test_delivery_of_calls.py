"""Calls to one phone, and the same words by text, leave one after the other while one is under way or unknown."""

from __future__ import annotations

from datetime import timedelta

from builders import CLINIC_NUMBER
from main_path import Clinic
from outgoing import BEN, deliver, promise

from service.carrier.gateway import Accepted, LoggedCall, Unknown
from service.core.words import Channel, Urgency
from service.store import outbox
from service.store.outbox import OutboxState
from service.workflows.settle_unknown import settle_next

BROKEN = Unknown("The connection broke.")


def rung(clinic: Clinic) -> list[str]:
    """Return the references of the calls that were asked of Twilio, in order."""
    return [call.reference for call in clinic.carrier.calls]


def settle(clinic: Clinic) -> None:
    while settle_next(clinic.deps):
        pass


def test_a_second_call_to_a_phone_waits_until_the_first_is_accounted_for(clinic: Clinic) -> None:
    promise(clinic, "first", "second", urgency=Urgency.PAGE, channel=Channel.VOICE)
    clinic.carrier.outcomes = [BROKEN]

    deliver(clinic)
    assert rung(clinic) == ["first"]

    clinic.clock.move(seconds=16)
    settle(clinic)
    deliver(clinic)
    assert len(rung(clinic)) == 2, "whichever of them rings now, the other waits"

    clinic.clock.move(minutes=1, seconds=1)
    deliver(clinic)
    assert sorted(rung(clinic)) == ["first", "first", "second"]


def test_a_phone_that_rings_is_not_rung_a_second_time_until_that_call_is_over(clinic: Clinic) -> None:
    promise(clinic, "first", "second", urgency=Urgency.PAGE, channel=Channel.VOICE)
    deliver(clinic)
    clinic.clock.move(seconds=20)
    deliver(clinic)
    assert rung(clinic) == ["first"]

    with clinic.store.transaction() as session:
        first = outbox.by_reference(session, "first")
        assert first is not None
        first.state = OutboxState.UNDELIVERED
    clinic.clock.move(seconds=5)
    deliver(clinic)

    assert rung(clinic) == ["first", "second"]


def test_a_call_that_waits_for_another_or_for_its_minute_is_not_late(clinic: Clinic) -> None:
    promise(clinic, "first", "second", urgency=Urgency.PAGE, channel=Channel.VOICE)
    deliver(clinic)
    clinic.clock.move(seconds=40)
    deliver(clinic)

    with clinic.store.reading() as session:
        waits_since = outbox.oldest_waiting(session, Urgency.PAGE)

    assert waits_since is not None
    assert waits_since > clinic.clock()


def test_the_same_words_to_a_phone_wait_until_the_first_are_accounted_for_and_others_do_not(
    clinic: Clinic,
) -> None:
    clinic.tick()
    promise(clinic, "first", "second", urgency=Urgency.ANSWER, words="Thank you.")
    promise(clinic, "third", urgency=Urgency.ANSWER)
    clinic.carrier.outcomes = [BROKEN]

    assert deliver(clinic) == ["Thank you.", "third"]

    clinic.clock.move(seconds=16)
    settle(clinic)
    clinic.clock.move(seconds=3)
    assert deliver(clinic) == ["Thank you.", "Thank you."]
    assert sorted(text.reference for text in clinic.carrier.texts[1:]) == [
        "first",
        "first",
        "second",
        "third",
    ]


def test_it_does_not_wait_longer_than_the_two_could_be_mistaken_for_each_other(clinic: Clinic) -> None:
    promise(clinic, "first", "second", urgency=Urgency.PAGE, channel=Channel.VOICE)
    clinic.carrier.outcomes = [BROKEN, Accepted("CA" + "2" * 32)]

    deliver(clinic)
    clinic.clock.move(minutes=1, seconds=1)
    deliver(clinic)

    assert rung(clinic) == ["first", "second"]


def test_of_several_calls_in_the_log_the_one_nearest_to_the_attempt_is_adopted(clinic: Clinic) -> None:
    promise(clinic, "mine", urgency=Urgency.PAGE, channel=Channel.VOICE)
    clinic.carrier.outcomes = [BROKEN]
    deliver(clinic)
    for sid, ahead in (("CA" + "1" * 32, -timedelta(minutes=1)), ("CA" + "2" * 32, timedelta(seconds=1))):
        at = clinic.clock() + ahead
        logged = LoggedCall(sid, "outbound-api", CLINIC_NUMBER, BEN, "completed", "", 0, at)
        clinic.carrier._log_of_calls.append(logged)

    clinic.clock.move(seconds=16)
    settle(clinic)

    with clinic.store.reading() as session:
        mine = outbox.by_reference(session, "mine")
    assert mine is not None
    assert (mine.state, mine.sid) == (OutboxState.ACCEPTED, "CA" + "2" * 32)
