"""Heartbeats: when each tick of the clock last finished."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.base import Base
from service.store.database import insert_into


class Heartbeat(Base):
    """The last time that a tick finished."""

    __tablename__ = "heartbeats"

    tick: Mapped[str] = mapped_column(primary_key=True)
    beat_at: Mapped[datetime]


def beat(session: Session, tick: str, now: datetime) -> None:
    """Note that the tick has just finished."""
    session.execute(
        insert_into(session, Heartbeat)
        .values(tick=tick, beat_at=now)
        .on_conflict_do_update(index_elements=["tick"], set_={"beat_at": now})
    )


def beats(session: Session) -> Mapping[str, datetime]:
    """Return when each tick last finished."""
    return {heartbeat.tick: heartbeat.beat_at for heartbeat in session.scalars(select(Heartbeat))}


def forget_others(session: Session, ticks: Collection[str]) -> None:
    """Forget every tick but these: one that a newer version has no more must not count as stuck for ever."""
    session.execute(delete(Heartbeat).where(Heartbeat.tick.not_in(ticks)))
