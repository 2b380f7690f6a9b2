"""Escalations: open calls for a human, the tier that each has climbed to, who took it, and everything that happened."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Final, cast

from sqlalchemy import ForeignKey, Index, Table, bindparam, func, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.core.words import Disposition
from service.store.base import Base, RowId, SealedText
from service.store.claims import claim_first
from service.store.database import insert_unless_there


class EscalationState(StrEnum):
    """The life of an escalation."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class Escalation(Base):
    """A call for a human.

    `step` counts the rungs since it was last raised, `climbs` all of them, `stepped_at` is when the last was taken.
    `next_step_at` is when the service moves by itself: an open one climbs, a callback rises, a taken one is reminded.
    `raised_at` is when the patient last gave cause to page, `waits_since` since when nobody has had it. `came_at` is when
    the words that gave it were written, where they were read late; None where they were read as they came.
    """

    __tablename__ = "escalations"
    __table_args__ = (
        Index("ix_escalations_climbing", "state", "next_step_at"),
        # A code is short, so that it can be texted back; it is unique among the live ones only.
        Index(
            "uq_escalations_live_code",
            "code",
            unique=True,
            sqlite_where=text("state <> 'closed'"),
            postgresql_where=text("state <> 'closed'"),
        ),
        Index("ix_escalations_code", "code"),
        # A patient, or an unknown sender, has one live escalation, whoever reads two replies at the same instant.
        Index(
            "uq_escalations_live_patient",
            "patient_id",
            unique=True,
            sqlite_where=text("state <> 'closed' AND patient_id IS NOT NULL"),
            postgresql_where=text("state <> 'closed' AND patient_id IS NOT NULL"),
        ),
        Index(
            "uq_escalations_live_sender",
            "sender_hash",
            unique=True,
            sqlite_where=text("state <> 'closed' AND patient_id IS NULL"),
            postgresql_where=text("state <> 'closed' AND patient_id IS NULL"),
        ),
    )

    id: Mapped[RowId]
    code: Mapped[str]
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id"), index=True)
    sender_hash: Mapped[str | None] = mapped_column(index=True)
    disposition: Mapped[str]
    reason: Mapped[str]
    state: Mapped[str]
    opened_at: Mapped[datetime]
    deadline_at: Mapped[datetime]
    step: Mapped[int]
    climbs: Mapped[int]
    next_step_at: Mapped[datetime | None]
    stepped_at: Mapped[datetime | None]
    raised_at: Mapped[datetime]
    came_at: Mapped[datetime | None]
    waits_since: Mapped[datetime]
    reminded_at: Mapped[datetime | None]
    acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    acknowledged_at: Mapped[datetime | None]
    acknowledged_how: Mapped[str | None]
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    note: Mapped[str | None] = mapped_column(SealedText)


class EscalationEvent(Base):
    """One thing that happened to an escalation; `words` is a sentence for the timeline."""

    __tablename__ = "escalation_events"

    id: Mapped[RowId]
    escalation_id: Mapped[int] = mapped_column(ForeignKey("escalations.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[str]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    words: Mapped[str] = mapped_column(SealedText)


_EVENT: Final = insert(cast(Table, EscalationEvent.__table__))


def record_event(
    session: Session, escalation_id: int, kind: str, words: str, now: datetime, *, staff_id: int | None = None
) -> None:
    """Add a line to the escalation's timeline."""
    row = {"escalation_id": escalation_id, "at": now, "kind": kind, "staff_id": staff_id, "words": words}
    session.execute(_EVENT, row)


_LIVE: Final = (
    select(Escalation)
    .where(Escalation.state != EscalationState.CLOSED)
    .order_by(Escalation.id.desc())
    .limit(1)
    .with_for_update()
)
_LIVE_OF_PATIENT: Final = _LIVE.where(Escalation.patient_id == bindparam("patient_id"))
_LIVE_OF_SENDER: Final = _LIVE.where(
    Escalation.patient_id.is_(None), Escalation.sender_hash == bindparam("sender_hash")
)


def open_for(session: Session, *, patient_id: int | None, sender_hash: str | None) -> Escalation | None:
    """Return the escalation of this patient, or unknown sender, that is not closed yet, held for this transaction."""
    if patient_id is not None:
        return session.scalar(_LIVE_OF_PATIENT, {"patient_id": patient_id})
    return session.scalar(_LIVE_OF_SENDER, {"sender_hash": sender_hash})


def open_new(
    session: Session,
    *,
    code: str,
    patient_id: int | None,
    sender_hash: str | None,
    disposition: Disposition,
    reason: str,
    now: datetime,
    due_at: datetime,
) -> Escalation | None:
    """Open an escalation; None where the code is in use, or another process has just opened one for this patient."""
    row = {
        "code": code,
        "patient_id": patient_id,
        "sender_hash": sender_hash,
        "disposition": disposition,
        "reason": reason,
        "state": EscalationState.OPEN,
        "opened_at": now,
        "raised_at": now,
        "waits_since": now,
        "deadline_at": due_at,
        "next_step_at": due_at,
        "step": 0,
        "climbs": 0,
    }
    escalation_id = insert_unless_there(session, Escalation, row)
    return None if escalation_id is None else session.get(Escalation, escalation_id)


def claim_due(session: Session, state: EscalationState, now: datetime) -> Escalation | None:
    """Claim an escalation in the state whose next step is due, or None."""
    due = select(Escalation).where(Escalation.state == state, Escalation.next_step_at <= now)
    return claim_first(session, due.order_by(Escalation.next_step_at, Escalation.id))


def held(session: Session, escalation_id: int) -> Escalation | None:
    """Return the escalation as it is now, held for this transaction, or None."""
    return session.get(Escalation, escalation_id, with_for_update=True, populate_existing=True)


def next_climb(session: Session) -> datetime | None:
    """Return when the earliest next step of a live escalation is due, or None."""
    return session.scalar(
        select(func.min(Escalation.next_step_at)).where(Escalation.state != EscalationState.CLOSED)
    )


def by_code(session: Session, code: str) -> Escalation | None:
    """Return the newest escalation with the code, or None."""
    return session.scalar(
        select(Escalation).where(Escalation.code == code).order_by(Escalation.id.desc()).limit(1)
    )


def live_escalations(session: Session) -> Sequence[Escalation]:
    """Return every escalation that is not closed, oldest first."""
    found = select(Escalation).where(Escalation.state != EscalationState.CLOSED)
    return session.scalars(found.order_by(Escalation.opened_at, Escalation.id)).all()


def owned_by(session: Session, staff_id: int) -> Sequence[Escalation]:
    """Return what this member of staff has taken and not closed, oldest first, held for this transaction."""
    found = select(Escalation).where(
        Escalation.state == EscalationState.ACKNOWLEDGED, Escalation.acknowledged_by == staff_id
    )
    return session.scalars(found.order_by(Escalation.opened_at, Escalation.id).with_for_update()).all()


def closed_escalations(session: Session, *, limit: int = 50) -> Sequence[Escalation]:
    """Return the escalations that were closed last, newest first."""
    found = select(Escalation).where(Escalation.state == EscalationState.CLOSED)
    return session.scalars(found.order_by(Escalation.closed_at.desc()).limit(limit)).all()


def take(
    session: Session, escalation_id: int, staff_id: int, how: str, now: datetime, *, close_by: datetime
) -> bool:
    """Acknowledge for this member of staff if it is still open; return whether it was (one winner, whoever asks).

    They are reminded at `close_by` unless it is closed by then.
    """
    taken = session.execute(
        update(Escalation)
        .where(Escalation.id == escalation_id, Escalation.state == EscalationState.OPEN)
        .values(
            state=EscalationState.ACKNOWLEDGED,
            acknowledged_by=staff_id,
            acknowledged_at=now,
            acknowledged_how=how,
            next_step_at=close_by,
            reminded_at=None,
        )
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it


def reopen(escalation: Escalation, now: datetime) -> None:
    """Take it from whoever has it: it waits for somebody again, and its next step is due at once."""
    escalation.state = EscalationState.OPEN
    escalation.acknowledged_by = escalation.acknowledged_at = escalation.acknowledged_how = None
    escalation.reminded_at = None
    escalation.waits_since = escalation.next_step_at = now


def close(
    session: Session, escalation_id: int, staff_id: int, outcome: str, note: str, now: datetime
) -> bool:
    """Close the escalation unless it is closed; return whether it was still live."""
    closed = session.execute(
        update(Escalation)
        .where(Escalation.id == escalation_id, Escalation.state != EscalationState.CLOSED)
        .values(
            state=EscalationState.CLOSED,
            closed_by=staff_id,
            closed_at=now,
            outcome=outcome,
            note=note,
            next_step_at=None,
        )
    )
    return bool(closed.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it


def timeline(session: Session, escalation_id: int) -> Sequence[EscalationEvent]:
    """Return everything that happened to the escalation, oldest first."""
    found = select(EscalationEvent).where(EscalationEvent.escalation_id == escalation_id)
    return session.scalars(found.order_by(EscalationEvent.id)).all()


def last_news(session: Session, escalation_id: int) -> int:
    """Return the id of the event by which the escalation was opened, or another reply joined it last; 0 for neither."""
    news = select(func.max(EscalationEvent.id)).where(
        EscalationEvent.escalation_id == escalation_id, EscalationEvent.kind.in_(("opened", "joined"))
    )
    return session.scalar(news) or 0


def passed_on(session: Session, escalation_id: int, since: datetime) -> frozenset[int]:
    """Return the ids of the staff who have passed it on since the instant."""
    found = select(EscalationEvent.staff_id).where(
        EscalationEvent.escalation_id == escalation_id,
        EscalationEvent.kind == "passed",
        EscalationEvent.at >= since,
    )
    return frozenset(staff_id for staff_id in session.scalars(found) if staff_id is not None)


def callbacks_waiting(session: Session) -> tuple[int, int]:
    """Return how many open escalations wait for a call and page nobody: of patients, and of unknown senders."""
    waiting = select(Escalation.patient_id.is_not(None), func.count(Escalation.id)).where(
        Escalation.state == EscalationState.OPEN,
        Escalation.disposition.in_((Disposition.CALLBACK, Disposition.UNCLEAR)),
    )
    counts = {
        bool(known): count
        for known, count in session.execute(waiting.group_by(Escalation.patient_id.is_not(None)))
    }
    return counts.get(True, 0), counts.get(False, 0)
