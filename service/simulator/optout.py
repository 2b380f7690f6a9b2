"""Opting out as Twilio does it: eight words that block a pair of numbers, three that lift it, and HELP."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from enum import StrEnum

_STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
_START = frozenset({"START", "YES", "UNSTOP"})
_HELP = frozenset({"HELP", "INFO"})


class Mode(StrEnum):
    """How the account handles opt-outs; `advanced` needs a Messaging Service, `off` handles none."""

    STANDARD = "standard"
    ADVANCED = "advanced"
    TOLL_FREE = "toll_free"
    OFF = "off"


class Kind(StrEnum):
    """What a keyword means, in the words of the `OptOutType` parameter."""

    STOP = "STOP"
    START = "START"
    HELP = "HELP"


_ANSWERS = {
    Kind.STOP: "You have successfully been unsubscribed. You will not receive any more messages from this "
    "number. Reply START to resubscribe.",
    Kind.START: "You have successfully been re-subscribed to messages from this number. Reply HELP for help. "
    "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
    Kind.HELP: "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}


@dataclass(frozen=True, slots=True)
class Keyword:
    """A text that was a keyword, and the answer that Twilio gives by itself (None where it stays silent)."""

    kind: Kind
    answer: str | None


def keyword_in(body: str, mode: Mode) -> Kind | None:
    """Return what the text means to Twilio; only a text that is nothing but the keyword counts."""
    word = body.strip().upper()
    if mode is Mode.OFF:
        return None
    if word in _STOP:
        return Kind.STOP
    if word in _START and not (mode is Mode.TOLL_FREE and word == "YES"):
        return Kind.START
    return Kind.HELP if word in _HELP else None


class Blocks:
    """Who has opted out of whom: pairs of a sender (a number or a Messaging Service) and a handset."""

    def __init__(self, mode: Mode = Mode.STANDARD) -> None:
        self._lock = threading.Lock()
        self.mode = mode
        self._pairs: set[tuple[str, str]] = set()

    def hear(self, sender: str, handset: str, body: str) -> Keyword | None:
        """Take in a text that a handset sent: block, unblock, and return the keyword where it was one."""
        kind = keyword_in(body, self.mode)
        if kind is None:
            return None
        with self._lock:
            was_blocked = (sender, handset) in self._pairs
            if kind is Kind.STOP:
                self._pairs.add((sender, handset))
            elif kind is Kind.START:
                self._pairs.discard((sender, handset))
        return Keyword(kind, _ANSWERS[kind] if _is_answered(kind, was_blocked) else None)

    def has(self, sender: str, handset: str) -> bool:
        """Return whether the handset has opted out of this sender."""
        with self._lock:
            return (sender, handset) in self._pairs

    def set(self, sender: str, handset: str, *, blocked: bool) -> None:
        """Block or unblock a pair without a text, as the Consent API does."""
        with self._lock:
            (self._pairs.add if blocked else self._pairs.discard)((sender, handset))

    def pairs(self) -> list[tuple[str, str]]:
        """Return all blocked pairs, sorted."""
        with self._lock:
            return sorted(self._pairs)


def _is_answered(kind: Kind, was_blocked: bool) -> bool:
    if kind is Kind.HELP:
        return True
    return was_blocked == (kind is Kind.START)
