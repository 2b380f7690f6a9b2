"""A concerning message is brought before a person: it opens an escalation, or joins and raises the one that is open."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.core.words import Disposition, highest
from service.store import escalations
from service.store.database import Session
from service.store.escalations import Escalation, EscalationState
from service.store.inbox import InboxMessage
from service.store.patients import Patient
from service.store.staff import Staff
from service.workflows.callbacks import callback_due
from service.workflows.deps import Deps
from service.workflows.paging import page_from_the_start, tell_member
from service.workflows.wall_time import clinic_time

_MOST_TRIES = 50
# A reply is read within seconds. One that is read this long after it was written has come by another way, and the
# patient has waited: staff must know for how long.
_LATE = timedelta(minutes=15)


def escalate(
    session: Session,
    deps: Deps,
    *,
    patient: Patient | None,
    message: InboxMessage | None,
    disposition: Disposition,
    reason: str,
    now: datetime,
) -> Escalation:
    """Bring a message before a person.

    1. Join the escalation that is open for this patient or unknown sender, or open one.
    2. Raise it where this is higher, and where somebody had taken a lower one, open it again.
    3. Page at once where the level calls for it and it is new, raised or reopened; whoever has it hears of the rest.
    """
    came_at = _came_late(message, now)
    if came_at is not None:
        reason = f"{reason} This came {clinic_time(session, came_at)}, and was read late."
    sender_hash = message.sender_hash if message is not None and patient is None else None
    patient_id = patient.id if patient else None
    for _ in range(_MOST_TRIES):
        escalation = escalations.open_for(session, patient_id=patient_id, sender_hash=sender_hash)
        if escalation is not None:
            page = _join(session, deps, escalation, message, disposition, reason, now)
            break
        escalation = _open(session, deps, patient_id, sender_hash, disposition, reason, now)
        if escalation is not None:
            page = disposition.needs_paging
            break
    else:
        raise RuntimeError("No free escalation code was found; close old escalations first.")
    if message is not None:
        message.escalation_id = escalation.id
    if page:
        escalation.came_at = came_at
        page_from_the_start(session, deps, escalation, now)
    return escalation


def _open(
    session: Session,
    deps: Deps,
    patient_id: int | None,
    sender_hash: str | None,
    disposition: Disposition,
    reason: str,
    now: datetime,
) -> Escalation | None:
    escalation = escalations.open_new(
        session,
        code=deps.new_code(),
        patient_id=patient_id,
        sender_hash=sender_hash,
        disposition=disposition,
        reason=reason,
        now=now,
        due_at=callback_due(session, now),
    )
    if escalation is not None:
        words = f"Opened as {disposition}. {reason}"
        escalations.record_event(session, escalation.id, "opened", words, now)
    return escalation


def _join(
    session: Session,
    deps: Deps,
    escalation: Escalation,
    message: InboxMessage | None,
    disposition: Disposition,
    reason: str,
    now: datetime,
) -> bool:
    """Join the open escalation; return whether staff must be paged (again) for it."""
    before = Disposition(escalation.disposition)
    level = highest(before, disposition)
    raised = level is not before
    escalations.record_event(session, escalation.id, "joined", f"Another reply: {disposition}. {reason}", now)
    if raised:
        escalation.disposition, escalation.reason = level, reason
        escalations.record_event(session, escalation.id, "raised", f"Raised from {before} to {level}.", now)
    if escalation.state != EscalationState.ACKNOWLEDGED:
        return raised and level.needs_paging
    if disposition.needs_paging and (raised or not _was_seen(escalation, message)):
        escalations.reopen(escalation, now)
        words = "Open again: it needs a person now."
        escalations.record_event(session, escalation.id, "reopened", words, now)
        return True
    _tell_owner(session, deps, escalation, message, now)
    return False


def _came_late(message: InboxMessage | None, now: datetime) -> datetime | None:
    """Return when the message was written, where that is long ago; it may have come while the service was down."""
    return message.received_at if message is not None and now - message.received_at >= _LATE else None


def _was_seen(escalation: Escalation, message: InboxMessage | None) -> bool:
    """Return whether the message was written before somebody took it: read late, it is no news of the patient."""
    taken_at = escalation.acknowledged_at
    return message is not None and taken_at is not None and message.received_at < taken_at


def _tell_owner(
    session: Session, deps: Deps, escalation: Escalation, message: InboxMessage | None, now: datetime
) -> None:
    owner = session.get(Staff, escalation.acknowledged_by)
    if owner is not None and message is not None:
        key = f"news:{escalation.id}:{message.id}"
        tell_member(session, deps, escalation, owner, "ack_news", key=key, now=now)
