"""What Twilio reports of a call: only forwards, and a call that is over settles what it was for."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from service import logs
from service.carrier.inbound import CallReport
from service.store import calls, outbox
from service.store.calls import CALL_PROGRESS, Call, CallStatus
from service.store.database import Session
from service.store.outbox import OutboxMessage, OutboxState
from service.workflows.calls.ending import call_is_over
from service.workflows.calls.promising import LOOK_AFTER
from service.workflows.deps import Deps

_log = logs.get(__name__)

_OF_OUTBOX: Final = {
    CallStatus.QUEUED: OutboxState.ACCEPTED,
    CallStatus.INITIATED: OutboxState.ACCEPTED,
    CallStatus.RINGING: OutboxState.ACCEPTED,
    CallStatus.IN_PROGRESS: OutboxState.SENT,
}


def apply_call_report(deps: Deps, report: CallReport) -> None:
    """Move the call forward as the report says; one that is old, repeated or of no call changes nothing."""
    now = deps.now()
    with deps.store.transaction() as session:
        call = calls.held_call(session, report.reference) or calls.call_by_sid(session, report.sid)
        if call is None:
            _log.warning("call.of_no_record", sid=report.sid)
            return
        move_call(session, deps, call, report, now)


def move_call(session: Session, deps: Deps, call: Call, report: CallReport, now: datetime) -> None:
    """Take what Twilio says of the call, from a report, a turn, or its log; the call is held."""
    try:
        status = CallStatus(report.status)
    except ValueError:
        _log.warning("call.unheard_of", status=report.status, call_id=call.id)
        return
    call.sid = call.sid or report.sid
    call.answered_by = report.answered_by or call.answered_by
    before = CallStatus(call.status)
    if CALL_PROGRESS[status] <= CALL_PROGRESS[before]:
        return
    call.status, call.error_code = status, report.error_code or call.error_code
    call.look_at = now + LOOK_AFTER
    if status is CallStatus.IN_PROGRESS:
        call.answered_at = now
    message = outbox.by_reference(session, call.reference)
    if message is not None and status in _OF_OUTBOX:
        _progress(message, _OF_OUTBOX[status], call)
    if status.is_over:
        call.ended_at, call.duration = now, report.duration
        # A turn that was heard and not answered yet may be in a process that has died.
        call.look_at = now + LOOK_AFTER if calls.untaken_turns(session, call.id) else None
        call_is_over(session, deps, call, message, now)
    _log.info("call.status", call_id=call.id, purpose=call.purpose, status=str(status))


def _progress(message: OutboxMessage, state: OutboxState, call: Call) -> None:
    message.sid = message.sid or call.sid
    if outbox.PROGRESS[state] > outbox.PROGRESS[OutboxState(message.state)]:
        message.state, message.lease_until = state, None
