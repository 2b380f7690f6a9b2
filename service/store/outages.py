"""Outages of the clock: since when it stood still, claimed by the first web process that noticed, until it was back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.base import Base, RowId
from service.store.database import insert_unless_there
from service.store.outbox import OutboxMessage, OutboxState

_LOST = (OutboxState.FAILED, OutboxState.UNDELIVERED, OutboxState.CANCELLED)


class Outage(Base):
    """A time in which the clock stood still; `since` is its last heartbeat before it."""

    __tablename__ = "outages"

    id: Mapped[RowId]
    since: Mapped[datetime] = mapped_column(unique=True)
    noticed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


def notice_outage(session: Session, since: datetime, now: datetime) -> bool:
    """Put the outage on record; return whether it was news, which it is to one process alone."""
    row = {"since": since, "noticed_at": now}
    return insert_unless_there(session, Outage, row, "since") is not None


def outage_since(session: Session, since: datetime) -> Outage | None:
    """Return the outage that began at this heartbeat, or None where nobody has noticed it."""
    return session.scalar(select(Outage).where(Outage.since == since))


def any_open(session: Session) -> bool:
    """Return whether an outage is on record that has not ended."""
    return session.scalar(select(Outage.id).where(Outage.ended_at.is_(None)).limit(1)) is not None


def end_outages(session: Session, now: datetime) -> tuple[int, ...]:
    """Put on record that the clock runs again; return the ids of the outages that this ended."""
    ended = session.scalars(
        update(Outage).where(Outage.ended_at.is_(None)).values(ended_at=now).returning(Outage.id)
    )
    return tuple(ended)


def longest_outage(session: Session, since: datetime, now: datetime) -> Outage | None:
    """Return the longest outage that was not over at the instant `since`, or None."""
    found = session.scalars(select(Outage).where(or_(Outage.ended_at.is_(None), Outage.ended_at > since)))
    return max(found, key=lambda outage: (outage.ended_at or now) - outage.since, default=None)


def alarm_key(outage_id: int, staff_id: int) -> str:
    """Return the key of the text that tells somebody of an outage: one to each person (law 4)."""
    return f"{_alarms_of(outage_id)}{staff_id}"


def _alarms_of(outage_id: int) -> str:
    return f"clock-stopped:{outage_id}:"


def claim_alarms(session: Session, now: datetime, most: int) -> list[int]:
    """Claim texts about an outage whose turn has come; return their ids."""
    waiting = select(OutboxMessage.id).where(
        OutboxMessage.key.startswith("clock-stopped:"),
        OutboxMessage.state == OutboxState.QUEUED,
        OutboxMessage.try_at <= now,
    )
    first = waiting.order_by(OutboxMessage.id).limit(most)
    return list(session.scalars(first.with_for_update(skip_locked=True)))


def cancel_alarms(session: Session, outage_id: int, now: datetime) -> None:
    """Cancel the texts about an outage that have not left: the clock runs again."""
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.key.startswith(_alarms_of(outage_id), autoescape=True),
            OutboxMessage.state == OutboxState.QUEUED,
        )
        .values(state=OutboxState.CANCELLED, settled_at=now, remark="The clock ran again before it left.")
    )


def who_was_told(session: Session, outage_id: int) -> tuple[frozenset[int], frozenset[int]]:
    """Return the ids of the staff who were told of the outage, and of those whom the text did not reach."""
    texts = session.execute(
        select(OutboxMessage.staff_id, OutboxMessage.state).where(
            OutboxMessage.key.startswith(_alarms_of(outage_id), autoescape=True)
        )
    ).all()
    told = frozenset(staff_id for staff_id, _ in texts if staff_id is not None)
    return told, frozenset(staff_id for staff_id, state in texts if staff_id is not None and state in _LOST)
