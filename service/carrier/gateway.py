"""What the service asks of a carrier, and the three things that can come of an attempt: accepted, refused, unknown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from service.carrier.outcome import Refusal


@dataclass(frozen=True, slots=True)
class OutgoingText:
    """A text to send. `reference` comes back in the status callbacks; `valid_for` is how long it is worth delivering."""

    recipient: str
    body: str
    reference: str
    valid_for: timedelta


@dataclass(frozen=True, slots=True)
class OutgoingCall:
    """A call to place. `reference` names it in the addresses that the carrier asks what to say, and reports to."""

    recipient: str
    reference: str


@dataclass(frozen=True, slots=True)
class Accepted:
    """The carrier has it, under this sid."""

    sid: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The carrier will not send it: its code, and what kind of refusal that is."""

    code: int | None
    kind: Refusal
    sentence: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nobody knows whether the carrier has it: the connection broke or timed out, or it answered 5xx."""

    sentence: str


Outcome = Accepted | Refused | Unknown


@dataclass(frozen=True, slots=True)
class LoggedText:
    """A message as the carrier's own log has it; instants are aware and in UTC."""

    sid: str
    direction: str
    sender: str
    recipient: str
    body: str
    status: str
    error_code: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class LoggedCall:
    """A call as the carrier's own log has it; `created_at` is aware and in UTC, the duration in seconds."""

    sid: str
    direction: str
    caller: str
    recipient: str
    status: str
    answered_by: str
    duration: int | None
    created_at: datetime


class Carrier(Protocol):
    """A way to phones."""

    def send_text(self, text: OutgoingText) -> Outcome:
        """Hand one text to the carrier; never raises for what the carrier or the network does."""
        ...

    def place_call(self, call: OutgoingCall) -> Outcome:
        """Let the carrier ring a phone; never raises for what the carrier or the network does."""
        ...

    def texts_to(self, recipient: str, since: datetime) -> Iterator[LoggedText]:
        """Yield the carrier's log of messages to a number since the instant; raises `UnableToAsk`."""
        ...

    def texts_received(self, since: datetime) -> Iterator[LoggedText]:
        """Yield the carrier's log of messages that came in since the instant; raises `UnableToAsk`."""
        ...

    def text_named(self, sid: str) -> LoggedText:
        """Return what the carrier knows of one message; raises `UnableToAsk`."""
        ...

    def calls_to(self, recipient: str, since: datetime) -> Iterator[LoggedCall]:
        """Yield the carrier's log of calls to a number since the instant; raises `UnableToAsk`."""
        ...

    def calls_received(self, since: datetime) -> Iterator[LoggedCall]:
        """Yield the carrier's log of calls that came in since the instant; raises `UnableToAsk`."""
        ...

    def call_named(self, sid: str) -> LoggedCall:
        """Return what the carrier knows of one call; raises `UnableToAsk`."""
        ...


class UnableToAsk(Exception):
    """The carrier's log could not be read; try again on the next tick."""
