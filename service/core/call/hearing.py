"""What was heard on a call with a patient decides its next turn; a red flag counts anywhere, and before all else."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from service.core.call.asking import MOST_SILENCES, YES_OR_NO, again, ask, connect, end, not_heard, says_it
from service.core.call.beginning import greet, leave_message, nothing_to_ask
from service.core.call.keypad import Command, Heard
from service.core.call.line import Hints, Line, Listen, Place, Say
from service.core.call.scene import Scene
from service.core.call.turn import TakeReply, Turn
from service.core.conversation.talk import Talk
from service.core.decisions import Escalate, WrongNumber
from service.core.words import UNSOLICITED, Asked, AskedKind, Disposition

# Below this Twilio's transcript is wrong about as often as it is right, by its own figure.
BADLY_HEARD: Final = 0.5
# What is said at length is not listened to at length.
_MOST_READ_BACK: Final = 300
_NUMBER: Final = re.compile(r"\d{1,2}", re.ASCII)
_MOST: Final = 10
_TELL_US: Final = Listen(seconds=8, hints=Hints.COMPLAINT)


def asked_at(line: Line, talk: Talk | None) -> Asked:
    """Return what a reply taken here answers: the dialogue's question only where the caller was asked it on this call."""
    return talk.asked if talk is not None and line.origin.place is Place.QUESTION else UNSOLICITED


def on_heard(line: Line, heard: Heard, scene: Scene) -> Turn | TakeReply:
    """Return the next turn, or the words that are to be read first."""
    if line.place is Place.OVER:
        return end()
    asked_for = scene.name if line.place is Place.GREETING else ""
    command = scene.keypad.command(heard.words, scene.language, asked_for)
    # "Yes" to "is that right?" answers that, and no question about red flags before it.
    confirms = line.place is Place.READ_BACK and command is not None
    if heard.words.strip() and scene.level.needs_paging and not confirms:
        return TakeReply(heard.words)
    if heard.keys == "*" or command is Command.AGAIN:
        return _read_back(line) if line.place is Place.READ_BACK else again(line)
    if command is Command.OPERATOR:
        return connect(line)
    return _PLACES[line.place](line, heard, scene, command)


def _at_greeting(line: Line, heard: Heard, scene: Scene, command: Command | None) -> Turn | TakeReply:
    if heard.keys == "1" or command is Command.YES:
        if scene.pending is None:
            return nothing_to_ask()
        return ask(line, scene.pending, (says_it(scene.pending),))
    if heard.keys == "2" or command in (Command.NO, Command.NOT_HERE):
        return end(Say("call_not_there"))
    if heard.keys == "9" or command is Command.WRONG_NUMBER:
        reason = "Whoever took the call says that the number is not the patient's."
        return end(Say("call_wrong_number"), acts=(WrongNumber(), Escalate(Disposition.CALLBACK, reason)))
    concerns = scene.wishes or scene.level.rank >= Disposition.CALLBACK.rank
    # What was heard badly is asked for again, not read back: nobody knows yet who would hear it.
    if heard.words.strip() and concerns and not _is_badly_heard(heard):
        return TakeReply(heard.words)
    if line.silences + 1 < MOST_SILENCES or line.came_from is Place.MENU:
        return not_heard(line, scene)
    return leave_message(scene) if scene.leaves_message else end(Say("call_not_there"))


def _at_question(line: Line, heard: Heard, scene: Scene, _: Command | None) -> Turn | TakeReply:
    if not heard.words.strip() and _was_answered_elsewhere(line, scene):
        return _catch_up(line, heard, scene)
    if heard.keys:
        meant = _meant_by(heard.keys, scene)
        return TakeReply(meant) if meant else not_heard(line, scene)
    return _words(line, heard, scene)


def _was_answered_elsewhere(line: Line, scene: Scene) -> bool:
    """Return whether a text has answered, during the call, what the caller was asked on it."""
    if not line.asked:
        return False
    talk = scene.pending
    return talk is None or (str(talk.asked), talk.prompt) != (line.asked, line.prompt)


def _catch_up(line: Line, heard: Heard, scene: Scene) -> Turn | TakeReply:
    """Ask what is in the air now: a key is no answer to a question that the caller has not heard."""
    if scene.pending is not None:
        return ask(line, scene.pending, (says_it(scene.pending),))
    meant = scene.keypad.phrase(Asked.parse(line.asked).kind, heard.keys, scene.language)
    return TakeReply(meant) if meant else end(Say("call_goodbye"))


def _meant_by(keys: str, scene: Scene) -> str | None:
    """Return what the keys answer: a number from 0 to 10 where one was asked for, else what the keypad says."""
    talk = scene.talk
    if talk is None or talk.intake_part is not None:
        return None
    if talk.asked.kind is AskedKind.SEVERITY:
        return str(int(keys)) if _NUMBER.fullmatch(keys) and int(keys) <= _MOST else None
    return scene.keypad.phrase(talk.asked.kind, keys, scene.language)


def _words(line: Line, heard: Heard, scene: Scene) -> Turn | TakeReply:
    if not heard.words.strip():
        return not_heard(line, scene)
    if not _is_badly_heard(heard):
        return TakeReply(heard.words)
    return _read_back(replace(line, place=Place.READ_BACK, held=heard.words, came_from=line.place))


def _is_badly_heard(heard: Heard) -> bool:
    return heard.confidence is not None and heard.confidence < BADLY_HEARD


def _read_back(line: Line) -> Turn:
    return Turn(line, (Say("call_read_back", (("words", line.held[:_MOST_READ_BACK]),)),), YES_OR_NO)


def _at_read_back(line: Line, heard: Heard, scene: Scene, command: Command | None) -> Turn | TakeReply:
    if heard.keys == "2" or command is Command.NO:
        return not_heard(line.origin, scene)
    if command is None and heard.words.strip():
        return not_heard(line.origin, scene) if _is_badly_heard(heard) else TakeReply(heard.words)
    # Pressed or not: what was heard is better read than lost.
    return TakeReply(line.held)


def _at_offer(line: Line, heard: Heard, scene: Scene, command: Command | None) -> Turn | TakeReply:
    if heard.keys == "1" or command is Command.YES:
        return connect(line)
    if heard.keys == "2" or command is Command.NO:
        return end(Say(line.safety))
    return TakeReply(heard.words) if heard.words.strip() else not_heard(line, scene)


def _at_menu(line: Line, heard: Heard, scene: Scene, command: Command | None) -> Turn | TakeReply:
    if heard.keys == "1" and scene.pending is not None and line.place is Place.MENU:
        return greet(scene, came_from=Place.MENU)
    if heard.keys == "2":
        tell_us = Say("inbound_tell_us")
        return Turn(
            replace(line, place=Place.TELL_US, question=(tell_us,), listen=_TELL_US), (tell_us,), _TELL_US
        )
    if heard.keys == "3":
        return connect(line)
    if heard.keys or command is not None:
        return not_heard(line, scene)
    return _words(line, heard, scene)


def _at_tell_us(line: Line, heard: Heard, scene: Scene, _: Command | None) -> Turn | TakeReply:
    return not_heard(line, scene) if heard.keys else _words(line, heard, scene)


_PLACES: Final[Mapping[Place, Callable[[Line, Heard, Scene, Command | None], Turn | TakeReply]]] = {
    Place.GREETING: _at_greeting,
    Place.QUESTION: _at_question,
    Place.READ_BACK: _at_read_back,
    Place.OFFER: _at_offer,
    Place.MENU: _at_menu,
    Place.TELL_US: _at_tell_us,
    Place.UNKNOWN: _at_menu,
}
