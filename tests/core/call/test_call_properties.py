"""What must hold of every turn, whatever keys and words come in: there is one, it is bounded, and its line can be kept."""

from __future__ import annotations

import json

from call_builders import PAGE, a_scene, asking, at_greeting, at_menu, at_question, words
from hypothesis import example, given
from hypothesis import strategies as st

from service.core.call import (
    Connect,
    HangUp,
    Heard,
    Line,
    Listen,
    PassPage,
    Scene,
    TakePage,
    TakeReply,
    TryCode,
    Turn,
    after_reply,
    as_json,
    begin_code,
    begin_inbound,
    begin_page,
    from_json,
    on_code_heard,
    on_heard,
    on_page_heard,
)
from service.core.conversation import NO_TALK
from service.core.decisions import Answer
from service.core.words import Disposition, Language, Urgency

TALKS = (
    NO_TALK,
    asking("opening", "check_in_opening"),
    asking("severity:headache", "ask_severity"),
    asking("redflag:spasm", "ask_redflag_spasm"),
    asking("recheck:spasm", "recheck"),
    asking("severity:spasm", "ask_intake_how"),
    asking("unsolicited", ""),
)


def _lines() -> tuple[Line, ...]:
    offered = after_reply(at_question(), (Answer("reply_urgent", Urgency.SAFETY),), a_scene(NO_TALK))
    read_back = on_heard(at_question(), words("blah", 0.1), a_scene())
    tell_us = on_heard(at_menu(), Heard(keys="2"), a_scene())
    assert isinstance(read_back, Turn)
    assert isinstance(tell_us, Turn)
    return (
        at_greeting(),
        at_question(),
        at_menu(),
        offered.line,
        read_back.line,
        tell_us.line,
        begin_inbound(a_scene(NO_TALK), "unknown").line,
    )


heards = st.builds(
    Heard,
    keys=st.one_of(
        st.just(""), st.text(max_size=12), st.text("0123456789*#", max_size=6), st.just("9" * 5000)
    ),
    words=st.one_of(st.just(""), st.text(max_size=40), st.text(min_size=1990, max_size=2000)),
    confidence=st.one_of(st.none(), st.floats(0, 1), st.floats()),
)
scenes = st.builds(
    a_scene,
    st.sampled_from(TALKS),
    language=st.sampled_from(Language),
    level=st.sampled_from(Disposition),
    wants_person=st.booleans(),
    wishes=st.booleans(),
    may_text=st.booleans(),
    leaves_message=st.booleans(),
)


@given(st.sampled_from(_lines()), heards, scenes)
@example(at_question(), Heard(keys="٣"), a_scene(TALKS[2]))
@example(at_question(), Heard(keys="²"), a_scene(TALKS[2]))
@example(at_question(), Heard(words="ok\x00\ud800", confidence=float("nan")), a_scene())
def test_anything_that_is_heard_leads_to_a_turn_or_to_a_reply(line: Line, heard: Heard, scene: Scene) -> None:
    outcome = on_heard(line, heard, scene)

    if isinstance(outcome, TakeReply):
        assert outcome.words.strip()
        return
    assert isinstance(outcome.then, Listen | Connect | HangUp)
    assert from_json(json.loads(json.dumps(as_json(outcome.line)))) == outcome.line
    assert outcome.line.silences in (0, 1)
    assert outcome.says or outcome.then == HangUp()


@given(heards)
def test_anything_that_is_heard_on_a_page_takes_it_only_by_its_key(heard: Heard) -> None:
    outcome = on_page_heard(begin_page(PAGE).line, heard, PAGE)

    assert isinstance(outcome, TakePage) == (heard.keys == "1")
    assert isinstance(outcome, PassPage) == (heard.keys == "2")


@given(heards)
def test_anything_that_is_heard_for_a_code_is_keys_or_asked_for_again(heard: Heard) -> None:
    outcome = on_code_heard(begin_code().line, heard)

    assert outcome == TryCode(heard.keys) if isinstance(outcome, TryCode) else outcome.says
