"""Every state that a caller can bring a call to: nobody gets stuck, and no red flag ends without its safety line."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from builders import the_library
from call_walk import SILENCE, Start, Step, hear, shape, walk

from service.core.call import Connect, HangUp, Listen, Say, as_json, from_json
from service.core.conversation import NO_TALK, opened
from service.core.words import Asked, Language

# Nobody who says nothing is held longer: what was misheard, the question, and once more.
MOST_SILENT_TURNS = 4
RECHECK = opened(Asked.parse("recheck:spasm"), "recheck", before=(("spasm", 5),))
BLADDER = opened(Asked.parse("severity:urinary"), "check_in_urinary")
STARTS = (
    Start("ours", opened(), leaves_message=True),
    Start("ours", RECHECK, may_text=False),
    Start("ours", BLADDER),
    Start("ours", NO_TALK),
    Start("patient", opened(), leaves_message=True),
    Start("patient", RECHECK, may_text=False),
    Start("patient", NO_TALK),
    Start("shared"),
    Start("unknown"),
)
# Said to whoever picks up: a stranger, a child, a machine.
BEFORE_WE_KNOW_WHO = {
    "call_greeting",
    "call_greeting_again",
    "call_not_heard",
    "call_not_there",
    "call_wrong_number",
    "call_voicemail",
    "call_connecting",
    "call_nobody_free",
    "call_by_staff",
    "inbound_greeting",
    "call_goodbye",
    "reply_stopped",
    "reply_wrong_person",
}
QUESTIONS = ("check_in_", "recheck", "ask_")
WITHOUT_911 = {"call_wrong_number", "reply_wrong_person", "call_not_there", "call_voicemail"}
VALUES = {"clinic": "Willow Clinic", "phone": "+12025550199"}


@pytest.fixture(scope="module")
def steps() -> tuple[Step, ...]:
    """Every step of every call, walked once for all tests here."""
    return tuple(walk(*STARTS))


def said(step: Step) -> set[str]:
    return {say.template for say in step[2].says}


def ends(steps: tuple[Step, ...]) -> Iterator[Step]:
    return (step for step in steps if isinstance(step[2].then, HangUp))


def test_the_walk_sees_every_place(steps: tuple[Step, ...]) -> None:
    places = {str(state.line.place) for _, _, _, state in steps}

    assert places == {
        "greeting",
        "question",
        "read_back",
        "offer",
        "menu",
        "tell_us",
        "unknown",
        "connecting",
        "over",
    }
    assert len({shape(state, turn) for _, _, turn, state in steps}) > 1000


def test_who_says_nothing_is_let_go_from_everywhere(steps: tuple[Step, ...]) -> None:
    states = {
        shape(state, turn): (turn, state) for _, _, turn, state in steps if isinstance(turn.then, Listen)
    }

    for turn, state in states.values():
        silent = 0
        while isinstance(turn.then, Listen) and silent < MOST_SILENT_TURNS:
            turn, state = hear(state, SILENCE)
            silent += 1
        assert not isinstance(turn.then, Listen)


def test_each_turn_says_something_and_waits_or_ends_the_call(steps: tuple[Step, ...]) -> None:
    for _, heard, turn, _ in steps:
        assert turn.says or heard == "answered: True"
        assert isinstance(turn.then, Listen | Connect | HangUp)
        assert (turn.line.place == "over") == isinstance(turn.then, HangUp)
        assert (turn.line.place == "connecting") == isinstance(turn.then, Connect)


def test_no_red_flag_is_left_without_its_safety_line(steps: tuple[Step, ...]) -> None:
    flagged = [step for step in steps if step[3].flagged]

    assert len(flagged) > 1000
    assert [step for step in flagged if not step[3].was_safe] == []


def test_a_safety_line_offers_staff_at_once(steps: tuple[Step, ...]) -> None:
    first = [step for step in steps if step[3].was_safe and not step[0].was_safe]

    assert len(first) > 100
    assert {
        (tuple(say.template for say in turn.says)[1:], str(turn.line.place)) for _, _, turn, _ in first
    } == {(("call_offer_staff",), "offer")}


def test_a_call_of_ours_says_nothing_private_before_somebody_says_that_they_are_the_patient(
    steps: tuple[Step, ...],
) -> None:
    ours = [step for step in steps if step[3].start.caller == "ours" and not step[3].known]

    assert len(ours) > 100
    assert [step for step in ours if not said(step) <= BEFORE_WE_KNOW_WHO] == []


def test_who_calls_us_is_asked_nothing_before_they_say_who_they_are_or_what_is_wrong(
    steps: tuple[Step, ...],
) -> None:
    strangers = [step for step in steps if step[3].start.caller != "ours" and not step[3].known]

    assert len(strangers) > 100
    assert [step for step in strangers if any(name.startswith(QUESTIONS) for name in said(step))] == []


def test_911_is_spoken_of_before_every_end(steps: tuple[Step, ...]) -> None:
    for step in ends(steps):
        assert step[3].told_of_911 or said(step) & WITHOUT_911, step


def test_everything_that_is_said_can_be_said_in_both_languages(steps: tuple[Step, ...]) -> None:
    says: set[Say] = {say for _, _, turn, _ in steps for say in (*turn.says, *turn.line.question)}

    for say in says:
        for language in Language:
            assert the_library().voice.render(say.template, language, **VALUES, **dict(say.values))


def test_every_line_survives_being_written_down(steps: tuple[Step, ...]) -> None:
    lines = {turn.line for _, _, turn, _ in steps}

    assert {line for line in lines if from_json(json.loads(json.dumps(as_json(line)))) != line} == set()
