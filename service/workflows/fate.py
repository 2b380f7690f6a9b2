"""The fate of a message that was sent, as Twilio tells it: only forwards, and what is lost goes to a person at once."""

from __future__ import annotations

from datetime import datetime

from service import logs
from service.carrier.outcome import Refusal, refusal
from service.core.words import Disposition, Urgency
from service.store import escalations
from service.store.database import Session
from service.store.outbox import PROGRESS, OutboxMessage, OutboxState
from service.store.patients import Patient
from service.store.staff import Staff
from service.workflows.deps import Deps
from service.workflows.escalating import escalate
from service.workflows.paging import page_was_lost

_log = logs.get(__name__)

# Twilio's words for the fate of a message, as ours.
_STATES = {
    "accepted": OutboxState.ACCEPTED,
    "queued": OutboxState.ACCEPTED,
    "scheduled": OutboxState.ACCEPTED,
    "sending": OutboxState.ACCEPTED,
    "sent": OutboxState.SENT,
    "delivered": OutboxState.DELIVERED,
    "read": OutboxState.DELIVERED,
    "undelivered": OutboxState.UNDELIVERED,
    "failed": OutboxState.FAILED,
    "canceled": OutboxState.FAILED,
}
_LOST = (OutboxState.UNDELIVERED, OutboxState.FAILED)


def settle_status(
    session: Session,
    deps: Deps,
    message: OutboxMessage,
    *,
    sid: str,
    status: str,
    code: int | None,
    now: datetime,
) -> None:
    """Take what Twilio says of the message, from a callback or from its log."""
    state = _STATES.get(status)
    if state is None:
        _log.warning("status.unheard_of", status=status, outbox_id=message.id)
        return
    message.sid = message.sid or sid
    message.error_code = code if code is not None else message.error_code
    if PROGRESS[state] <= PROGRESS[OutboxState(message.state)]:
        return
    message.state, message.lease_until = state, None
    if state in (OutboxState.DELIVERED, *_LOST):
        message.settled_at = now
    if state in _LOST:
        _lost(session, deps, message, now)
    _log.info("outbox.status", outbox_id=message.id, state=str(state), code=code)


def _lost(session: Session, deps: Deps, message: OutboxMessage, now: datetime) -> None:
    kind, reason = refusal(message.error_code)
    message.remark = f"{reason[0].upper()}{reason[1:]}."
    tell_staff(session, deps, message, message.remark, opted_out=kind is Refusal.OPTED_OUT, now=now)


def tell_staff(
    session: Session, deps: Deps, message: OutboxMessage, sentence: str, *, opted_out: bool, now: datetime
) -> None:
    """Bring a message that will never arrive before a person; a page that failed lets its ladder climb at once."""
    if message.staff_id is not None:
        _climb_on(session, message, sentence, opted_out=opted_out, now=now)
        return
    if message.patient_id is None:
        return
    patient = session.get_one(Patient, message.patient_id)
    if opted_out and patient.opted_out_at is None:
        patient.opted_out_at = now
    escalate(
        session,
        deps,
        patient=patient,
        message=None,
        disposition=Disposition.CALLBACK,
        reason=f"A text could not be delivered: {sentence}",
        now=now,
    )


def _climb_on(
    session: Session, message: OutboxMessage, sentence: str, *, opted_out: bool, now: datetime
) -> None:
    member = session.get_one(Staff, message.staff_id)
    if opted_out and member.sms_refused_at is None:
        member.sms_refused_at = now
    if message.escalation_id is None or message.urgency != Urgency.PAGE:
        return
    words = f"The page did not reach {member.name}: {sentence}"
    escalations.record_event(session, message.escalation_id, "page_failed", words, now, staff_id=member.id)
    page_was_lost(session, message, now)
