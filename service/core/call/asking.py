"""How each thing is asked on a call, and how its answer is waited for; and what is done where nobody answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from service.core.call.line import OVER, Hints, Line, Listen, Place, Say
from service.core.call.scene import Scene
from service.core.call.turn import Act, AskByText, Connect, HangUp, Turn
from service.core.conversation.talk import Talk
from service.core.decisions import Escalate
from service.core.words import AskedKind, Disposition

# Asked in vain a third time, people hang up.
MOST_SILENCES: Final = 2
# Long enough for "seven", short enough that a "1" that is no "10" is not waited on for ever.
_NUMBER: Final = Listen(keys=None, seconds=4, hints=Hints.NUMBER)
_OWN_WORDS: Final = Listen(seconds=8, hints=Hints.COMPLAINT)
_LISTENS: Final = {
    AskedKind.OPENING: Listen(seconds=7, hints=Hints.COMPLAINT),
    AskedKind.SEVERITY: _NUMBER,
    AskedKind.REDFLAG: Listen(hints=Hints.YES_NO),
    AskedKind.RECHECK: Listen(hints=Hints.RECHECK),
}
YES_OR_NO: Final = Listen(hints=Hints.YES_NO)


def says_it(talk: Talk) -> Say:
    """Return the question that is in the air; words that nobody had asked for are asked for again."""
    symptom = talk.asked.symptom
    return Say(talk.prompt or "inbound_tell_us", (("symptom", symptom),) if symptom else ())


def ask(line: Line, talk: Talk, says: tuple[Say, ...]) -> Turn:
    """Say what asks the question that is in the air, and wait for its answer."""
    listen = _OWN_WORDS if talk.intake_part is not None else _LISTENS.get(talk.asked.kind, _OWN_WORDS)
    explained = () if line.explained else (Say("call_again"),)
    asked = replace(
        line,
        place=Place.QUESTION,
        question=says,
        listen=listen,
        silences=0,
        held="",
        explained=True,
        asked=str(talk.asked),
        prompt=talk.prompt,
    )
    return Turn(asked, (*says, *explained), listen)


def offer(line: Line, says: tuple[Say, ...], safety: str) -> Turn:
    """Say what is to be said, and offer to ring staff now; the safety line is what is said again."""
    offered = Say("call_offer_staff")
    again = replace(
        line,
        place=Place.OFFER,
        question=(Say(safety), offered),
        listen=YES_OR_NO,
        silences=0,
        held="",
        safety=safety,
    )
    return Turn(again, (*says, offered), YES_OR_NO)


def again(line: Line, *before: Say, counts: bool = False) -> Turn:
    """Ask the same once more; `counts` says that it was asked in vain."""
    silences = line.silences + 1 if counts else line.silences
    return Turn(replace(line, silences=silences), (*before, *line.question), line.listen)


def not_heard(line: Line, scene: Scene) -> Turn:
    """Ask once more after silence or noise; the second time, do what still reaches the caller."""
    if line.silences + 1 < MOST_SILENCES:
        return again(line, Say("call_not_heard"), counts=True)
    return _give_up(line, scene)


def connect(line: Line) -> Turn:
    """Ring who is on call."""
    ringing = replace(line, place=Place.CONNECTING, rung=line.rung + 1)
    return Turn(ringing, (Say("call_connecting"),), Connect())


def end(*says: Say, acts: tuple[Act, ...] = ()) -> Turn:
    """Say the last words, and hang up."""
    return Turn(OVER, says, HangUp(), acts)


def _give_up(line: Line, scene: Scene) -> Turn:
    if line.place is Place.OFFER:
        return end(Say(line.safety))
    if line.place in (Place.MENU, Place.UNKNOWN, Place.GREETING):
        return end(Say("call_goodbye"))
    if line.place is Place.QUESTION and scene.may_text:
        return end(Say("call_by_text"), acts=(AskByText(),))
    return end(Say("call_by_staff"), acts=(Escalate(Disposition.CALLBACK, _UNHEARD[line.place]),))


_UNHEARD: Final = {
    Place.QUESTION: "On a call the question was asked, and no answer was heard.",
    Place.TELL_US: "Somebody called to tell us what is wrong, and nothing was heard.",
}
