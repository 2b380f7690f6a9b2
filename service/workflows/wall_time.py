"""Instants by the clinic's clock: as a text to staff says them ("Tue, Mar 10 2:05 PM"), and as they are typed."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from service.store.clinics import the_clinic
from service.store.database import Session


def clinic_time(session: Session, at: datetime) -> str:
    """Return the instant (aware) by the clinic's clock."""
    return wall_time(at, ZoneInfo(the_clinic(session).zone))


def wall_time(at: datetime, zone: ZoneInfo) -> str:
    """Return the instant (aware) as it stands on the wall in the zone."""
    wall = at.astimezone(zone)
    half = "AM" if wall.hour < 12 else "PM"
    return f"{wall:%a}, {wall:%b} {wall.day} {wall.hour % 12 or 12}:{wall:%M} {half}"


class NoSuchTime(Exception):
    """What was typed names no instant on the wall; the message says what to write."""


def instant_of(written: str, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) that a wall time such as 2026-03-10T18:00 names, of two in autumn the earlier.

    Raises:
        NoSuchTime: where it is no time, or one that the clocks pass over in spring.
    """
    try:
        wall = datetime.fromisoformat(written)
    except ValueError:
        raise NoSuchTime(f"{written!r} is no time; write one such as 2026-03-10T18:00.") from None
    if wall.tzinfo is not None:
        raise NoSuchTime(f"{written!r} names a zone; write the time on the clinic's clock alone.")
    at = wall.replace(tzinfo=zone).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != wall:
        raise NoSuchTime(
            f"On {wall:%Y-%m-%d} the clocks go forward, past {wall:%H:%M}: there is no such time."
        )
    return at
