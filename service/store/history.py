"""What a patient has told so far: every reading with its reply, oldest first, as the core's values."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from service.core.conversation.handover import Said
from service.core.conversation.history import Told
from service.core.words import Asked
from service.store.inbox import InboxMessage
from service.store.readings import Reading


def told_by(session: Session, patient_id: int) -> tuple[Told, ...]:
    """Return what was found in each of the patient's replies, oldest first."""
    return tuple(
        Told(message.received_at, reading.conversation_id or 0, reading.interpretation().findings)
        for message, reading in _read_from(session, patient_id)
    )


def said_by(session: Session, patient_id: int) -> tuple[Said, ...]:
    """Return each of the patient's replies in their own words with what was understood, oldest first."""
    return tuple(
        Said(
            message.received_at,
            message.body,
            Asked.parse(reading.asked),
            reading.interpretation().judgement.disposition,
            reading.interpretation().findings,
        )
        for message, reading in _read_from(session, patient_id)
    )


def _read_from(session: Session, patient_id: int) -> Iterator[tuple[InboxMessage, Reading]]:
    found = (
        select(InboxMessage, Reading)
        .join(Reading, Reading.inbox_id == InboxMessage.id)
        .where(Reading.patient_id == patient_id)
        .order_by(InboxMessage.received_at, InboxMessage.id)
    )
    yield from ((message, reading) for message, reading in session.execute(found))
