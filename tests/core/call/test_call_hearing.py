"""What a key, a word, silence or noise leads to at each place of a call with a patient."""

from __future__ import annotations

import pytest
from call_builders import (
    NOISE,
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
    AskByText,
    Connect,
    HangUp,
    Heard,
    Hints,
    Line,
    Listen,
    Place,
    Say,
    Scene,
    TakeReply,
    asked_at,
    begin_check_in,
    on_heard,
)
from service.core.conversation import NO_TALK
from service.core.decisions import Escalate, WrongNumber
from service.core.words import OPENING, UNSOLICITED, Disposition, Language

SEVERITY = a_scene(asking("severity:headache", "ask_severity"))
REDFLAG = a_scene(asking("redflag:spasm", "ask_redflag_spasm"))
RECHECK = a_scene(asking("recheck:spasm", "recheck"))
INTAKE = a_scene(asking("severity:spasm", "ask_intake_where"))
URGENT = Disposition.URGENT


def test_a_call_of_ours_asks_for_the_patient_by_name_and_nothing_else() -> None:
    turn = begin_check_in(a_scene(), "human")

    assert turn.says == (Say("call_greeting", (("name", "Ana"),)),)
    assert turn.then == Listen(hints=Hints.YES_NO)


@pytest.mark.parametrize("answered_by", ["machine_end_beep", "machine_start"])
def test_a_machine_gets_one_message_and_no_second(answered_by: str) -> None:
    first = begin_check_in(a_scene(leaves_message=True), answered_by)
    second = begin_check_in(a_scene(leaves_message=False), answered_by)

    assert (said(first), first.then) == (["call_voicemail"], HangUp())
    assert (said(second), second.then) == ([], HangUp())


def test_a_machine_gets_no_message_about_what_was_answered_meanwhile() -> None:
    assert said(begin_check_in(a_scene(NO_TALK, leaves_message=True), "machine_end_beep")) == []


def test_a_fax_gets_nothing() -> None:
    turn = begin_check_in(a_scene(leaves_message=True), "fax")

    assert (said(turn), turn.then) == ([], HangUp())


def test_a_call_whose_question_was_answered_meanwhile_says_hello_and_goodbye() -> None:
    assert said(begin_check_in(a_scene(NO_TALK), "human")) == ["inbound_greeting", "call_goodbye"]
    assert said(on_heard(at_greeting(), YES, a_scene(NO_TALK))) == ["inbound_greeting", "call_goodbye"]


@pytest.mark.parametrize("heard", [YES, words("Yes."), words("this is she"), words("speaking")])
def test_the_patient_is_asked_the_open_question_and_told_of_the_star(heard: Heard) -> None:
    turn = turned(on_heard(at_greeting(), heard, a_scene()))

    assert said(turn) == ["check_in_opening", "call_again"]
    assert turn.line.place is Place.QUESTION
    assert turn.then == Listen(seconds=7, hints=Hints.COMPLAINT)


@pytest.mark.parametrize("heard", [Heard(keys="2"), words("no"), words("She's not here.")])
def test_who_is_not_there_is_called_again_later(heard: Heard) -> None:
    turn = turned(on_heard(at_greeting(), heard, a_scene()))

    assert (said(turn), turn.then, turn.acts) == (["call_not_there"], HangUp(), ())


@pytest.mark.parametrize(
    "heard", [Heard(keys="9"), words("wrong number"), words("You have the wrong number!")]
)
def test_a_wrong_number_is_never_called_again_and_told_to_staff(heard: Heard) -> None:
    turn = turned(on_heard(at_greeting(), heard, a_scene()))

    assert (said(turn), turn.then) == (["call_wrong_number"], HangUp())
    assert turn.acts == (
        WrongNumber(),
        Escalate(Disposition.CALLBACK, "Whoever took the call says that the number is not the patient's."),
    )


@pytest.mark.parametrize("heard", [SILENCE, NOISE, words("hello hello"), Heard(keys="123456")])
def test_silence_and_noise_at_the_greeting_are_asked_after_once(heard: Heard) -> None:
    once = turned(on_heard(at_greeting(), heard, a_scene()))

    assert said(once) == ["call_not_heard", "call_greeting_again"]
    assert said(on_heard(once.line, heard, a_scene())) == ["call_not_there"]


def test_who_stays_silent_may_be_a_machine_and_gets_its_message() -> None:
    scene = a_scene(leaves_message=True)
    once = turned(on_heard(at_greeting(), SILENCE, scene))

    assert said(on_heard(once.line, SILENCE, scene)) == ["call_voicemail"]


def test_a_red_flag_counts_before_it_is_known_who_speaks() -> None:
    assert on_heard(at_greeting(), words("she can't breathe", 0.1), alarming(a_scene())) == TakeReply(
        "she can't breathe"
    )


def test_a_wish_to_be_left_alone_counts_before_it_is_known_who_speaks() -> None:
    assert on_heard(at_greeting(), words("stop calling me"), a_scene(wishes=True)) == TakeReply(
        "stop calling me"
    )


@pytest.mark.parametrize(
    ("scene", "keys", "meant"),
    [
        (a_scene(), "0", "none"),
        (a_scene(), "1", "I have muscle spasms"),
        (a_scene(language=Language.SPANISH), "2", "tengo dolor de cabeza"),
        (SEVERITY, "7", "7"),
        (SEVERITY, "07", "7"),
        (SEVERITY, "10", "10"),
        (SEVERITY, "0", "0"),
        (REDFLAG, "1", "yes"),
        (REDFLAG, "2", "no"),
        (RECHECK, "3", "worse"),
    ],
)
def test_a_key_answers_the_question_that_was_asked(scene: Scene, keys: str, meant: str) -> None:
    assert on_heard(at_question(scene), Heard(keys=keys), scene) == TakeReply(meant)


@pytest.mark.parametrize(
    ("scene", "keys"),
    [(a_scene(), "4"), (SEVERITY, "11"), (SEVERITY, "5*"), (SEVERITY, "٣"), (REDFLAG, "3"), (INTAKE, "1")],
)
def test_a_key_that_answers_nothing_is_asked_after(scene: Scene, keys: str) -> None:
    turn = turned(on_heard(at_question(scene), Heard(keys=keys), scene))

    assert scene.talk is not None
    assert said(turn) == ["call_not_heard", scene.talk.prompt]
    assert turn.line.silences == 1


def test_a_number_may_be_pressed_as_two_keys() -> None:
    scene = SEVERITY

    assert turned(on_heard(at_greeting(scene), YES, scene)).then == Listen(
        keys=None, seconds=4, hints=Hints.NUMBER
    )


@pytest.mark.parametrize(
    "heard", [Heard(keys="*"), words("repeat"), words("Say that again, please."), words("What?")]
)
def test_a_question_is_said_again(heard: Heard) -> None:
    assert said(on_heard(at_question(), heard, a_scene())) == ["check_in_opening"]


@pytest.mark.parametrize("heard", [words("operator"), words("I want to talk to someone")])
@pytest.mark.parametrize("line", [at_greeting(), at_question(), at_menu()])
def test_who_asks_for_a_person_is_connected_from_anywhere(line: Line, heard: Heard) -> None:
    turn = turned(on_heard(line, heard, a_scene()))

    assert (said(turn), turn.then, turn.line.place) == (["call_connecting"], Connect(), Place.CONNECTING)


def test_words_that_were_heard_well_are_read_as_a_reply() -> None:
    assert on_heard(at_question(), words("a little sore"), a_scene()) == TakeReply("a little sore")
    assert on_heard(at_question(), words("a little sore", None), a_scene()) == TakeReply("a little sore")


def test_words_that_were_heard_badly_are_read_back_first() -> None:
    asked = turned(on_heard(at_question(), words("a little sore", 0.3), a_scene()))

    assert asked.says == (Say("call_read_back", (("words", "a little sore"),)),)
    assert asked.then == Listen(hints=Hints.YES_NO)
    for heard in (YES, words("yes"), SILENCE):
        assert on_heard(asked.line, heard, a_scene()) == TakeReply("a little sore")
    assert said(on_heard(asked.line, Heard(keys="*"), a_scene())) == ["call_read_back"]
    assert on_heard(asked.line, words("my head hurts"), a_scene()) == TakeReply("my head hurts")


def test_what_was_heard_wrong_is_asked_once_more() -> None:
    asked = turned(on_heard(at_question(), words("a little sore", 0.3), a_scene()))
    again = turned(on_heard(asked.line, Heard(keys="2"), a_scene()))

    assert said(again) == ["call_not_heard", "check_in_opening"]
    assert (again.line.place, again.line.held) == (Place.QUESTION, "")
    twice = turned(on_heard(again.line, words("sore", 0.3), a_scene()))
    assert said(on_heard(twice.line, words("no"), a_scene())) == ["call_by_text"]


def test_long_words_are_read_back_in_part_and_kept_whole() -> None:
    asked = turned(on_heard(at_question(), words("so " * 600, 0.3), a_scene()))

    assert len(dict(asked.says[0].values)["words"]) == 300
    assert on_heard(asked.line, YES, a_scene()) == TakeReply("so " * 600)


def test_a_red_flag_that_was_heard_badly_is_a_red_flag() -> None:
    assert on_heard(at_question(), words("chest pain", 0.05), alarming(a_scene())) == TakeReply("chest pain")


def test_yes_to_what_was_read_back_is_no_yes_to_the_red_flags() -> None:
    asked = turned(on_heard(at_question(REDFLAG), words("nope not me", 0.2), REDFLAG))
    scene = a_scene(REDFLAG.talk, level=URGENT)

    assert on_heard(asked.line, words("yes"), scene) == TakeReply("nope not me")


def test_a_reply_answers_the_dialogue_only_where_its_question_was_asked() -> None:
    read_back = turned(on_heard(at_question(), words("sore", 0.2), a_scene())).line

    assert [
        asked_at(line, a_scene().talk) for line in (at_greeting(), at_menu(), at_question(), read_back)
    ] == [
        UNSOLICITED,
        UNSOLICITED,
        OPENING,
        OPENING,
    ]
    assert asked_at(at_question(), None) is UNSOLICITED


@pytest.mark.parametrize("heard", [SILENCE, NOISE])
def test_a_question_asked_in_vain_goes_on_as_a_text(heard: Heard) -> None:
    once = turned(on_heard(at_question(), heard, a_scene()))
    twice = turned(on_heard(once.line, heard, a_scene()))

    assert said(once) == ["call_not_heard", "check_in_opening"]
    assert (said(twice), twice.then, twice.acts) == (["call_by_text"], HangUp(), (AskByText(),))


def test_a_question_asked_in_vain_goes_to_staff_where_the_phone_takes_no_texts() -> None:
    scene = a_scene(may_text=False)
    once = turned(on_heard(at_question(), SILENCE, scene))
    twice = turned(on_heard(once.line, SILENCE, scene))

    assert said(twice) == ["call_by_staff"]
    assert twice.acts == (
        Escalate(Disposition.CALLBACK, "On a call the question was asked, and no answer was heard."),
    )


def test_an_answer_begins_the_count_of_silences_anew() -> None:
    once = turned(on_heard(at_question(), SILENCE, a_scene()))

    assert turned(on_heard(once.line, Heard(keys="*"), a_scene())).line.silences == 1
    assert turned(on_heard(at_greeting(), YES, a_scene())).line.silences == 0
