"""A callback that hangs on how bad it is alone waits for that answer: mild is nobody's, and silence is a nurse's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from builders import the_library
from dialogue import Dialogue, says

from service.core.conversation import on_silence
from service.core.decisions import Escalate, OptOut
from service.core.findings import Interpretation
from service.core.interpretation import interpret
from service.core.words import OPENING, Disposition, Intent, Language

OK, UNCLEAR, CALLBACK = Disposition.OK, Disposition.UNCLEAR, Disposition.CALLBACK
HEADACHE = replace(says(CALLBACK, ("headache", None)), if_mild=OK)


def asked_how_bad(reply: Interpretation = HEADACHE) -> Dialogue:
    """Return a dialogue that has told of a headache without a number, and was asked for one."""
    talk = Dialogue()
    assert talk.hears(reply) == ["ask_severity"]
    return talk


def test_a_headache_that_turns_out_mild_brings_nobody() -> None:
    talk = asked_how_bad()

    assert talk.escalations() == []
    assert talk.hears(says(OK, ("headache", 2)), "2") == ["reply_ok"]
    assert talk.escalations() == []


def test_a_headache_that_turns_out_moderate_is_a_nurses() -> None:
    talk = asked_how_bad()

    assert talk.hears(says(CALLBACK, ("headache", 5)), "5") == ["ask_redflag_headache"]
    assert talk.escalations() == [CALLBACK]


def test_what_is_a_callback_anyhow_does_not_wait_for_the_answer() -> None:
    talk = asked_how_bad(replace(HEADACHE, if_mild=CALLBACK))

    assert talk.escalations() == [CALLBACK]


def test_silence_on_how_bad_it_is_brings_a_nurse_and_a_late_answer_does_not_send_her_away() -> None:
    silent, decisions = on_silence(asked_how_bad().talk)
    late = Dialogue(silent)

    assert [act.disposition for act in decisions if isinstance(act, Escalate)] == [CALLBACK]
    assert late.hears(says(OK, ("headache", 2)), "2") == ["reply_callback"]


def test_whoever_stops_before_saying_how_bad_it_is_is_called_all_the_same() -> None:
    talk = asked_how_bad()

    talk.hears(says(OK, intent=Intent.STOP), "stop texting me")

    assert talk.escalations() == [CALLBACK]
    assert [act for act in talk.decisions if isinstance(act, OptOut)] == [OptOut()]


def test_whoever_talks_past_the_question_is_called_once_the_questions_are_over() -> None:
    talk = asked_how_bad()

    assert talk.hears(says(OK, intent=Intent.THANKS), "thanks") == ["ask_redflag_headache"]
    assert talk.hears(says(OK), "N") == ["reply_callback"]
    assert talk.escalations() == [CALLBACK]


def test_two_replies_that_nobody_can_read_bring_a_nurse_as_ever() -> None:
    talk = asked_how_bad()

    assert talk.hears(says(UNCLEAR), "blorp") == ["reply_unclear"]
    assert talk.hears(says(UNCLEAR), "wumble") == ["reply_callback"]
    assert talk.escalations() == [CALLBACK]


@pytest.mark.parametrize(
    ("words", "if_mild"),
    [
        ("my head hurts", OK),
        ("me duele la cabeza", OK),
        ("leg cramps", OK),
        ("headache, a 5", None),
        ("it burns when I pee", CALLBACK),
        ("headache, may I drive?", CALLBACK),
        ("headache, please call me", CALLBACK),
        ("none", None),
    ],
)
def test_the_rules_say_whether_a_mild_one_would_be_nobodys(words: str, if_mild: Disposition | None) -> None:
    assert interpret(words, OPENING, 4, Language.ENGLISH, the_library().guide).if_mild == if_mild
