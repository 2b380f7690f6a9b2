"""Escalations as cards: level, who, since when, until when, and who has it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from service.core.words import Disposition
from service.library.shelf import Library
from service.store import inbox
from service.store.database import Session
from service.store.escalations import Escalation, EscalationState
from service.store.patients import Patient
from service.store.readings import readings_by_message
from service.store.staff import Staff
from service.web.escalation_views import Card, ClosedCard
from service.web.moments import moment
from service.web.phones import as_written


def card(
    session: Session, escalation: Escalation, library: Library, zone: str, now: datetime, staff_id: int
) -> Card:
    """Return the escalation as the member of staff `staff_id` sees it, by the clock of the zone."""
    owner = session.get(Staff, escalation.acknowledged_by) if escalation.acknowledged_by else None
    return Card(
        escalation_id=escalation.id,
        code=escalation.code,
        level=escalation.disposition,
        who=who(session, escalation),
        reason=_reason(session, escalation, library),
        since=moment(escalation.opened_at, zone, now),
        due=moment(escalation.deadline_at, zone, now),
        is_overdue=escalation.state == EscalationState.OPEN and escalation.deadline_at < now,
        has_it=owner.name if owner else "",
        is_mine=owner is not None and owner.id == staff_id,
    )


def closed_card(session: Session, escalation: Escalation, zone: str, now: datetime) -> ClosedCard:
    """Return an escalation that is over."""
    closer = session.get(Staff, escalation.closed_by) if escalation.closed_by else None
    return ClosedCard(
        escalation_id=escalation.id,
        code=escalation.code,
        level=escalation.disposition,
        who=who(session, escalation),
        outcome=escalation.outcome or "",
        closed_by=closer.name if closer else "",
        closed=moment(escalation.closed_at or escalation.opened_at, zone, now),
    )


def who(session: Session, escalation: Escalation) -> str:
    """Return the patient's name, or the number of a sender whom nobody knows."""
    patient = session.get(Patient, escalation.patient_id) if escalation.patient_id else None
    return patient.name if patient else as_written(sender_of(session, escalation))


def _reason(session: Session, escalation: Escalation, library: Library) -> str:
    """Return why a nurse should care: what the rule says that led to the level, else why it was opened."""
    messages = inbox.messages_of_escalation(session, escalation.id)
    readings = readings_by_message(session, [message.id for message in messages])
    for message in reversed(messages):
        reading = readings.get(message.id)
        if reading is not None and reading.disposition == escalation.disposition:
            return _because(reading.rules, library) or escalation.reason
    return escalation.reason


def _because(fired: Sequence[str], library: Library) -> str:
    """Return the reason of the first rule, which is the highest; empty where none fired or it is gone."""
    rules = library.guide.rules.rules
    return next((rule.because for rule in rules if fired and rule.id == fired[0]), "")


def sender_of(session: Session, escalation: Escalation) -> str:
    """Return the number that an unknown sender wrote from, as it came."""
    messages = inbox.messages_of_escalation(session, escalation.id)
    return messages[-1].sender if messages else ""


def worst_first(escalation: Escalation) -> tuple[int, bool, datetime, int]:
    """Return the sorting key: the worst level first, in it what nobody has, in that the oldest."""
    rank = Disposition(escalation.disposition).rank
    return -rank, escalation.state != EscalationState.OPEN, escalation.opened_at, escalation.id
