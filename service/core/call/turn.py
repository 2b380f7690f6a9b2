"""What a call does next: say something and listen, connect or hang up; or have the world do something first."""

from __future__ import annotations

from dataclasses import dataclass

from service.core.call.line import Line, Listen, Say
from service.core.decisions import Escalate, WrongNumber


@dataclass(frozen=True, slots=True)
class Connect:
    """Ring who is on call, and connect the one who answers."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call, once everything has been said."""


@dataclass(frozen=True, slots=True)
class AskByText:
    """Send the question that is in the air as a text, to be answered later."""


Act = Escalate | WrongNumber | AskByText


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: do the acts, say everything in order, then wait, connect or hang up; the line is kept."""

    line: Line
    says: tuple[Say, ...]
    then: Listen | Connect | HangUp
    acts: tuple[Act, ...] = ()


@dataclass(frozen=True, slots=True)
class TakeReply:
    """Read the words as a reply; `after_reply` tells how the call goes on."""

    words: str


@dataclass(frozen=True, slots=True)
class TakePage:
    """The page is theirs, if it can still be had; `page_settled` tells how the call goes on."""


@dataclass(frozen=True, slots=True)
class PassPage:
    """The page goes to the next; `page_settled` tells how the call goes on."""


@dataclass(frozen=True, slots=True)
class TryCode:
    """Look for the open page whose code these keys spell; `page_settled` tells how the call goes on."""

    keys: str
