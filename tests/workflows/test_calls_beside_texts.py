"""One dialogue through two doors: what is texted during a call, or said after a text, counts, and for its own question."""

from __future__ import annotations

import pytest
from main_path import ANA, Clinic, live
from phone import Phone, calls_to, picked_up, ringing

from service.carrier.gateway import Refused
from service.carrier.outcome import Refusal
from service.core.words import Disposition
from service.store import check_ins, conversations, inbox
from service.store.check_ins import CheckIn, CheckInState
from service.store.readings import readings_by_message


@pytest.fixture
def silent(clinic: Clinic) -> Clinic:
    """A clinic whose Ana answered neither check-in nor reminder, and whose phone rings now."""
    clinic.ask()
    clinic.move(hours=2, minutes=1)
    clinic.move(hours=1)
    assert len(calls_to(clinic, ANA)) == 1
    return clinic


def state(clinic: Clinic) -> str:
    with clinic.store.reading() as session:
        return check_ins.check_ins_of(session, clinic.ana)[0].state


def asked_of(clinic: Clinic) -> list[tuple[str, str]]:
    """Return what Ana said and wrote, each with the question that it was read against."""
    with clinic.store.reading() as session:
        messages = inbox.messages_from(session, clinic.ana)
        readings = readings_by_message(session, [message.id for message in messages])
        return [(message.body, readings[message.id].asked) for message in messages]


def levels(clinic: Clinic) -> list[str]:
    return [one.disposition for one in live(clinic)]


def at_the_question(clinic: Clinic) -> Phone:
    return picked_up(clinic, ANA).press("1")


def test_a_text_before_the_phone_is_picked_up_leaves_nothing_to_ask(silent: Clinic) -> None:
    silent.hears("none, all good")

    phone = picked_up(silent, ANA)

    assert phone.is_over
    assert phone.said[-1].startswith("Thank you. You can call or text us at any time.")
    assert (state(silent), levels(silent)) == (CheckInState.ANSWERED, [])


def test_a_text_during_the_call_settles_it_and_the_call_ends_kindly(silent: Clinic) -> None:
    phone = at_the_question(silent)
    silent.hears("none, all good")

    phone.stay_silent()

    assert phone.said == ["Thank you. You can call or text us at any time. Goodbye."]
    assert (phone.is_over, state(silent), levels(silent)) == (True, CheckInState.ANSWERED, [])


def test_a_concern_pressed_after_a_text_said_none_is_not_lost(silent: Clinic) -> None:
    phone = at_the_question(silent)
    silent.hears("none, all good")

    phone.press("2")

    assert phone.said[0].startswith("How bad is your headache right now?")
    assert asked_of(silent)[-1] == ("I have a headache", "unsolicited")


def test_a_key_is_no_answer_to_a_question_that_only_the_text_was_asked(silent: Clinic) -> None:
    phone = at_the_question(silent).say("my legs are cramping")
    assert phone.said[0].startswith("How bad is")
    silent.hears("6")

    phone.press("2")

    assert phone.said[0].startswith("Do you have any of these with the spasms?")
    phone.press("1")
    assert "call 9 1 1" in " ".join(phone.said)
    assert asked_of(silent) == [
        ("my legs are cramping", "opening"),
        ("6", "severity:spasm"),
        ("yes", "redflag:spasm"),
    ]
    assert levels(silent) in ([Disposition.URGENT], [Disposition.EMERGENCY])


def test_a_text_after_the_call_answers_what_the_call_had_asked(silent: Clinic) -> None:
    phone = at_the_question(silent).say("I have a headache")
    phone.hang_up()

    silent.hears("5")
    silent.hears("no")

    assert asked_of(silent) == [
        ("I have a headache", "opening"),
        ("5", "severity:headache"),
        ("no", "redflag:headache"),
    ]
    assert (state(silent), levels(silent)) == (CheckInState.ANSWERED, [Disposition.CALLBACK])


def test_the_call_goes_on_where_the_texts_had_stopped(clinic: Clinic) -> None:
    clinic.ask()
    clinic.hears("I have a headache")
    with clinic.store.transaction() as session:
        row = check_ins.check_ins_of(session, clinic.ana)[0]
        row.call_at = clinic.clock()
        conversation = conversations.of_check_in(session, row.id)
        assert conversation is not None
        conversation.answer_by = None
    clinic.tick()

    phone = picked_up(clinic, ANA).press("1")

    assert phone.said[0].startswith("How bad is your headache right now?")
    phone.press("4")
    assert asked_of(clinic)[-1] == ("4", "severity:headache")


def test_what_is_said_on_a_call_answers_its_own_check_in_though_a_newer_one_was_texted(
    silent: Clinic,
) -> None:
    phone = at_the_question(silent)
    with silent.store.transaction() as session:
        newer = check_ins.check_ins_of(session, silent.ana)[1]
        talk = conversations.talk_of(conversations.conversations_of(session, silent.ana)[-1])
        conversations.open_conversation(session, silent.ana, newer.id, talk, silent.clock())

    phone.press("0")

    with silent.store.reading() as session:
        first, second = check_ins.check_ins_of(session, silent.ana)[:2]
        assert session.get_one(CheckIn, first.id).state == CheckInState.ANSWERED
        assert session.get_one(CheckIn, second.id).state != CheckInState.ANSWERED


def test_a_call_that_had_to_wait_is_not_placed_once_a_text_has_answered(clinic: Clinic) -> None:
    clinic.ask()
    clinic.move(hours=2, minutes=1)
    clinic.carrier.outcomes.append(Refused(10004, Refusal.PASSING, "Too many calls at once."))
    clinic.move(hours=1)
    clinic.hears("none, all good")

    clinic.move(minutes=20)

    assert len(calls_to(clinic, ANA)) == 1, "the one that Twilio would not take"


def test_nobody_picks_up_and_a_late_text_still_counts(silent: Clinic) -> None:
    ringing(silent, ANA).hang_up("no-answer", 0)

    silent.hears("I have a headache, a 5, no fever")
    silent.move(hours=4)

    assert len(calls_to(silent, ANA)) == 1
    assert asked_of(silent)[0] == ("I have a headache, a 5, no fever", "opening")


def test_a_question_that_nobody_answered_on_the_call_leaves_as_a_text_and_is_answered_there(
    silent: Clinic,
) -> None:
    phone = at_the_question(silent).say("I have a headache").stay_silent().stay_silent()
    assert phone.said[0].startswith("We will send you a text.")
    silent.tick()
    asked = silent.texts_to(ANA)[-1]

    silent.hears("5")
    silent.hears("no")

    assert "How bad is your headache" in asked
    assert asked_of(silent)[1:] == [("5", "severity:headache"), ("no", "redflag:headache")]
    assert (state(silent), levels(silent)) == (CheckInState.ANSWERED, [Disposition.CALLBACK])
