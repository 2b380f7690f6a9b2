"""What staff pages and metrics look up across the tables: reads only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from service.store.audit import AuditEntry
from service.store.check_ins import CheckIn, CheckInState
from service.store.escalations import Escalation, EscalationState
from service.store.inbox import InboxMessage
from service.store.outbox import OutboxMessage
from service.store.patients import Patient

# Silence older than this has been seen to at the next visit.
_MISSED_FOR: Final = timedelta(days=4)


def missed_lately(session: Session, now: datetime) -> Sequence[tuple[CheckIn, Patient]]:
    """Return the check-ins that have counted as missed in the last four days, with their patients, newest first."""
    found = (
        select(CheckIn, Patient)
        .join(Patient, Patient.id == CheckIn.patient_id)
        .where(CheckIn.state == CheckInState.MISSED, CheckIn.settled_at >= now - _MISSED_FOR)
        .order_by(CheckIn.settled_at.desc(), CheckIn.id.desc())
    )
    return [(check_in, patient) for check_in, patient in session.execute(found)]


def escalations_of(session: Session, patient_id: int) -> Sequence[Escalation]:
    """Return every escalation of the patient, newest first."""
    found = select(Escalation).where(Escalation.patient_id == patient_id)
    return session.scalars(found.order_by(Escalation.id.desc())).all()


def answers_to_sender(session: Session, sender_hash: str) -> Sequence[OutboxMessage]:
    """Return what was sent to a number that no patient has, oldest first."""
    found = select(OutboxMessage).where(
        OutboxMessage.recipient_hash == sender_hash,
        OutboxMessage.patient_id.is_(None),
        OutboxMessage.staff_id.is_(None),
    )
    return session.scalars(found.order_by(OutboxMessage.id)).all()


def has_seen(session: Session, actor: str, subject: str, since: datetime) -> bool:
    """Return whether the audit trail has this actor viewing the subject since the instant."""
    seen = select(AuditEntry.id).where(
        AuditEntry.at >= since,
        AuditEntry.actor == actor,
        AuditEntry.action == "viewed",
        AuditEntry.subject == subject,
    )
    return session.scalar(seen.limit(1)) is not None


def inbox_counts(session: Session) -> Mapping[str, int]:
    """Return how many received messages there are in each state."""
    counted = select(InboxMessage.state, func.count()).group_by(InboxMessage.state)
    return {state: count for state, count in session.execute(counted)}


def outbox_counts(session: Session) -> Mapping[str, int]:
    """Return how many messages of ours there are in each state."""
    counted = select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)
    return {state: count for state, count in session.execute(counted)}


def live_escalation_counts(session: Session) -> Mapping[tuple[str, str], int]:
    """Return how many escalations are not closed, by disposition and state."""
    counted = (
        select(Escalation.disposition, Escalation.state, func.count())
        .where(Escalation.state != EscalationState.CLOSED)
        .group_by(Escalation.disposition, Escalation.state)
    )
    return {(disposition, state): count for disposition, state, count in session.execute(counted)}
