"""Conversations: where the dialogue with a patient stands, so that a bare "yes" is read against its question."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.core.conversation import Talk
from service.core.conversation.talk import as_json, from_json
from service.store.base import Base, RowId, SealedJson
from service.store.claims import claim_first_of_patient


class Conversation(Base):
    """One patient's dialogue about one check-in; `state` is the core's, as JSON.

    `answer_by` is when silence on the question in the air counts; None where nothing is waited for.
    """

    __tablename__ = "conversations"

    id: Mapped[RowId]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), index=True)
    check_in_id: Mapped[int | None] = mapped_column(ForeignKey("check_ins.id"), index=True)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    answer_by: Mapped[datetime | None] = mapped_column(index=True)
    state: Mapped[Any] = mapped_column(SealedJson)


def latest_conversation(session: Session, patient_id: int) -> Conversation | None:
    """Return the patient's newest conversation, or None; claimed, so that two replies are read in turn."""
    found = select(Conversation).where(Conversation.patient_id == patient_id)
    return session.scalar(found.order_by(Conversation.id.desc()).limit(1).with_for_update())


def conversations_of(session: Session, patient_id: int) -> Sequence[Conversation]:
    """Return all conversations of the patient, oldest first."""
    found = select(Conversation).where(Conversation.patient_id == patient_id)
    return session.scalars(found.order_by(Conversation.id)).all()


def open_conversation(
    session: Session, patient_id: int, check_in_id: int | None, talk: Talk, now: datetime
) -> Conversation:
    """Open a conversation; the one before it is over, because a new question is in the air."""
    conversation = Conversation(patient_id=patient_id, check_in_id=check_in_id, opened_at=now, state=None)
    keep_talk(conversation, talk)
    session.add(conversation)
    session.flush()
    return conversation


def keep_talk(conversation: Conversation, talk: Talk) -> None:
    """Keep where the dialogue stands."""
    conversation.state = as_json(talk)


def talk_of(conversation: Conversation) -> Talk:
    """Return where the dialogue stands."""
    return from_json(conversation.state)


def claim_silent(session: Session, now: datetime) -> Conversation | None:
    """Claim a conversation whose question has stayed unanswered until silence counts, or None."""
    silent = select(Conversation).where(Conversation.answer_by <= now)
    in_order = silent.order_by(Conversation.answer_by, Conversation.id)
    return claim_first_of_patient(session, in_order, Conversation.id, Conversation.patient_id)


def next_silence(session: Session) -> datetime | None:
    """Return when the next silence on a question counts, or None."""
    return session.scalar(select(func.min(Conversation.answer_by)))


def of_check_in(session: Session, check_in_id: int) -> Conversation | None:
    """Return the conversation that a check-in opened, held for this transaction, or None."""
    found = select(Conversation).where(Conversation.check_in_id == check_in_id)
    return session.scalar(found.order_by(Conversation.id.desc()).limit(1).with_for_update())
