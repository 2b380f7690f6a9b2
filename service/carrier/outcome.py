"""Twilio's error codes and statuses as what they mean for us: one row a code, with its reason."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Refusal(StrEnum):
    """What a refusal calls for."""

    PERMANENT = "permanent"
    """This message will never arrive there; staff must know."""
    OPTED_OUT = "opted_out"
    """The carrier blocks our messages to this number, because its owner said STOP."""
    PASSING = "passing"
    """Not now; try again later, with growing pauses."""
    CONFIGURATION = "configuration"
    """Nothing leaves until ops have put something right; trying each message would burn them all."""


# Twilio's codes: https://www.twilio.com/docs/api/errors
_CODES: Final[dict[int, tuple[Refusal, str]]] = {
    10001: (Refusal.CONFIGURATION, "the account at Twilio is not active"),
    10004: (Refusal.PASSING, "the account has too many calls at once"),
    13224: (Refusal.PERMANENT, "Twilio can't call that number"),
    13225: (Refusal.PERMANENT, "calls to that number are blocked"),
    13227: (Refusal.PERMANENT, "the account may not call that country"),
    20003: (Refusal.CONFIGURATION, "Twilio does not accept our credentials"),
    20404: (Refusal.CONFIGURATION, "Twilio does not know the account or address we called"),
    20429: (Refusal.PASSING, "Twilio has too many requests of ours at once"),
    21210: (Refusal.CONFIGURATION, "our own number is not the account's, so that it can't call"),
    21211: (Refusal.PERMANENT, "the number is not a phone number"),
    21212: (Refusal.CONFIGURATION, "our own number is not valid as a sender"),
    21214: (Refusal.PERMANENT, "the number can't be called"),
    # Numbers that the account may not reach: others it may, so that the line must not stop for one of them.
    21215: (Refusal.PERMANENT, "the account may not call that country"),
    21216: (Refusal.PERMANENT, "calls to that number are blocked"),
    21217: (Refusal.PERMANENT, "the number is not a phone number"),
    21219: (Refusal.PERMANENT, "a trial account calls verified numbers only"),
    21408: (Refusal.PERMANENT, "the account may not send to that country"),
    21606: (Refusal.CONFIGURATION, "our own number can't send texts"),
    21608: (Refusal.PERMANENT, "a trial account sends to verified numbers only"),
    21610: (Refusal.OPTED_OUT, "the number has opted out of our messages"),
    21611: (Refusal.PASSING, "our number's queue at Twilio is full"),
    21612: (Refusal.PERMANENT, "Twilio has no way from our number to that one"),
    21614: (Refusal.PERMANENT, "the number can't receive texts"),
    21617: (Refusal.PERMANENT, "the text is too long"),
    30001: (Refusal.PASSING, "our number's queue at Twilio overflowed"),
    30002: (Refusal.CONFIGURATION, "Twilio has suspended the account"),
    30003: (Refusal.PERMANENT, "the phone can't be reached"),
    30004: (Refusal.PERMANENT, "the message was blocked"),
    30005: (Refusal.PERMANENT, "no such phone is known"),
    30006: (Refusal.PERMANENT, "the number is a landline, or its carrier can't be reached"),
    30007: (Refusal.PERMANENT, "the carrier filtered the message"),
    30008: (Refusal.PERMANENT, "the carrier gave no reason"),
    30022: (Refusal.PASSING, "our sending rate was exceeded"),
    30032: (Refusal.CONFIGURATION, "our toll-free number is not verified"),
    30034: (Refusal.CONFIGURATION, "our number is not registered for A2P messaging"),
    30036: (Refusal.PERMANENT, "it stayed undelivered until it was too old"),
    63017: (Refusal.PASSING, "the account sends too many messages in a second"),
    63038: (Refusal.PASSING, "the account's daily message limit is reached"),
}


# The phone is there, and takes calls alone.
TAKES_NO_TEXTS: Final = frozenset({21614, 30006})


def refusal(code: int | None, status: int | None = None) -> tuple[Refusal, str]:
    """Return what a code (or, without one, an HTTP status) calls for, and the reason in words.

    A code that nobody here has heard of is permanent: Twilio warns that its list grows, and a blind repeat may double.
    """
    if code in _CODES:
        return _CODES[code]
    if status == 429:
        return _CODES[20429]
    if status in (401, 403):
        return _CODES[20003]
    return Refusal.PERMANENT, f"Twilio refused it with code {code or status}"


# What a phone network answers to a call (RFC 3261, section 21): all that Twilio tells of a call that failed.
_OF_THE_NETWORK: Final = {
    403: "the carrier did not let the call through",
    404: "no phone has this number",
    408: "the phone did not answer in time",
    410: "the number is no longer in use",
    480: "the phone can't be reached",
    484: "the number is not complete",
    486: "the line is busy",
    487: "nobody picked up",
    488: "the carrier can't take this kind of call",
    503: "the carrier could not connect it",
    600: "the line is busy",
    603: "the call was declined",
    604: "no phone has this number",
}


def call_failed(code: int | None) -> str:
    """Return in words why a call that Twilio had taken failed, by the code that the network gave, or none."""
    if code is None:
        return "the phone can't be called"
    return _OF_THE_NETWORK.get(code, f"the network answered {code}")
