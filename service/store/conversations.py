"""Conversations: where the dialogue with a patient stands, so that a bare "yes" is read against its question."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.core.conversation import Talk
from service.core.words import Asked, Disposition
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
    conversation.state = {
        "asked": str(talk.asked),
        "questions": list(talk.questions),
        "disposition": str(talk.disposition),
        "unclear": talk.unclear,
        "waits": talk.waits,
    }


def talk_of(conversation: Conversation) -> Talk:
    """Return where the dialogue stands."""
    kept = conversation.state
    return Talk(
        asked=Asked.parse(kept["asked"]),
        questions=tuple(kept["questions"]),
        disposition=Disposition(kept["disposition"]),
        unclear=kept["unclear"],
        waits=kept["waits"],
    )


def of_check_in(session: Session, check_in_id: int) -> Conversation | None:
    """Return the conversation that a check-in opened, held for this transaction, or None."""
    found = select(Conversation).where(Conversation.check_in_id == check_in_id)
    return session.scalar(found.order_by(Conversation.id.desc()).limit(1).with_for_update())
