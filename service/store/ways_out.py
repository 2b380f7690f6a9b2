"""The ways out, one row a channel: when the next message may leave, and why nothing does; shared by all processes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.base import Base
from service.store.database import insert_into


class WayOut(Base):
    """One channel. `free_at` is when what has left so far will have left Twilio's queue, too.

    `stopped_at` is since when Twilio refuses everything, `stopped_by` its sentence; both None while it takes messages.
    """

    __tablename__ = "ways_out"

    channel: Mapped[str] = mapped_column(primary_key=True)
    free_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    stopped_by: Mapped[str | None]


def take_turn(
    session: Session,
    channel: str,
    now: datetime,
    *,
    every: timedelta,
    ahead: timedelta,
    waits: bool,
) -> bool:
    """Take the turn of one message, `every` so often; return whether there was one, at most `ahead` of its time.

    What may not wait always gets its turn; what comes after it then waits the longer.
    """
    way = _held(session, channel)
    free_at = max(way.free_at or now, now)
    if waits and free_at > now + ahead:
        return False
    way.free_at = free_at + every
    return True


def stop(session: Session, channel: str, why: str, now: datetime) -> None:
    """Note that Twilio refuses everything on this channel until ops have put something right."""
    way = _held(session, channel)
    way.stopped_at, way.stopped_by = way.stopped_at or now, why


def go_on(session: Session, channel: str) -> None:
    """Note that Twilio has taken a message again."""
    session.execute(
        update(WayOut)
        .where(WayOut.channel == channel, WayOut.stopped_at.is_not(None))
        .values(stopped_at=None, stopped_by=None)
    )


def stopped(session: Session) -> Sequence[WayOut]:
    """Return the channels on which Twilio refuses everything, the longest first."""
    found = select(WayOut).where(WayOut.stopped_at.is_not(None)).order_by(WayOut.stopped_at)
    return session.scalars(found).all()


def _held(session: Session, channel: str) -> WayOut:
    fresh = insert_into(session, WayOut).values(channel=channel).on_conflict_do_nothing()
    held = select(WayOut).where(WayOut.channel == channel).with_for_update()
    way = session.scalar(held)
    if way is None:
        session.execute(fresh)
        way = session.scalars(held).one()
    return way
