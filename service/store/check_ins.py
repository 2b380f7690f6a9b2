"""Check-ins: one planned question at one time; each move of its state is one conditional UPDATE."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.base import Base, RowId
from service.store.claims import claim_first


class CheckInState(StrEnum):
    """The life of a check-in."""

    PLANNED = "planned"
    SENT = "sent"
    ANSWERED = "answered"
    MISSED = "missed"
    CANCELLED = "cancelled"


class CheckIn(Base):
    """A planned check-in; `missed_at` is when silence counts, `try_at` moves on when its sending throws."""

    __tablename__ = "check_ins"
    __table_args__ = (
        UniqueConstraint("infusion_id", "step"),
        Index("ix_check_ins_due", "state", "try_at"),
        Index("ix_check_ins_silent", "state", "missed_at"),
    )

    id: Mapped[RowId]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), index=True)
    infusion_id: Mapped[int] = mapped_column(ForeignKey("infusions.id"))
    protocol: Mapped[str]
    protocol_version: Mapped[str]
    step: Mapped[str]
    template: Mapped[str]
    state: Mapped[str]
    due_at: Mapped[datetime]
    window_ends_at: Mapped[datetime]
    try_at: Mapped[datetime]
    missed_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    remark: Mapped[str | None]


def claim_due(session: Session, now: datetime) -> CheckIn | None:
    """Claim the planned check-in that has been due longest, or None; other processes pass over it until commit."""
    due = select(CheckIn).where(CheckIn.state == CheckInState.PLANNED, CheckIn.try_at <= now)
    return claim_first(session, due.order_by(CheckIn.try_at, CheckIn.id))


def claim_silent(session: Session, now: datetime) -> CheckIn | None:
    """Claim a check-in that was sent and has been silent until its answer counts as missed, or None."""
    silent = select(CheckIn).where(CheckIn.state == CheckInState.SENT, CheckIn.missed_at <= now)
    return claim_first(session, silent.order_by(CheckIn.missed_at, CheckIn.id))


def settle(
    session: Session, check_in_id: int, state: CheckInState, now: datetime, *, among: tuple[CheckInState, ...]
) -> bool:
    """Move the check-in to the state if it is still in one of the given ones; return whether it moved."""
    moved = session.execute(
        update(CheckIn)
        .where(CheckIn.id == check_in_id, CheckIn.state.in_(among))
        .values(state=state, settled_at=now)
    )
    return bool(moved.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it


def check_ins_of(session: Session, patient_id: int) -> Sequence[CheckIn]:
    """Return all check-ins of the patient, earliest due first."""
    return session.scalars(
        select(CheckIn).where(CheckIn.patient_id == patient_id).order_by(CheckIn.due_at, CheckIn.id)
    ).all()


def next_due(session: Session) -> datetime | None:
    """Return when the earliest planned check-in falls due, or None."""
    return session.scalar(
        select(CheckIn.try_at).where(CheckIn.state == CheckInState.PLANNED).order_by(CheckIn.try_at).limit(1)
    )


def next_silent(session: Session) -> datetime | None:
    """Return when the earliest unanswered check-in will count as missed, or None."""
    return session.scalar(
        select(CheckIn.missed_at)
        .where(CheckIn.state == CheckInState.SENT)
        .order_by(CheckIn.missed_at)
        .limit(1)
    )
