"""Calls as staff read them: who called, when and for how long, how it ended, and what was said turn by turn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from service.carrier.outcome import call_failed
from service.core.call import BADLY_HEARD
from service.store import calls, outbox
from service.store.calls import Call, CallPurpose, CallStatus, CallTurn
from service.store.database import Session
from service.store.staff import Staff
from service.web.escalation_views import CallLine, Spoken
from service.web.moments import moment
from service.web.talk import fate, is_lost
from service.workflows.calls.ending import is_machine

_STANDS: Final = {
    CallStatus.QUEUED: "Twilio has it",
    CallStatus.INITIATED: "is being connected",
    CallStatus.RINGING: "rings",
    CallStatus.IN_PROGRESS: "is going on now",
    CallStatus.BUSY: "the line was busy",
    CallStatus.NO_ANSWER: "nobody picked up",
    CallStatus.CANCELED: "it was called off",
}
_IN_VAIN: Final = (CallStatus.BUSY, CallStatus.NO_ANSWER, CallStatus.CANCELED, CallStatus.FAILED)


def dated(
    session: Session, found: Iterable[Call], zone: str, now: datetime
) -> tuple[tuple[datetime, CallLine], ...]:
    """Return the calls by the clock of the zone, each with the instant that it stands at in a conversation."""
    return tuple((call.created_at, call_line(session, call, zone, now)) for call in found)


def call_line(session: Session, call: Call, zone: str, now: datetime) -> CallLine:
    """Return one call with all that was said on it."""
    how, is_in_vain = _how_it_went(session, call)
    return CallLine(
        is_ours=call.purpose != CallPurpose.INBOUND,
        at=moment(call.created_at, zone, now),
        how=how,
        is_in_vain=is_in_vain,
        spoken=tuple(_spoken(calls.turns_of(session, call.id))),
    )


def _how_it_went(session: Session, call: Call) -> tuple[str, bool]:
    status = CallStatus(call.status)
    if status is CallStatus.PROMISED:
        message = outbox.by_reference(session, call.reference)
        return (fate(message), is_lost(message)) if message is not None else ("waits to leave", False)
    if status is CallStatus.COMPLETED:
        return _over(session, call)
    if status is CallStatus.FAILED:
        return f"it failed: {call_failed(call.error_code)}", True
    return _STANDS[status], status in _IN_VAIN


def _over(session: Session, call: Call) -> tuple[str, bool]:
    is_in_vain = is_machine(call.answered_by) or call.answered_at is None
    if call.answered_at is None:
        parts = ["nothing of ours could answer"]
    elif call.answered_by == "fax":
        parts = ["a fax answered"]
    else:
        parts = ["a voicemail answered" if is_in_vain else "answered"]
    if call.duration:
        parts.append(_length(call.duration))
    colleague = session.get(Staff, call.connected_to) if call.connected_to is not None else None
    if colleague is not None:
        parts.append(f"connected with {colleague.name}")
    return ", ".join(parts), is_in_vain


def _length(seconds: int) -> str:
    return f"{seconds // 60} min {seconds % 60} s" if seconds >= 60 else f"{seconds} s"


def _spoken(turns: Sequence[CallTurn]) -> Iterator[Spoken]:
    before: CallTurn | None = None
    for turn in turns:
        if before is not None:
            yield from _heard(before, turn)
        lines = turn.said["lines"] if turn.said is not None else ()
        if lines:
            yield Spoken(True, " ".join(lines))
        before = turn


def _heard(before: CallTurn, turn: CallTurn) -> Iterator[Spoken]:
    if turn.keys:
        yield Spoken(False, f"Pressed {' '.join(turn.keys)}")
    elif turn.words:
        is_faint = turn.confidence is not None and turn.confidence < BADLY_HEARD
        yield Spoken(False, turn.words, f"badly heard, {turn.confidence:.0%} sure" if is_faint else "")
    elif _listened(before):
        yield Spoken(False, "", "nothing was heard")


def _listened(turn: CallTurn) -> bool:
    """Return whether the turn waited for an answer, and did not only go on or ring somebody."""
    return turn.said is not None and "<Gather" in turn.said["document"]
