"""Webhook forms as values: texts and turns of calls received, and reports on what we sent. Odd senders never crash it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_E164: Final = re.compile(r"\+[1-9]\d{6,14}")
# Twilio answers these by itself, as whole messages; a second answer from us would double it or fail with 21610.
_ANSWERED_BY_TWILIO: Final = frozenset(
    [
        "stop",
        "stopall",
        "unsubscribe",
        "cancel",
        "end",
        "quit",
        "revoke",
        "optout",
        "start",
        "yes",
        "unstop",
        "help",
        "info",
    ]
)
_SENDS_OPT_OUT: Final = frozenset(
    ["stop", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout"]
)


@dataclass(frozen=True, slots=True)
class InboundText:
    """A text as it came: Twilio's sid, the sender as Twilio names it, the body untouched, and all that came."""

    sid: str
    sender: str
    body: str
    form: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class StatusReport:
    """What Twilio says of a message that we sent; `reference` is ours, from the callback's address."""

    sid: str
    status: str
    error_code: int | None
    reference: str


@dataclass(frozen=True, slots=True)
class CallReport:
    """What Twilio says of a call: its status, who answered (where it was asked to find out), and seconds in the end."""

    sid: str
    status: str
    reference: str = ""
    answered_by: str = ""
    duration: int | None = None
    error_code: int | None = None


@dataclass(frozen=True, slots=True)
class InboundCall:
    """A call that came in, or a turn of one: Twilio's sid, and the caller as Twilio names them."""

    sid: str
    caller: str


@dataclass(frozen=True, slots=True)
class HeardTurn:
    """What Twilio heard at one turn: keys, or words with its confidence (0.0-1.0, not always given), or neither.

    `dialled` is how a call to somebody else that we had connected has ended, where one had begun.
    """

    keys: str
    words: str
    confidence: float | None
    dialled: str


class Malformed(Exception):
    """The webhook lacks what every one from Twilio has."""


def inbound_text(form: Mapping[str, str]) -> InboundText:
    """Return the text in the form; raises `Malformed` where no sid names it."""
    sid = form.get("MessageSid") or form.get("SmsSid") or ""
    if not sid:
        raise Malformed("The webhook has no MessageSid, so it can't be kept apart from others.")
    return InboundText(sid, form.get("From", ""), form.get("Body", ""), dict(form.items()))


def status_report(form: Mapping[str, str], reference: str) -> StatusReport:
    """Return the report in the form; raises `Malformed` where it names no message or no status."""
    sid = form.get("MessageSid") or form.get("SmsSid") or ""
    status = form.get("MessageStatus") or form.get("SmsStatus") or ""
    if not sid or not status:
        raise Malformed("The status webhook has no MessageSid or no MessageStatus.")
    return StatusReport(sid, status, _whole(form.get("ErrorCode", "")), reference)


def call_report(form: Mapping[str, str], reference: str) -> CallReport:
    """Return the report in the form; raises `Malformed` where it names no call or no status."""
    sid, status = form.get("CallSid", ""), form.get("CallStatus", "")
    if not sid or not status:
        raise Malformed("The webhook of a call has no CallSid or no CallStatus.")
    return CallReport(
        sid,
        status,
        reference,
        form.get("AnsweredBy", ""),
        _whole(form.get("CallDuration", "")),
        _whole(form.get("SipResponseCode", "")) if status == "failed" else None,
    )


def inbound_call(form: Mapping[str, str]) -> InboundCall:
    """Return the call in the form; raises `Malformed` where no sid names it."""
    sid = form.get("CallSid", "")
    if not sid:
        raise Malformed("The webhook of a call has no CallSid, so it can't be kept apart from others.")
    return InboundCall(sid, form.get("From", ""))


def heard_turn(form: Mapping[str, str]) -> HeardTurn:
    """Return what was heard; a confidence that is no number is taken as not given."""
    try:
        confidence: float | None = float(form.get("Confidence", ""))
    except ValueError:
        confidence = None
    return HeardTurn(
        # Where speech is listened for too, Twilio may not take the # for the end of the keys, and hand it over.
        form.get("Digits", "").rstrip("#"),
        form.get("SpeechResult", ""),
        confidence,
        form.get("DialCallStatus", ""),
    )


def _whole(text: str) -> int | None:
    return int(text) if text.isdigit() else None


def is_number(sender: str) -> bool:
    """Return whether a sender is a number that can be answered, and not a short code, a name or a withheld one."""
    return _E164.fullmatch(sender) is not None


def is_answered_by_twilio(body: str) -> bool:
    """Return whether the whole message is a keyword that Twilio itself has already answered."""
    return body.strip().lower() in _ANSWERED_BY_TWILIO


def blocks_us(body: str) -> bool:
    """Return whether the whole message made Twilio block our number, so that no text reaches its sender any more."""
    return body.strip().lower() in _SENDS_OPT_OUT
