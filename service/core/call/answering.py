"""What the dialogue answers to a reply is said, and the call goes on: the next question, the offer, or the last word."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from service.core.call.asking import again, ask, connect, end, offer
from service.core.call.beginning import greet
from service.core.call.line import Line, Place, Say
from service.core.call.scene import Scene
from service.core.call.turn import Turn
from service.core.conversation.talk import Talk
from service.core.decisions import Answer, Escalate
from service.core.words import Disposition, Urgency

# They do not answer the question, and are no other: what was asked last is asked again.
_ASIDES: Final = frozenset({"reply_help", "reply_language", "reply_started", "reply_unclear"})
_WHOSE: Final = "ask_whose"
# Each may ring for twenty seconds; who holds longer is better off with 911, which each of them begins with.
_MOST_RINGS: Final = 3
_SAY_GOODBYE: Final = frozenset({"call_by_text", "call_by_staff", "reply_stopped", "reply_wrong_person"})


def after_reply(line: Line, answers: tuple[Answer, ...], scene: Scene) -> Turn:
    """Return the next turn after words were read; `answers` are the dialogue's, `scene` is as it stands now.

    A safety line comes first, is offered staff, and keeps that offer until the end of the call.
    """
    line = line.origin
    safety = tuple(_said(answer, scene) for answer in answers if answer.urgency is Urgency.SAFETY)
    if safety:
        return offer(line, safety, safety[0].template)
    if scene.wants_person:
        return connect(line)
    says = tuple(_said(answer, scene) for answer in answers)
    if any(say.template in _SAY_GOODBYE for say in says):
        return end(*_safety(line), *says)
    if scene.pending is not None:
        return _go_on(line, says, scene.pending, scene)
    if line.safety:
        return offer(line, says or (Say(line.safety),), line.safety)
    return end(*says, Say("call_goodbye"))


def is_only_written(answer: Answer) -> bool:
    """Return whether the answer has to leave as a text, because a phone call is no place to settle it."""
    return answer.template == _WHOSE


def on_dialled(line: Line, *, was_answered: bool) -> Turn:
    """Return the turn after staff were rung for the caller: whom nobody could speak with is called back.

    After a safety line they are rung again: the page of it rings the same phones, and keeps them busy for a while.
    """
    if was_answered:
        return end()
    if line.safety and line.rung < _MOST_RINGS:
        return connect(line)
    return nobody_to_ring(line)


def nobody_to_ring(line: Line) -> Turn:
    """Return the turn where nobody who is on call can be rung."""
    reason = "A caller asked for a person on the phone, and nobody took the call."
    return end(*_safety(line), Say("call_nobody_free"), acts=(Escalate(Disposition.CALLBACK, reason),))


def reading_failed(line: Line) -> Turn:
    """Return the turn where what was heard could not be read: a person looks at it, and 911 is told of."""
    return end(*_safety(line), Say("call_by_staff"))


def _safety(line: Line) -> tuple[Say, ...]:
    return (Say(line.safety),) if line.safety else ()


def _go_on(line: Line, says: tuple[Say, ...], talk: Talk, scene: Scene) -> Turn:
    if all(say.template in _ASIDES for say in says):
        return again(replace(line, silences=0), *says)
    if line.place in (Place.MENU, Place.TELL_US) and not talk.questions:
        # In another language: the check-in's own question, which is only for the one it was meant for.
        return greet(scene, came_from=Place.MENU)
    return ask(line, talk, says)


def _said(answer: Answer, scene: Scene) -> Say:
    """Return an answer as it is said; what is only ever written has another line on a call."""
    if is_only_written(answer):
        return Say("call_by_text" if scene.may_text else "call_by_staff")
    if answer.template == "reply_unknown_sender":
        return Say(f"reply_{scene.level}" if scene.level.needs_paging else "call_by_staff")
    return Say(answer.template, answer.values)
