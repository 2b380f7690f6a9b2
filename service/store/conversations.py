"""Conversations: where the dialogue with a patient stands, so that a bare "yes" is read against its question."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.base import Base, RowId, SealedJson


class Conversation(Base):
    """One patient's dialogue about one check-in; `state` is the core's, as JSON."""

    __tablename__ = "conversations"

    id: Mapped[RowId]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), index=True)
    check_in_id: Mapped[int | None] = mapped_column(ForeignKey("check_ins.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    state: Mapped[Any] = mapped_column(SealedJson)


def latest_conversation(session: Session, patient_id: int) -> Conversation | None:
    """Return the patient's newest conversation, or None; claimed, so that two replies are read in turn."""
    found = select(Conversation).where(Conversation.patient_id == patient_id)
    return session.scalar(found.order_by(Conversation.id.desc()).limit(1).with_for_update())
