"""What a caller of ours can do: say what is wrong, answer the check-in, reach staff; or say nothing."""

from __future__ import annotations

from call_builders import SILENCE, YES, a_scene, at_menu, said, turned, words

from service.core.call import Connect, Heard, TakeReply, begin_inbound, on_heard
from service.core.conversation import NO_TALK
from service.core.decisions import Escalate


def test_a_patient_who_calls_us_hears_911_and_what_they_can_do() -> None:
    assert said(begin_inbound(a_scene(), "patient")) == ["inbound_greeting", "inbound_menu"]
    assert said(begin_inbound(a_scene(NO_TALK), "patient")) == ["inbound_greeting", "inbound_menu_open"]
    assert said(begin_inbound(a_scene(), "shared")) == ["inbound_greeting", "inbound_menu_open"]
    assert said(begin_inbound(a_scene(), "unknown")) == ["inbound_greeting", "inbound_unknown"]


def test_the_check_in_is_only_answered_by_the_patient() -> None:
    asked = turned(on_heard(at_menu(), Heard(keys="1"), a_scene(leaves_message=True)))

    assert said(asked) == ["call_greeting_again"]
    assert said(on_heard(asked.line, YES, a_scene())) == ["check_in_opening", "call_again"]
    silent = turned(on_heard(asked.line, SILENCE, a_scene(leaves_message=True)))
    assert said(on_heard(silent.line, SILENCE, a_scene(leaves_message=True))) == ["call_goodbye"]


def test_a_caller_tells_what_is_wrong() -> None:
    asked = turned(on_heard(at_menu(), Heard(keys="2"), a_scene()))

    assert said(asked) == ["inbound_tell_us"]
    assert on_heard(asked.line, words("my legs cramp"), a_scene()) == TakeReply("my legs cramp")
    assert on_heard(at_menu(), words("my legs cramp"), a_scene()) == TakeReply("my legs cramp")


def test_who_tells_us_nothing_is_called_by_staff() -> None:
    asked = turned(on_heard(at_menu(), Heard(keys="2"), a_scene()))
    once = turned(on_heard(asked.line, SILENCE, a_scene()))
    twice = turned(on_heard(once.line, SILENCE, a_scene()))

    assert said(twice) == ["call_by_staff"]
    assert [act for act in twice.acts if isinstance(act, Escalate)] == list(twice.acts) != []


def test_three_at_the_menu_rings_staff() -> None:
    stranger = begin_inbound(a_scene(NO_TALK), "unknown").line

    assert turned(on_heard(at_menu(), Heard(keys="3"), a_scene())).then == Connect()
    assert turned(on_heard(stranger, Heard(keys="3"), a_scene(NO_TALK))).then == Connect()


def test_one_does_nothing_where_no_check_in_waits() -> None:
    line = begin_inbound(a_scene(NO_TALK), "patient").line

    assert said(on_heard(line, Heard(keys="1"), a_scene(NO_TALK))) == ["call_not_heard", "inbound_menu_open"]


def test_silence_at_the_menu_ends_with_goodbye() -> None:
    once = turned(on_heard(at_menu(), SILENCE, a_scene()))

    assert said(on_heard(once.line, SILENCE, a_scene())) == ["call_goodbye"]
