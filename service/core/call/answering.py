"""What the dialogue answers to a reply is said, and the call goes on: the next question, the offer, or the last word."""

from __future__ import annotations

from typing import Final

from service.core.call.asking import ask, connect, end, offer, says_it
from service.core.call.line import Line, Say
from service.core.call.scene import Scene
from service.core.call.turn import Turn
from service.core.decisions import Answer, Escalate
from service.core.words import Disposition, Urgency

# What is only ever written: whose reply it is can't be asked on a phone, and a stranger gets the line of the level.
_SAID_INSTEAD: Final = {"ask_whose": "call_by_text", "reply_unknown_sender": "call_by_staff"}
# They grant a wish beside the question, which is then asked again.
_ASIDES: Final = frozenset({"reply_help", "reply_language", "reply_started"})
_SAY_GOODBYE: Final = frozenset({"call_by_text", "call_by_staff", "reply_stopped", "reply_wrong_person"})


def after_reply(line: Line, answers: tuple[Answer, ...], scene: Scene) -> Turn:
    """Return the next turn after words were read; `answers` are the dialogue's, `scene` is as it stands now.

    A safety line comes first, is offered staff, and keeps that offer until the end of the call.
    """
    safety = next((answer for answer in answers if answer.urgency is Urgency.SAFETY), None)
    says = tuple(_said(answer, scene) for answer in answers)
    if safety is not None:
        return offer(line, says, _said(safety, scene).template)
    if scene.wants_person:
        return connect(line)
    if line.safety:
        return offer(line, says or (Say(line.safety),), line.safety)
    if scene.pending is not None:
        return _go_on(line, says, scene)
    if any(say.template in _SAY_GOODBYE for say in says):
        return end(*says)
    return end(*says, Say("call_goodbye"))


def on_dialled(line: Line, *, was_answered: bool) -> Turn:
    """Return the turn after staff were rung for the caller: whom nobody could speak with is called back."""
    if was_answered:
        return end()
    reason = "A caller asked for a person on the phone, and nobody took the call."
    return end(*_safety(line), Say("call_nobody_free"), acts=(Escalate(Disposition.CALLBACK, reason),))


def nobody_to_ring(line: Line) -> Turn:
    """Return the turn where nobody who is on call can be rung."""
    return on_dialled(line, was_answered=False)


def reading_failed(line: Line) -> Turn:
    """Return the turn where what was heard could not be read: a person looks at it, and 911 is told of."""
    return end(*_safety(line), Say("call_by_staff"))


def _safety(line: Line) -> tuple[Say, ...]:
    return (Say(line.safety),) if line.safety else ()


def _go_on(line: Line, says: tuple[Say, ...], scene: Scene) -> Turn:
    talk = scene.pending
    assert talk is not None
    if all(say.template in _ASIDES for say in says):
        return ask(line, talk, (says_it(talk),), before=says)
    return ask(line, talk, says)


def _said(answer: Answer, scene: Scene) -> Say:
    template = _SAID_INSTEAD.get(answer.template, answer.template)
    if answer.template in _SAID_INSTEAD and scene.level.needs_paging:
        template = f"reply_{scene.level}"
    return Say(template, answer.values)
