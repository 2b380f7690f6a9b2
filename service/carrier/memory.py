"""A carrier that remembers instead of sending: for tests, and for looking at what would leave."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock

from service.carrier.gateway import (
    Accepted,
    LoggedCall,
    LoggedText,
    Outcome,
    OutgoingCall,
    OutgoingText,
    UnableToAsk,
)


@dataclass(slots=True)
class MemoryCarrier:
    """Accepts every text and call and keeps them in `texts` and `calls`.

    `outcomes` are handed out first, one an attempt, to rehearse what a carrier can answer; what has an outcome other
    than accepted is not in the log. `received` and `received_calls` are what the log says came in.
    """

    now: Callable[[], datetime]
    sender: str = "+12025550100"
    texts: list[OutgoingText] = field(default_factory=list)
    calls: list[OutgoingCall] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    received: list[LoggedText] = field(default_factory=list)
    received_calls: list[LoggedCall] = field(default_factory=list)
    _log: list[LoggedText] = field(default_factory=list)
    _log_of_calls: list[LoggedCall] = field(default_factory=list)
    _turn: Lock = field(default_factory=Lock)

    def send_text(self, text: OutgoingText) -> Outcome:
        """Remember the text; answer with the next rehearsed outcome, or accept it."""
        with self._turn:
            self.texts.append(text)
            outcome = self.outcomes.pop(0) if self.outcomes else Accepted(f"SM{len(self.texts):032x}")
            if isinstance(outcome, Accepted):
                self._log.append(self._logged(text, outcome.sid))
            return outcome

    def place_call(self, call: OutgoingCall) -> Outcome:
        """Remember the call; answer with the next rehearsed outcome, or accept it."""
        with self._turn:
            self.calls.append(call)
            outcome = self.outcomes.pop(0) if self.outcomes else Accepted(f"CA{len(self.calls):032x}")
            if isinstance(outcome, Accepted):
                logged = LoggedCall(
                    outcome.sid,
                    "outbound-api",
                    self.sender,
                    call.recipient,
                    "queued",
                    "",
                    None,
                    self.now(),
                )
                self._log_of_calls.append(logged)
            return outcome

    def end_call(self, sid: str, status: str) -> None:
        """Let a call be over in the log, though nobody reports it."""
        self._log_of_calls = [
            replace(call, status=status) if call.sid == sid else call for call in self._log_of_calls
        ]

    def _logged(self, text: OutgoingText, sid: str) -> LoggedText:
        return LoggedText(
            sid=sid,
            direction="outbound-api",
            sender=self.sender,
            recipient=text.recipient,
            body=text.body,
            status="queued",
            error_code=None,
            created_at=self.now(),
        )

    def texts_to(self, recipient: str, since: datetime) -> Iterator[LoggedText]:
        """Yield what was accepted for the number since the instant, oldest first."""
        return (text for text in self._log if text.recipient == recipient and text.created_at >= since)

    def texts_received(self, since: datetime) -> Iterator[LoggedText]:
        """Yield what `received` holds since the instant."""
        return (text for text in self.received if text.created_at >= since)

    def text_named(self, sid: str) -> LoggedText:
        """Return the text that was accepted under the sid, as the log has it now."""
        for text in (*self._log, *self.received):
            if text.sid == sid:
                return text
        raise UnableToAsk(f"There is no message {sid} here.")

    def calls_to(self, recipient: str, since: datetime) -> Iterator[LoggedCall]:
        """Yield what was accepted for the number since the instant, oldest first."""
        return (
            call for call in self._log_of_calls if call.recipient == recipient and call.created_at >= since
        )

    def calls_received(self, since: datetime) -> Iterator[LoggedCall]:
        """Yield what `received_calls` holds since the instant."""
        return (call for call in self.received_calls if call.created_at >= since)

    def call_named(self, sid: str) -> LoggedCall:
        """Return the call that was accepted under the sid, as it was then."""
        for call in (*self._log_of_calls, *self.received_calls):
            if call.sid == sid:
                return call
        raise UnableToAsk(f"There is no call {sid} here.")
