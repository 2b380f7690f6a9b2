"""Calls: whom we rang or who rang us, where the call stands, and every turn of it, committed before it is answered."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ForeignKey, Index, UniqueConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.base import Base, RowId, SealedJson, SealedText
from service.store.claims import claim_first
from service.store.database import insert_unless_there, lookup


class CallPurpose(StrEnum):
    """What a call is for."""

    CHECK_IN = "check_in"
    PAGE = "page"
    INBOUND = "inbound"


class CallStatus(StrEnum):
    """Twilio's words for where a call stands, with one of our own before it was placed."""

    PROMISED = "promised"
    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"
    FAILED = "failed"

    @property
    def is_over(self) -> bool:
        """Return whether nobody is on the line any more, and nobody will be."""
        return CALL_PROGRESS[self] == CALL_PROGRESS[CallStatus.COMPLETED]


# A status only moves forward; the callbacks of a call come in any order.
CALL_PROGRESS: Final = {
    CallStatus.PROMISED: 0,
    CallStatus.QUEUED: 1,
    CallStatus.INITIATED: 2,
    CallStatus.RINGING: 3,
    CallStatus.IN_PROGRESS: 4,
    CallStatus.COMPLETED: 5,
    CallStatus.BUSY: 5,
    CallStatus.NO_ANSWER: 5,
    CallStatus.CANCELED: 5,
    CallStatus.FAILED: 5,
}


class Call(Base):
    """One call. `reference` travels in its addresses; `line` is where it stands (the core's, as JSON).

    `step` is the number of the turn that is awaited. `look_at` is when the clock looks at a call of which it has
    heard nothing more; None once it is settled. `duration` is in seconds. `connected_to` is the member of staff whom
    the caller was connected with.
    """

    __tablename__ = "calls"
    __table_args__ = (Index("ix_calls_look_at", "look_at"),)

    id: Mapped[RowId]
    reference: Mapped[str] = mapped_column(unique=True)
    sid: Mapped[str | None] = mapped_column(unique=True)
    purpose: Mapped[str]
    number: Mapped[str] = mapped_column(SealedText)
    number_hash: Mapped[str] = mapped_column(index=True)
    language: Mapped[str]
    status: Mapped[str]
    answered_by: Mapped[str]
    line: Mapped[Any] = mapped_column(SealedJson)
    step: Mapped[int]
    created_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    duration: Mapped[int | None]
    error_code: Mapped[int | None]
    look_at: Mapped[datetime | None]
    patient_id: Mapped[int | None] = mapped_column(ForeignKey("patients.id"), index=True)
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    connected_to: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    check_in_id: Mapped[int | None] = mapped_column(ForeignKey("check_ins.id"), index=True)
    escalation_id: Mapped[int | None] = mapped_column(ForeignKey("escalations.id"), index=True)


class CallTurn(Base):
    """What was heard at one step of a call, raw, and what was said to it; `said` is None until it was decided.

    `inbox_id` is the reply that the words became. `confidence` is Twilio's, 0.0-1.0, where it gave one.
    """

    __tablename__ = "call_turns"
    __table_args__ = (UniqueConstraint("call_id", "step"),)

    id: Mapped[RowId]
    call_id: Mapped[int] = mapped_column(ForeignKey("calls.id"))
    step: Mapped[int]
    keys: Mapped[str] = mapped_column(SealedText)
    words: Mapped[str] = mapped_column(SealedText)
    confidence: Mapped[float | None]
    said: Mapped[Any | None] = mapped_column(SealedJson)
    heard_at: Mapped[datetime]
    inbox_id: Mapped[int | None] = mapped_column(ForeignKey("inbox.id"))


def promise_call(
    session: Session,
    *,
    reference: str,
    purpose: CallPurpose,
    number: str,
    language: str,
    now: datetime,
    sid: str | None = None,
    status: CallStatus = CallStatus.PROMISED,
    patient_id: int | None = None,
    staff_id: int | None = None,
    check_in_id: int | None = None,
    escalation_id: int | None = None,
    look_at: datetime | None = None,
) -> None:
    """Put a call on record before anybody's phone rings, or when somebody rings us."""
    session.add(
        Call(
            reference=reference,
            sid=sid,
            purpose=purpose,
            number=number,
            number_hash=lookup(session, number),
            language=language,
            status=status,
            answered_by="",
            line={},
            step=0,
            created_at=now,
            look_at=look_at,
            patient_id=patient_id,
            staff_id=staff_id,
            check_in_id=check_in_id,
            escalation_id=escalation_id,
        )
    )


def take_in_call(
    session: Session,
    *,
    sid: str,
    reference: str,
    number: str,
    language: str,
    status: CallStatus,
    now: datetime,
    look_at: datetime | None,
    patient_id: int | None,
    staff_id: int | None,
) -> str:
    """Put a call that came in on record, once by its sid; return the reference that it has."""
    row = {
        "reference": reference,
        "sid": sid,
        "purpose": CallPurpose.INBOUND,
        "number": number,
        "number_hash": lookup(session, number),
        "language": language,
        "status": status,
        "answered_by": "",
        "line": {},
        "step": 0,
        "created_at": now,
        "answered_at": None if status.is_over else now,
        "look_at": look_at,
        "patient_id": patient_id,
        "staff_id": staff_id,
    }
    insert_unless_there(session, Call, row, "sid")
    return session.scalars(select(Call.reference).where(Call.sid == sid)).one()


def held_call(session: Session, reference: str) -> Call | None:
    """Return the call, held for this transaction so that its turns are taken one after another, or None."""
    return session.scalar(select(Call).where(Call.reference == reference).with_for_update())


def call_by_sid(session: Session, sid: str) -> Call | None:
    """Return the call that Twilio knows by the sid, held for this transaction, or None."""
    return session.scalar(select(Call).where(Call.sid == sid).with_for_update())


def note_turn(
    session: Session,
    call_id: int,
    step: int,
    now: datetime,
    *,
    keys: str,
    words: str,
    confidence: float | None,
) -> None:
    """Keep what was heard at a step, unless that step was heard before: Twilio may ask twice."""
    turn = {
        "call_id": call_id,
        "step": step,
        "keys": keys,
        "words": words,
        "confidence": confidence,
        "heard_at": now,
    }
    insert_unless_there(session, CallTurn, turn, "call_id", "step")


def turn_of(session: Session, call_id: int, step: int) -> CallTurn | None:
    """Return the turn at a step, or None."""
    return session.scalar(select(CallTurn).where(CallTurn.call_id == call_id, CallTurn.step == step))


def turns_of(session: Session, call_id: int) -> Sequence[CallTurn]:
    """Return every turn of a call in order."""
    return session.scalars(select(CallTurn).where(CallTurn.call_id == call_id).order_by(CallTurn.step)).all()


def untaken_turns(session: Session, call_id: int) -> Sequence[CallTurn]:
    """Return the turns that were heard and never answered, in order: the process that heard them died."""
    untaken = select(CallTurn).where(CallTurn.call_id == call_id, CallTurn.said.is_(None))
    return session.scalars(untaken.order_by(CallTurn.step)).all()


def claim_to_look_at(session: Session, now: datetime) -> Call | None:
    """Claim the call of which nothing was heard for longest, or None."""
    silent = select(Call).where(Call.look_at <= now)
    return claim_first(session, silent.order_by(Call.look_at, Call.id))


def calls_with(session: Session, patient_id: int) -> Sequence[Call]:
    """Return every call with the patient, oldest first."""
    return session.scalars(select(Call).where(Call.patient_id == patient_id).order_by(Call.id)).all()


def calls_about(session: Session, escalation_id: int) -> Sequence[Call]:
    """Return every page by call about the escalation, oldest first."""
    return session.scalars(select(Call).where(Call.escalation_id == escalation_id).order_by(Call.id)).all()


def calls_named(session: Session, ids: Collection[int]) -> Sequence[Call]:
    """Return the calls with these ids, oldest first."""
    return session.scalars(select(Call).where(Call.id.in_(ids)).order_by(Call.id)).all()


def calls_for_check_in(session: Session, check_in_id: int) -> Sequence[Call]:
    """Return every call that asked the questions of one check-in, oldest first."""
    return session.scalars(select(Call).where(Call.check_in_id == check_in_id).order_by(Call.id)).all()


def next_look(session: Session) -> datetime | None:
    """Return when the next call is looked at, or None."""
    return session.scalar(select(func.min(Call.look_at)))
