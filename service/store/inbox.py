"""The inbox: every message received, raw, unique by Twilio's sid, committed before anything reads it, never edited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, Integer, bindparam, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.base import Base, RowId, SealedJson, SealedText
from service.store.claims import claim_first
from service.store.database import insert_all_unless_there, lookup


class InboxState(StrEnum):
    """Whether a reply has been read; one that can't be read is set aside, before a person."""

    UNREAD = "unread"
    READ = "read"
    SET_ASIDE = "set_aside"


class InboxMessage(Base):
    """A message as it came. `try_at` moves on when reading it throws; `escalation_id` is the call it opened or joined."""

    __tablename__ = "inbox"
    __table_args__ = (Index("ix_inbox_unread", "state", "try_at"),)

    id: Mapped[RowId]
    sid: Mapped[str] = mapped_column(unique=True)
    sender: Mapped[str] = mapped_column(SealedText)
    sender_hash: Mapped[str] = mapped_column(index=True)
    body: Mapped[str] = mapped_column(SealedText)
    form: Mapped[Any] = mapped_column(SealedJson)
    received_at: Mapped[datetime]
    state: Mapped[str]
    attempts: Mapped[int]
    try_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    whose_asked_at: Mapped[datetime | None] = mapped_column(index=True)
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    escalation_id: Mapped[int | None] = mapped_column(ForeignKey("escalations.id"), index=True)
    call_id: Mapped[int | None] = mapped_column(ForeignKey("calls.id"))

    @property
    def is_spoken(self) -> bool:
        """Return whether it was said on a call, and not written."""
        return self.call_id is not None


def raw_message(
    session: Session,
    *,
    sid: str,
    sender: str,
    body: str,
    form: Mapping[str, str],
    received_at: datetime,
    call_id: int | None = None,
) -> Mapping[str, Any]:
    """Return a message as it came, as a row that is still unread."""
    return {
        "sid": sid,
        "sender": sender,
        "sender_hash": lookup(session, sender),
        "body": body,
        "form": dict(form),
        "received_at": received_at,
        "state": InboxState.UNREAD,
        "attempts": 0,
        "try_at": received_at,
        "call_id": call_id,
    }


def store_messages(session: Session, messages: Sequence[Mapping[str, Any]]) -> int:
    """Store raw messages except those whose sid is there already; return how many are new."""
    return insert_all_unless_there(session, InboxMessage, messages, "sid")


def message_named(session: Session, sid: str) -> InboxMessage:
    """Return the message that was stored under Twilio's sid, or under the sid of a call and a step of it."""
    return session.scalars(select(InboxMessage).where(InboxMessage.sid == sid)).one()


# Built once: building a statement takes longer than running it.
_WAITING: Final = (
    select(InboxMessage)
    .where(InboxMessage.state == InboxState.UNREAD, InboxMessage.try_at <= bindparam("now"))
    .order_by(InboxMessage.id)
    .with_for_update(skip_locked=True)
)
_UNREAD: Final = _WAITING.limit(bindparam("most", type_=Integer))
_UNREAD_ONE: Final = _WAITING.where(InboxMessage.id == bindparam("id"))


def claim_unread(
    session: Session, now: datetime, message_id: int | None = None, *, most: int = 1
) -> Sequence[InboxMessage]:
    """Claim the oldest unread messages whose turn has come, or the one named; those that others hold are left out."""
    if message_id is not None:
        return session.scalars(_UNREAD_ONE, {"now": now, "id": message_id}).all()
    return session.scalars(_UNREAD, {"now": now, "most": most}).all()


def note_failure(session: Session, message: InboxMessage, now: datetime, *, most_attempts: int) -> None:
    """Count a failed attempt to read: later again, or set aside after the last."""
    message.attempts += 1
    message.try_at = now + timedelta(seconds=20 * message.attempts)
    if message.attempts >= most_attempts:
        message.state = InboxState.SET_ASIDE


def oldest_unread(session: Session) -> datetime | None:
    """Return when the oldest unread message was received, or None."""
    return session.scalar(
        select(func.min(InboxMessage.received_at)).where(InboxMessage.state == InboxState.UNREAD)
    )


def messages_from(session: Session, patient_id: int) -> Sequence[InboxMessage]:
    """Return what the patient wrote, oldest first."""
    found = select(InboxMessage).where(InboxMessage.patient_id == patient_id)
    return session.scalars(found.order_by(InboxMessage.id)).all()


def messages_of_escalation(session: Session, escalation_id: int) -> Sequence[InboxMessage]:
    """Return the messages that opened or joined an escalation, oldest first."""
    found = select(InboxMessage).where(InboxMessage.escalation_id == escalation_id)
    return session.scalars(found.order_by(InboxMessage.id)).all()


def unowned_from(session: Session, sender_hash: str) -> Sequence[InboxMessage]:
    """Return the messages of a shared number for which it was asked whose they are, oldest first, held."""
    found = select(InboxMessage).where(
        InboxMessage.sender_hash == sender_hash, InboxMessage.whose_asked_at.is_not(None)
    )
    return session.scalars(found.order_by(InboxMessage.id).with_for_update()).all()


def claim_unowned(session: Session, asked_by: datetime) -> InboxMessage | None:
    """Claim a message for which it was asked by the instant whose it is, and not answered, or None."""
    unowned = select(InboxMessage).where(InboxMessage.whose_asked_at <= asked_by)
    return claim_first(session, unowned.order_by(InboxMessage.id))


def latest_owned_from(session: Session, sender_hash: str, since: datetime) -> int | None:
    """Return the patient whose the last text of a shared number was that came since and has an owner, or None."""
    found = select(InboxMessage.patient_id).where(
        InboxMessage.sender_hash == sender_hash,
        InboxMessage.received_at >= since,
        InboxMessage.patient_id.is_not(None),
    )
    return session.scalar(found.order_by(InboxMessage.id.desc()).limit(1))


def retry_set_aside(session: Session, now: datetime) -> int:
    """Make every message that was set aside unread again; return how many."""
    aside = session.scalars(select(InboxMessage).where(InboxMessage.state == InboxState.SET_ASIDE)).all()
    for message in aside:
        message.state, message.attempts, message.try_at = InboxState.UNREAD, 0, now
    return len(aside)
