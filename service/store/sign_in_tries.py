"""Tries to sign in, counted for all web processes together, in a number of rows that no attacker can raise."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.base import Base, RowNumber
from service.store.database import insert_unless_there, lookup

# Addresses that share a slot share its tries: with so many slots that meets one innocent in thousands.
SLOTS: Final = 4096


class SignInTries(Base):
    """How often the addresses of one slot have tried since the instant; the addresses themselves are not kept."""

    __tablename__ = "sign_in_tries"

    slot: Mapped[int] = mapped_column(RowNumber, primary_key=True, autoincrement=False)
    since: Mapped[datetime]
    tries: Mapped[int]


def may_try(session: Session, address: str, now: datetime, *, most: int, within: timedelta) -> bool:
    """Count one more try from the address; return whether it is among the most that the time allows."""
    slot = int(lookup(session, address)[:8], 16) % SLOTS
    insert_unless_there(session, SignInTries, {"slot": slot, "since": now, "tries": 0}, "slot")
    row = session.scalars(select(SignInTries).where(SignInTries.slot == slot).with_for_update()).one()
    if now - row.since >= within:
        row.since, row.tries = now, 0
    row.tries += 1
    return row.tries <= most
