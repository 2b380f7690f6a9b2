"""How a call with a patient begins: ours asks who is there before anything private, theirs offers what it can do."""

from __future__ import annotations

from typing import Final, Literal

from service.core.call.asking import YES_OR_NO, end
from service.core.call.line import Hints, Line, Listen, Place, Say
from service.core.call.scene import Scene
from service.core.call.turn import Turn

Caller = Literal["patient", "shared", "unknown"]

_FAX: Final = "fax"
_MACHINE: Final = "machine"
_MENU: Final = Listen(seconds=7, hints=Hints.COMPLAINT)


def begin_check_in(scene: Scene, answered_by: str) -> Turn:
    """Begin a call of ours with who is there; a machine gets the one message that says nothing of health.

    `answered_by` is Twilio's word for who picked up; unsure counts as a person.
    """
    if answered_by.startswith(_FAX):
        return end()
    if answered_by.startswith(_MACHINE):
        return leave_message(scene)
    if scene.pending is None:
        return nothing_to_ask()
    return greet(scene, Say("call_greeting", (("name", scene.name),)))


def greet(scene: Scene, *says: Say, came_from: Place = Place.GREETING) -> Turn:
    """Ask who is there."""
    asks_again = (Say("call_greeting_again", (("name", scene.name),)),)
    line = Line(Place.GREETING, asks_again, YES_OR_NO, came_from=came_from)
    return Turn(line, says or asks_again, YES_OR_NO)


def leave_message(scene: Scene) -> Turn:
    """Leave a message, once a check-in and while it waits for an answer, or hang up without a word."""
    leaves = scene.leaves_message and scene.pending is not None
    return end(*((Say("call_voicemail", (("name", scene.name),)),) if leaves else ()))


def nothing_to_ask() -> Turn:
    """End a call whose question was answered elsewhere meanwhile."""
    return end(Say("inbound_greeting"), Say("call_goodbye"))


def begin_inbound(scene: Scene, caller: Caller) -> Turn:
    """Begin a call that came in: 911 first, then what the caller can do; nothing that tells whose number it is."""
    greeting = Say("inbound_greeting")
    if caller == "unknown":
        menu, place = Say("inbound_unknown"), Place.UNKNOWN
    elif caller == "patient" and scene.pending is not None:
        menu, place = Say("inbound_menu"), Place.MENU
    else:
        menu, place = Say("inbound_menu_open"), Place.MENU
    return Turn(Line(place, (menu,), _MENU), (greeting, menu), _MENU)
