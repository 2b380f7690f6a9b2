"""The ways out, one row a channel: when the next message may leave, and why nothing does; shared by all processes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.base import Base
from service.store.database import insert_unless_there

# While Twilio refuses everything, one message a minute is tried, instead of burning them all.
PROBE_EVERY: Final = timedelta(minutes=1)


class WayOut(Base):
    """One channel. `free_at` is when what has left so far will have left Twilio's queue, too.

    `stopped_at` is since when Twilio refuses everything, `stopped_by` its sentence; both None while it takes messages.
    While it does not, `free_at` is when the next one is tried.
    """

    __tablename__ = "ways_out"

    channel: Mapped[str] = mapped_column(primary_key=True)
    free_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    stopped_by: Mapped[str | None]


@dataclass(frozen=True, slots=True)
class Shut:
    """The channels that take nothing now, and those that are full: they take only what may not wait."""

    stopped: frozenset[str]
    full: frozenset[str]


_WAYS = select(WayOut.channel, WayOut.free_at, WayOut.stopped_at)
_STOPPED = select(WayOut.channel).where(WayOut.stopped_at.is_not(None))


def shut(session: Session, now: datetime, ahead: timedelta | None) -> Shut:
    """Return what is shut now; a channel is full that holds more than leaves within `ahead` (None: none ever is)."""
    ways = session.execute(_WAYS).all()
    free_at = {channel: free_at or now for channel, free_at, _ in ways}
    stopped = {channel for channel, _, stopped_at in ways if stopped_at is not None}
    return Shut(
        frozenset(channel for channel in stopped if free_at[channel] > now),
        frozenset(
            channel
            for channel in free_at.keys() - stopped
            if ahead is not None and free_at[channel] >= now + ahead
        ),
    )


def stopped_channels(session: Session) -> frozenset[str]:
    """Return the channels on which Twilio refuses everything."""
    return frozenset(session.scalars(_STOPPED))


def take_turns(
    session: Session,
    channel: str,
    now: datetime,
    *,
    every: timedelta | None,
    ahead: timedelta,
    may_wait: Sequence[bool],
) -> list[bool]:
    """Take the turns of messages, `every` so often (None: as fast as it goes); return of each whether it may leave now.

    As many leave at once as the time `ahead` holds. What may not wait leaves all the same, and what comes after it
    waits the longer; but where Twilio refuses everything, one message is tried at a time.
    """
    way = hold(session, channel)
    return [_has_turn(way, now, every, ahead, waits=waits) for waits in may_wait]


def _has_turn(way: WayOut, now: datetime, every: timedelta | None, ahead: timedelta, *, waits: bool) -> bool:
    free_at = max(way.free_at or now, now)
    if way.stopped_at is not None:
        way.free_at = now + PROBE_EVERY if free_at == now else free_at
        return free_at == now
    if every is None:
        return True
    if waits and free_at >= now + ahead:
        return False
    way.free_at = free_at + every
    return True


def stop(session: Session, channel: str, why: str, now: datetime) -> None:
    """Note that Twilio refuses everything on this channel until ops have put something right."""
    way = hold(session, channel)
    way.stopped_at, way.stopped_by, way.free_at = way.stopped_at or now, why, now + PROBE_EVERY


def go_on(session: Session, channel: str, attempted_at: datetime) -> bool:
    """Note that Twilio has sent a message attempted at the instant; return whether that ends a stop."""
    ended = session.execute(
        update(WayOut)
        .where(WayOut.channel == channel, WayOut.stopped_at < attempted_at)
        .values(stopped_at=None, stopped_by=None, free_at=None)
    )
    return bool(ended.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it


def stopped(session: Session) -> Sequence[WayOut]:
    """Return the channels on which Twilio refuses everything, the longest first."""
    found = select(WayOut).where(WayOut.stopped_at.is_not(None)).order_by(WayOut.stopped_at)
    return session.scalars(found).all()


def hold(session: Session, channel: str) -> WayOut:
    """Return the channel's row, held until the transaction ends: nobody else's message takes its turn meanwhile."""
    insert_unless_there(session, WayOut, {"channel": channel}, "channel")
    held = select(WayOut).where(WayOut.channel == channel).with_for_update()
    return session.scalars(held, execution_options={"populate_existing": True}).one()
