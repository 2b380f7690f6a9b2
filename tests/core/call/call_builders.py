"""Scenes and lines of calls with honest defaults: a patient who was asked how they are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from builders import the_library

from service.core.call import (
    Heard,
    Line,
    Page,
    Scene,
    TakeReply,
    Turn,
    begin_check_in,
    begin_inbound,
    on_heard,
)
from service.core.conversation import Talk, opened
from service.core.words import Asked, Disposition, Language

YES = Heard(keys="1")
SILENCE = Heard()
NOISE = Heard(keys="7")
PAGE = Page("K7Q2", "urgent", 4)


def a_scene(talk: Talk | None = None, **changes: Any) -> Scene:
    """Return a scene of a dialogue that waits for its first answer."""
    scene = Scene(the_library().keypad, Language.ENGLISH, talk or opened(), "Ana", may_text=True)
    return replace(scene, **changes)


def asking(asked: str, prompt: str) -> Talk:
    """Return a dialogue that waits for the answer to this question."""
    return opened(Asked.parse(asked), prompt)


def words(text: str, confidence: float | None = 0.9) -> Heard:
    """Return words that were heard this surely."""
    return Heard(words=text, confidence=confidence)


def at_greeting(scene: Scene | None = None) -> Line:
    """Return the line of a call of ours that has just asked who is there."""
    return begin_check_in(scene or a_scene(), "human").line


def at_question(scene: Scene | None = None) -> Line:
    """Return the line of a call whose patient has been asked the check-in's question."""
    return turned(on_heard(at_greeting(scene), YES, scene or a_scene())).line


def at_menu(scene: Scene | None = None) -> Line:
    """Return the line of a call that a patient has placed."""
    return begin_inbound(scene or a_scene(), "patient").line


def alarming(scene: Scene) -> Scene:
    """Return the scene with words just heard that need a page."""
    return replace(scene, level=Disposition.EMERGENCY)


def turned(outcome: Turn | TakeReply) -> Turn:
    """Return the outcome, which must be a turn."""
    assert isinstance(outcome, Turn)
    return outcome


def said(outcome: Turn | TakeReply) -> list[str]:
    """Return the names of what a turn says."""
    return [say.template for say in turned(outcome).says]
