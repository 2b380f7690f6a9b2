"""A call about a page: what is needed is said, and nothing but a key takes it; a voicemail or silence never does."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from service.core.call.asking import MOST_SILENCES, end
from service.core.call.keypad import Heard
from service.core.call.line import Line, Listen, Place, Say
from service.core.call.turn import PassPage, TakePage, TryCode, Turn

_KEY: Final = Listen(keys=1, speech=False, seconds=6)
_KEYS_OF_LETTERS: Final = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")
_FOUR_KEYS: Final = Listen(keys=4, speech=False, seconds=8)


class Settled(StrEnum):
    """What became of a key press: the name of the line that says so."""

    TAKEN = "page_taken"
    ALREADY_TAKEN = "page_already_taken"
    CLOSED = "page_closed"
    PASSED_ON = "page_passed_on"
    UNKNOWN_CODE = "page_unknown_code"


@dataclass(frozen=True, slots=True)
class Page:
    """What a page says: its code, its level, the whole minutes that the patient has waited, and who has it (or "")."""

    code: str
    level: str
    minutes: int
    by: str = ""

    def say(self, template: str) -> Say:
        """Return a line about this page."""
        given = (("code", self.code), ("level", self.level), ("minutes", str(self.minutes)), ("by", self.by))
        return Say(template, given)


def spells(keys: str, code: str) -> bool:
    """Return whether the keys of a phone, each with the letters that it shows, spell the code."""
    return keys == code.upper().translate(_KEYS_OF_LETTERS)


def begin_page(page: Page, answered_by: str = "") -> Turn:
    """Begin with what is needed; a machine gets the message that it takes nothing."""
    if answered_by.startswith("fax"):
        return end()
    if answered_by.startswith("machine"):
        return end(page.say("page_staff_voicemail"))
    told = (page.say("page_staff"),)
    return Turn(Line(Place.PAGE, told, _KEY), told, _KEY)


def begin_code() -> Turn:
    """Ask a member of staff with several open pages which one they call about."""
    told = (Say("page_ask_code"),)
    return Turn(Line(Place.CODE, told, _FOUR_KEYS), told, _FOUR_KEYS)


def none_open() -> Turn:
    """Tell a member of staff who calls that nothing waits for them."""
    return end(Say("inbound_greeting"), Say("page_none_open"))


def on_page_heard(line: Line, heard: Heard, page: Page) -> Turn | TakePage | PassPage:
    """Return what a key press on a page leads to; silence is asked after once, and takes nothing."""
    if heard.keys == "1":
        return TakePage()
    if heard.keys == "2":
        return PassPage()
    if heard.keys in ("9", "*"):
        return begin_page(page)
    if line.silences + 1 < MOST_SILENCES:
        return Turn(replace(line, silences=line.silences + 1), (page.say("page_not_heard"),), _KEY)
    return end(page.say("page_silence"))


def on_code_heard(line: Line, heard: Heard) -> Turn | TryCode:
    """Return what the keys of a code lead to."""
    if heard.keys and heard.keys != "*":
        return TryCode(heard.keys)
    return _code_again(line)


def page_settled(line: Line, settled: Settled, page: Page) -> Turn:
    """Say aloud what became of the key press; a code that no open page has may be tried again."""
    if settled is Settled.UNKNOWN_CODE:
        return _code_again(line, page.say(settled))
    return end(page.say(settled))


def _code_again(line: Line, *before: Say) -> Turn:
    if line.silences + 1 > MOST_SILENCES:
        return end(*before, Say("call_goodbye"))
    again = replace(line, silences=line.silences + 1)
    return Turn(again, (*before, *line.question), _FOUR_KEYS)
