"""How a call goes on after words were read: safety first and offered staff, then the next question or the last word."""

from __future__ import annotations

from dataclasses import replace

import pytest
from call_builders import (
    SILENCE,
    YES,
    a_scene,
    alarming,
    asking,
    at_greeting,
    at_menu,
    at_question,
    said,
    turned,
    words,
)

from service.core.call import (
    Connect,
    HangUp,
    Heard,
    Hints,
    Line,
    Listen,
    Place,
    Say,
    TakeReply,
    after_reply,
    begin_inbound,
    nobody_to_ring,
    on_dialled,
    on_heard,
    reading_failed,
)
from service.core.conversation import NO_TALK
from service.core.decisions import Answer, Escalate
from service.core.words import Disposition, Urgency

EMERGENCY = (Answer("reply_emergency", Urgency.SAFETY),)
CALLBACK = (Answer("reply_callback", Urgency.ANSWER),)
SETTLED = a_scene(NO_TALK)


def answer(template: str, *values: tuple[str, str]) -> tuple[Answer, ...]:
    return (Answer(template, Urgency.ANSWER, values),)


def test_the_next_question_is_asked_with_its_own_way_of_answering() -> None:
    scene = a_scene(asking("severity:spasm", "ask_severity"))
    turn = after_reply(at_question(), answer("ask_severity", ("symptom", "spasm")), scene)

    assert turn.says == (Say("ask_severity", (("symptom", "spasm"),)),)
    assert turn.then == Listen(keys=None, seconds=4, hints=Hints.NUMBER)


def test_the_specialists_questions_are_answered_in_words_of_ones_own() -> None:
    scene = a_scene(asking("severity:spasm", "ask_intake_where"))

    assert after_reply(at_question(), answer("ask_intake_where"), scene).then == Listen(
        seconds=8, hints=Hints.COMPLAINT
    )


def test_the_end_of_the_dialogue_ends_the_call() -> None:
    turn = after_reply(at_question(), CALLBACK, SETTLED)

    assert (said(turn), turn.then) == (["reply_callback", "call_goodbye"], HangUp())


@pytest.mark.parametrize("template", ["reply_stopped", "reply_wrong_person"])
def test_a_line_that_says_goodbye_is_followed_by_no_other(template: str) -> None:
    assert said(after_reply(at_question(), answer(template), SETTLED)) == [template]


def test_a_safety_line_offers_staff_at_once() -> None:
    turn = after_reply(at_question(), EMERGENCY, SETTLED)

    assert (said(turn), turn.line.place) == (["reply_emergency", "call_offer_staff"], Place.OFFER)
    assert turned(on_heard(turn.line, YES, SETTLED)).then == Connect()
    assert turned(on_heard(turn.line, words("yes"), SETTLED)).then == Connect()


def test_a_safety_line_is_said_again_to_silence_and_at_the_end() -> None:
    offered = after_reply(at_question(), EMERGENCY, SETTLED)
    again = turned(on_heard(offered.line, SILENCE, SETTLED))
    last = turned(on_heard(again.line, SILENCE, SETTLED))

    assert said(again) == ["call_not_heard", "reply_emergency", "call_offer_staff"]
    assert (said(last), last.then) == (["reply_emergency"], HangUp())
    assert said(on_heard(offered.line, Heard(keys="2"), SETTLED)) == ["reply_emergency"]


def test_who_speaks_on_after_a_safety_line_is_read_and_offered_staff_again() -> None:
    offered = after_reply(at_question(), EMERGENCY, SETTLED)

    assert on_heard(offered.line, words("it hurts", 0.1), SETTLED) == TakeReply("it hurts")
    assert said(after_reply(offered.line, (), SETTLED)) == ["reply_emergency", "call_offer_staff"]
    assert said(after_reply(offered.line, CALLBACK, SETTLED)) == ["reply_callback", "call_offer_staff"]


def test_a_question_after_a_safety_line_is_asked_as_itself_and_the_offer_comes_back() -> None:
    offered = after_reply(at_question(), EMERGENCY, SETTLED)
    scene = a_scene(asking("severity:spasm", "ask_severity"))
    asked = after_reply(offered.line, answer("ask_severity", ("symptom", "spasm")), scene)

    assert on_heard(asked.line, YES, scene) == TakeReply("1")
    assert said(after_reply(asked.line, CALLBACK, SETTLED)) == ["reply_callback", "call_offer_staff"]


def test_help_is_given_and_the_question_asked_again() -> None:
    turn = after_reply(at_question(), answer("reply_help"), a_scene())

    assert said(turn) == ["reply_help", "check_in_opening"]
    assert turn.line.place is Place.QUESTION


def test_what_nobody_understood_is_asked_again_in_its_own_words() -> None:
    scene = a_scene(asking("redflag:spasm", "ask_redflag_spasm"))
    turn = after_reply(at_question(scene), answer("reply_unclear"), scene)

    assert said(turn) == ["reply_unclear", "ask_redflag_spasm"]
    assert on_heard(turn.line, Heard(keys="2"), scene) == TakeReply("no")


def test_words_that_were_read_back_leave_nothing_behind() -> None:
    read_back = turned(on_heard(at_question(), words("blah", 0.2), a_scene())).line
    turn = after_reply(read_back, answer("reply_unclear"), a_scene())

    assert (turn.line.place, turn.line.held, turn.line.silences) == (Place.QUESTION, "", 0)
    assert said(turn) == ["reply_unclear", "check_in_opening"]


def test_what_was_not_understood_at_the_menu_leads_back_to_the_menu() -> None:
    turn = after_reply(at_menu(), answer("reply_unclear"), a_scene())

    assert said(turn) == ["reply_unclear", "inbound_menu"]


def test_another_language_at_the_menu_asks_nothing_before_it_is_known_who_calls() -> None:
    recheck = a_scene(asking("recheck:spasm", "recheck"))
    turn = after_reply(at_menu(recheck), answer("recheck", ("symptom", "spasm")), recheck)

    assert said(turn) == ["call_greeting_again"]


@pytest.mark.parametrize("line", [at_menu(), at_greeting()])
def test_a_concern_that_was_told_unasked_is_asked_about(line: Line) -> None:
    talk = replace(asking("severity:spasm", "ask_severity"), questions=("severity:spasm",))
    turn = after_reply(line, answer("ask_severity", ("symptom", "spasm")), a_scene(talk))

    assert (said(turn), turn.line.place) == (["ask_severity", "call_again"], Place.QUESTION)


def test_who_asks_for_a_person_in_a_sentence_is_connected() -> None:
    turn = after_reply(at_question(), CALLBACK, a_scene(NO_TALK, wants_person=True))

    assert (said(turn), turn.then) == (["call_connecting"], Connect())


def test_a_safety_line_comes_before_the_wish_for_a_person() -> None:
    turn = after_reply(at_question(), EMERGENCY, a_scene(NO_TALK, wants_person=True))

    assert said(turn) == ["reply_emergency", "call_offer_staff"]


def test_a_caller_who_was_connected_is_let_go_and_one_who_was_not_is_called_back() -> None:
    line = turned(on_heard(at_question(), words("operator"), a_scene())).line

    assert (said(on_dialled(line, was_answered=True)), on_dialled(line, was_answered=True).acts) == ([], ())
    assert nobody_to_ring(line) == on_dialled(line, was_answered=False)
    assert said(nobody_to_ring(line)) == ["call_nobody_free"]
    assert nobody_to_ring(line).acts == (
        Escalate(Disposition.CALLBACK, "A caller asked for a person on the phone, and nobody took the call."),
    )


def test_nobody_free_in_an_emergency_says_the_safety_line_again() -> None:
    offered = after_reply(at_question(), EMERGENCY, SETTLED)
    line = turned(on_heard(offered.line, YES, SETTLED)).line

    assert said(nobody_to_ring(line)) == ["reply_emergency", "call_nobody_free"]
    assert said(reading_failed(line)) == ["reply_emergency", "call_by_staff"]


def test_words_that_could_not_be_read_end_with_a_person_and_911() -> None:
    assert said(reading_failed(at_question())) == ["call_by_staff"]


@pytest.mark.parametrize(("may_text", "template"), [(True, "call_by_text"), (False, "call_by_staff")])
def test_whose_reply_it_is_is_asked_by_text_or_by_staff(may_text: bool, template: str) -> None:
    line = begin_inbound(SETTLED, "shared").line
    scene = a_scene(NO_TALK, may_text=may_text)

    assert said(after_reply(line, answer("ask_whose", ("names", "Ana or Ben")), scene)) == [template]


def test_a_red_flag_on_a_shared_number_gets_its_safety_line_and_no_goodbye() -> None:
    line = begin_inbound(SETTLED, "shared").line

    assert said(after_reply(line, (*EMERGENCY, *answer("ask_whose")), alarming(SETTLED))) == [
        "reply_emergency",
        "call_offer_staff",
    ]


def test_a_stranger_gets_the_line_of_what_they_said() -> None:
    line = begin_inbound(SETTLED, "unknown").line
    alarmed = (Answer("reply_unknown_sender", Urgency.SAFETY),)

    assert said(after_reply(line, answer("reply_unknown_sender"), SETTLED)) == ["call_by_staff"]
    assert said(after_reply(line, alarmed, alarming(SETTLED))) == ["reply_emergency", "call_offer_staff"]


def test_after_a_safety_line_staff_are_rung_again_while_the_page_keeps_their_phones_busy() -> None:
    line = Line(Place.OFFER, safety="reply_urgent")

    for _ in range(2):
        again = on_dialled(replace(line, place=Place.CONNECTING, rung=line.rung + 1), was_answered=False)
        assert (said(again), again.then) == (["call_connecting"], Connect())
        line = replace(line, rung=line.rung + 1)
    assert said(on_dialled(replace(line, rung=3), was_answered=False)) == ["reply_urgent", "call_nobody_free"]
