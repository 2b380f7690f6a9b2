"""What a patient has told so far: every reading with its reply, oldest first, as the core's values."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from service.core.conversation.handover import Said
from service.core.conversation.history import Told
from service.core.words import Asked
from service.store.inbox import InboxMessage
from service.store.readings import Reading, findings_from_json

_TOLD: Final = (
    select(Reading.patient_id, InboxMessage.received_at, Reading.conversation_id, Reading.findings)
    .join(InboxMessage, Reading.inbox_id == InboxMessage.id)
    .where(Reading.patient_id.in_(bindparam("ids", expanding=True)))
    .order_by(InboxMessage.received_at, InboxMessage.id)
)


def told_by(session: Session, patient_ids: Collection[int]) -> Mapping[int, tuple[Told, ...]]:
    """Return what was found in each of the patients' replies, oldest first; who told nothing yet is not in it."""
    told: dict[int, list[Told]] = {}
    for patient_id, at, conversation_id, findings in session.execute(_TOLD, {"ids": list(patient_ids)}):
        reply = Told(at, conversation_id or 0, findings_from_json(findings))
        told.setdefault(patient_id, []).append(reply)
    return {patient_id: tuple(replies) for patient_id, replies in told.items()}


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
