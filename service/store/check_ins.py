"""Check-ins: one planned question at one time; its state is moved by who holds it, or by one conditional UPDATE."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Select, UniqueConstraint, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.base import Base, RowId
from service.store.claims import claim_first_of_patient


class CheckInState(StrEnum):
    """The life of a check-in."""

    PLANNED = "planned"
    SENT = "sent"
    ANSWERED = "answered"
    MISSED = "missed"
    CANCELLED = "cancelled"


class CheckIn(Base):
    """A planned check-in; `missed_at` is when silence counts, `try_at` moves on when its sending throws.

    `nudge_at` is when a silent patient is reminded, `call_at` when the patient is called. `planned_from` is the step
    as it stood when this was last planned: what was sent keeps it, whatever becomes of the protocol.
    """

    __tablename__ = "check_ins"
    __table_args__ = (
        UniqueConstraint("patient_id", "protocol", "occurrence"),
        Index("ix_check_ins_due", "state", "try_at"),
        Index("ix_check_ins_silent", "state", "missed_at"),
        Index("ix_check_ins_nudge", "state", "nudge_at"),
        Index("ix_check_ins_call", "state", "call_at"),
    )

    id: Mapped[RowId]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), index=True)
    infusion_id: Mapped[int] = mapped_column(ForeignKey("infusions.id"))
    protocol: Mapped[str]
    protocol_version: Mapped[int]
    step: Mapped[str]
    occurrence: Mapped[str]
    planned_from: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    merged: Mapped[Any] = mapped_column(JSON)
    state: Mapped[str]
    due_at: Mapped[datetime]
    window_ends_at: Mapped[datetime]
    try_at: Mapped[datetime]
    missed_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    nudge_at: Mapped[datetime | None]
    call_at: Mapped[datetime | None]
    why: Mapped[str]


def _claim_first(session: Session, wanted: Select[CheckIn]) -> CheckIn | None:
    return claim_first_of_patient(session, wanted, CheckIn.id, CheckIn.patient_id)


def claim_due(session: Session, now: datetime) -> CheckIn | None:
    """Claim the planned check-in that has been due longest, or None; other processes pass over it until commit."""
    due = select(CheckIn).where(CheckIn.state == CheckInState.PLANNED, CheckIn.try_at <= now)
    return _claim_first(session, due.order_by(CheckIn.try_at, CheckIn.id))


def claim_silent(session: Session, now: datetime) -> CheckIn | None:
    """Claim a check-in that was sent and has been silent until its answer counts as missed, or None."""
    silent = select(CheckIn).where(CheckIn.state == CheckInState.SENT, CheckIn.missed_at <= now)
    return _claim_first(session, silent.order_by(CheckIn.missed_at, CheckIn.id))


def claim_to_nudge(session: Session, now: datetime) -> CheckIn | None:
    """Claim a check-in whose silence is to be broken by one more text, or None."""
    silent = select(CheckIn).where(CheckIn.state == CheckInState.SENT, CheckIn.nudge_at <= now)
    return _claim_first(session, silent.order_by(CheckIn.nudge_at, CheckIn.id))


def claim_to_call(session: Session, now: datetime) -> CheckIn | None:
    """Claim a check-in whose patient stayed silent until a call is due, or None."""
    silent = select(CheckIn).where(CheckIn.state == CheckInState.SENT, CheckIn.call_at <= now)
    return _claim_first(session, silent.order_by(CheckIn.call_at, CheckIn.id))


def also_due(session: Session, row: CheckIn, now: datetime) -> Sequence[CheckIn]:
    """Return the patient's other planned check-ins whose time has come, held; those that others hold are left out."""
    due = select(CheckIn).where(
        CheckIn.patient_id == row.patient_id,
        CheckIn.id != row.id,
        CheckIn.state == CheckInState.PLANNED,
        CheckIn.due_at <= now,
        CheckIn.window_ends_at >= now,
    )
    return session.scalars(due.order_by(CheckIn.due_at, CheckIn.id).with_for_update(skip_locked=True)).all()


def last_sent(session: Session, patient_id: int, since: datetime) -> CheckIn | None:
    """Return the check-in that was last sent to the patient since the instant, or None."""
    sent = select(CheckIn).where(CheckIn.patient_id == patient_id, CheckIn.sent_at >= since)
    return session.scalar(sent.order_by(CheckIn.sent_at.desc(), CheckIn.id.desc()).limit(1))


def hold(session: Session, check_in_id: int) -> CheckIn:
    """Return the check-in as it stands now, held for this transaction."""
    return session.get_one(CheckIn, check_in_id, with_for_update=True, populate_existing=True)


def note_answered(row: CheckIn, now: datetime) -> None:
    """Note that a check-in, held by who calls this, is answered, unless it was cancelled or answered before."""
    if row.state in (CheckInState.PLANNED, CheckInState.SENT, CheckInState.MISSED):
        row.state, row.settled_at = CheckInState.ANSWERED, now


def expect_answer(row: CheckIn, until: datetime) -> None:
    """Let the silence on a question just asked count from the instant on, for a check-in held; a missed one waits again."""
    if row.state in (CheckInState.SENT, CheckInState.MISSED):
        row.state, row.missed_at, row.nudge_at, row.call_at = CheckInState.SENT, until, None, None


def cancel_planned(session: Session, patient_id: int, why: str, now: datetime) -> int:
    """Cancel every check-in of the patient that was not sent yet; return how many."""
    cancelled = session.execute(
        update(CheckIn)
        .where(CheckIn.patient_id == patient_id, CheckIn.state == CheckInState.PLANNED)
        .values(state=CheckInState.CANCELLED, settled_at=now, why=why)
    )
    return int(cancelled.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it


def check_ins_of(session: Session, patient_id: int) -> Sequence[CheckIn]:
    """Return all check-ins of the patient, earliest due first."""
    return session.scalars(
        select(CheckIn).where(CheckIn.patient_id == patient_id).order_by(CheckIn.due_at, CheckIn.id)
    ).all()


def next_moments(session: Session) -> Sequence[tuple[datetime, str]]:
    """Return when the next check-in falls due, the next nudge, the next call and the next silence, where there are such."""
    earliest = (
        (CheckIn.try_at, CheckInState.PLANNED, "a check-in is due"),
        (CheckIn.nudge_at, CheckInState.SENT, "a silent patient is reminded"),
        (CheckIn.call_at, CheckInState.SENT, "a silent patient is called"),
        (CheckIn.missed_at, CheckInState.SENT, "silence counts as missed"),
    )
    found = (
        (session.scalar(select(func.min(moment)).where(CheckIn.state == state)), what)
        for moment, state, what in earliest
    )
    return [(moment, what) for moment, what in found if moment is not None]
