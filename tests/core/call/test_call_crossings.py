"""Who answers with a name, what is heard badly before it is known who speaks, and what a text answers meanwhile."""

from __future__ import annotations

import pytest
from call_builders import a_scene, asking, at_greeting, at_question, said, turned, words

from service.core.call import Heard, TakeReply, on_heard
from service.core.conversation import NO_TALK
from service.core.words import Disposition

SEVERITY = a_scene(asking("severity:headache", "ask_severity"))
REDFLAG = a_scene(asking("redflag:spasm", "ask_redflag_spasm"))


@pytest.mark.parametrize(
    ("text", "next_said"),
    [
        ("Yes, this is Ana.", "check_in_opening"),
        ("This is ana", "check_in_opening"),
        ("No, Ana is not here.", "call_not_there"),
        ("Ana's not here.", "call_not_there"),
        ("There is no Ana here", "call_wrong_number"),
        ("This is Dana", "call_not_heard"),
    ],
)
def test_whoever_answers_may_use_the_patients_own_name(text: str, next_said: str) -> None:
    assert said(on_heard(at_greeting(), words(text), a_scene()))[0] == next_said


def test_a_concern_heard_badly_before_it_is_known_who_speaks_is_asked_for_again() -> None:
    concern = a_scene(level=Disposition.CALLBACK)

    badly = on_heard(at_greeting(), words("my head hurts", 0.2), concern)

    assert said(badly) == ["call_not_heard", "call_greeting_again"]
    assert on_heard(at_greeting(), words("my head hurts"), concern) == TakeReply("my head hurts")


def test_a_key_that_answers_what_a_text_has_answered_asks_what_is_in_the_air_now() -> None:
    line = at_question(SEVERITY)

    moved = turned(on_heard(line, Heard(keys="2"), REDFLAG))
    settled = on_heard(line, Heard(keys="2"), a_scene(NO_TALK))

    assert (said(moved), moved.line.asked) == (["ask_redflag_spasm"], "redflag:spasm")
    assert said(settled) == ["call_goodbye"]
    assert on_heard(at_question(), Heard(keys="2"), a_scene(NO_TALK)) == TakeReply("I have a headache")
