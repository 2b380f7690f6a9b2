"""The outbox: every message to send, unique by a key that says what it is for, with all that is known of its fate."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Update, case, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.core.words import Channel, Urgency
from service.store.base import Base, RowId, SealedText
from service.store.claims import claim_first
from service.store.database import insert_unless_there, lookup
from service.store.gathering import Gathered


class OutboxState(StrEnum):
    """The fate of a message. `unknown` means that Twilio may or may not have taken it."""

    QUEUED = "queued"
    SENDING = "sending"
    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"


# A status only moves forward; callbacks come in any order (Twilio gives them no sequence).
PROGRESS = {
    OutboxState.QUEUED: 0,
    OutboxState.SENDING: 1,
    OutboxState.UNKNOWN: 2,
    OutboxState.ACCEPTED: 3,
    OutboxState.SENT: 4,
    OutboxState.UNDELIVERED: 5,
    OutboxState.FAILED: 5,
    OutboxState.DELIVERED: 6,
    OutboxState.CANCELLED: 7,
}


class OutboxMessage(Base):
    """A message promised to somebody. `reference` travels in the status callback's address.

    `look_at` is when Twilio is asked what became of it, while no callback has told the end.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_waiting", "state", "urgency", "try_at"),
        Index("ix_outbox_waiting_by_channel", "state", "channel", "urgency", "try_at"),
    )

    id: Mapped[RowId]
    key: Mapped[str] = mapped_column(unique=True)
    reference: Mapped[str] = mapped_column(unique=True)
    urgency: Mapped[int]
    channel: Mapped[str]
    recipient: Mapped[str] = mapped_column(SealedText)
    recipient_hash: Mapped[str] = mapped_column(index=True)
    body: Mapped[str] = mapped_column(SealedText)
    state: Mapped[str]
    attempts: Mapped[int]
    created_at: Mapped[datetime]
    try_at: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    not_after: Mapped[datetime | None]
    sid: Mapped[str | None] = mapped_column(unique=True)
    error_code: Mapped[int | None]
    remark: Mapped[str | None]
    attempted_at: Mapped[datetime | None]
    look_at: Mapped[datetime | None] = mapped_column(index=True)
    settled_at: Mapped[datetime | None]
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    escalation_id: Mapped[int | None] = mapped_column(ForeignKey("escalations.id"), index=True)
    check_in_id: Mapped[int | None] = mapped_column(ForeignKey("check_ins.id"))

    @property
    def is_of_a_call(self) -> bool:
        """Return whether it rang a phone, or was said on a call and never texted."""
        was_said = self.state == OutboxState.DELIVERED and self.sid is None
        return self.channel == Channel.VOICE or was_said


def enqueue(
    session: Session,
    *,
    key: str,
    reference: str,
    urgency: Urgency,
    channel: str,
    recipient: str,
    body: str,
    now: datetime,
    not_after: datetime | None = None,
    patient_id: int | None = None,
    staff_id: int | None = None,
    escalation_id: int | None = None,
    check_in_id: int | None = None,
    gathered: Gathered | None = None,
) -> bool:
    """Promise a message unless its key is there already; return whether it is new (law 4).

    With `gathered` the row is written when that is, and then passed over where its key is there.
    """
    row = {
        "key": key,
        "reference": reference,
        "urgency": int(urgency),
        "channel": channel,
        "recipient": recipient,
        "recipient_hash": lookup(session, recipient),
        "body": body,
        "state": OutboxState.QUEUED,
        "attempts": 0,
        "created_at": now,
        "try_at": now,
        "not_after": not_after,
        "patient_id": patient_id,
        "staff_id": staff_id,
        "escalation_id": escalation_id,
        "check_in_id": check_in_id,
    }
    if gathered is not None:
        gathered.add(OutboxMessage, row, "key")
        return True
    return insert_unless_there(session, OutboxMessage, row, "key") is not None


def claim_abandoned(session: Session, now: datetime) -> OutboxMessage | None:
    """Claim a message whose sender died or timed out between call and record, once its lease is over."""
    abandoned = select(OutboxMessage).where(
        OutboxMessage.state.in_((OutboxState.SENDING, OutboxState.UNKNOWN)),
        or_(OutboxMessage.lease_until.is_(None), OutboxMessage.lease_until <= now),
    )
    return claim_first(session, abandoned.order_by(OutboxMessage.urgency, OutboxMessage.id))


def claim_unsettled(session: Session, now: datetime) -> OutboxMessage | None:
    """Claim the message that has longest been due to be asked after, or None."""
    due = select(OutboxMessage).where(OutboxMessage.look_at <= now)
    return claim_first(session, due.order_by(OutboxMessage.look_at, OutboxMessage.id))


def by_reference(session: Session, reference: str) -> OutboxMessage | None:
    """Return the message that carries the reference, held until the transaction ends, or None."""
    return session.scalar(select(OutboxMessage).where(OutboxMessage.reference == reference).with_for_update())


def by_sid(session: Session, sid: str) -> OutboxMessage | None:
    """Return the message that Twilio knows by the sid, held until the transaction ends, or None."""
    return session.scalar(select(OutboxMessage).where(OutboxMessage.sid == sid).with_for_update())


def cancel_for_patient(session: Session, patient_id: int, now: datetime, *, from_urgency: Urgency) -> int:
    """Cancel what waits for the patient, from an urgency downwards; return how many."""
    cancelled = session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.patient_id == patient_id,
            OutboxMessage.state == OutboxState.QUEUED,
            OutboxMessage.staff_id.is_(None),
            OutboxMessage.urgency >= int(from_urgency),
        )
        .values(state=OutboxState.CANCELLED, settled_at=now)
    )
    return int(cancelled.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it


def cancel_pages(session: Session, escalation_id: int, now: datetime) -> int:
    """Cancel the pages that still wait to leave for an escalation that somebody has taken; return how many."""
    cancelled = session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.escalation_id == escalation_id,
            OutboxMessage.urgency == int(Urgency.PAGE),
            OutboxMessage.state == OutboxState.QUEUED,
        )
        .values(state=OutboxState.CANCELLED, settled_at=now)
    )
    return int(cancelled.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it


def note_said(session: Session, inbox_id: int, now: datetime) -> None:
    """Note that the answers to a reply were said on the call that it came in, so that they need not be texted."""
    session.execute(
        _unsaid_answers(inbox_id).values(
            state=OutboxState.DELIVERED, settled_at=now, remark="Said on the call."
        )
    )


def let_unsaid_leave(session: Session, inbox_id: int, now: datetime, *, safety_alone: bool) -> None:
    """Let the answers to a reply leave as texts now, because the call ended before they were said."""
    unsaid = _unsaid_answers(inbox_id)
    if safety_alone:
        not_needed = unsaid.where(OutboxMessage.urgency != int(Urgency.SAFETY))
        remark = "The call ended first, and the number may be a landline."
        session.execute(not_needed.values(state=OutboxState.CANCELLED, settled_at=now, remark=remark))
    session.execute(unsaid.values(try_at=now))


def _unsaid_answers(inbox_id: int) -> Update:
    return update(OutboxMessage).where(
        OutboxMessage.key.startswith(f"answer:{inbox_id}:", autoescape=True),
        OutboxMessage.state == OutboxState.QUEUED,
    )


def oldest_waiting(session: Session, urgency: Urgency) -> datetime | None:
    """Return since when the oldest unsent message of this urgency or above has waited, or None.

    What was never tried waits from the instant at which it may leave: a call promised a minute ahead, or put off while
    another rings at its phone, is not late.
    """
    since = case((OutboxMessage.attempts == 0, OutboxMessage.try_at), else_=OutboxMessage.created_at)
    unsent = OutboxMessage.state.in_((OutboxState.QUEUED, OutboxState.SENDING))
    oldest = select(func.min(since)).where(unsent, OutboxMessage.urgency <= int(urgency))
    found: datetime | None = session.scalar(oldest)
    return found


def messages_to(session: Session, patient_id: int) -> Sequence[OutboxMessage]:
    """Return what was sent to the patient, oldest first."""
    texts = OutboxMessage.patient_id == patient_id, OutboxMessage.staff_id.is_(None)
    return session.scalars(select(OutboxMessage).where(*texts).order_by(OutboxMessage.id)).all()


def pages_of(session: Session, escalation_id: int) -> Sequence[OutboxMessage]:
    """Return the pages that went to staff about an escalation, oldest first."""
    pages = OutboxMessage.escalation_id == escalation_id, OutboxMessage.staff_id.is_not(None)
    return session.scalars(select(OutboxMessage).where(*pages).order_by(OutboxMessage.id)).all()


def waiting_at(session: Session, now: datetime) -> bool:
    """Return whether some message could leave now."""
    first = next_try(session)
    return first is not None and first <= now


def next_try(session: Session) -> datetime | None:
    """Return when the next message that waits may leave, or None."""
    waiting = OutboxMessage.state == OutboxState.QUEUED
    return session.scalar(select(func.min(OutboxMessage.try_at)).where(waiting))
