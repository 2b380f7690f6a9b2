"""Instants as people read them: by a named zone's clock, and as how long ago or in how long."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant for a page: for machines (ISO, UTC), by the wall clock, and how far it is from now."""

    iso: str
    clock: str
    away: str


def moment(at: datetime, zone: str, now: datetime) -> Moment:
    """Return the instant as read in the zone at the instant `now`."""
    wall, today = at.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    day = "" if wall.date() == today else f"{day_of(wall, today.year)}, "
    return Moment(at.isoformat(timespec="seconds"), f"{day}{clock_of(wall)}", away(at, now))


def clock_of(wall: datetime | time) -> str:
    """Return the time of day: "2:05 PM"."""
    return f"{wall.hour % 12 or 12}:{wall.minute:02} {'AM' if wall.hour < 12 else 'PM'}"


def day_of(wall: date, this_year: int) -> str:
    """Return the day: "Tue, Mar 10", with the year where it is another than this one."""
    year = "" if wall.year == this_year else f" {wall.year}"
    return f"{wall:%a, %b} {wall.day}{year}"


def away(at: datetime, now: datetime) -> str:
    """Return how far the instant is from now: "4 min ago", "in 2 h 10 min", "now"."""
    if abs(at - now) < timedelta(minutes=1):
        return "now"
    return f"{span(now - at)} ago" if at < now else f"in {span(at - now)}"


def span(length: timedelta) -> str:
    """Return a length of time: "4 min", "2 h 10 min", "3 days"."""
    whole = int(length.total_seconds() // 60)
    if whole < 60:
        return f"{max(whole, 1)} min"
    if whole < 24 * 60:
        return f"{whole // 60} h {whole % 60} min" if whole % 60 else f"{whole // 60} h"
    days = whole // (24 * 60)
    return "1 day" if days == 1 else f"{days} days"


def wall_clock(now: datetime, zone: str) -> str:
    """Return the time that it is in the zone: "Tue 2:05 PM"."""
    wall = now.astimezone(ZoneInfo(zone))
    return f"{wall:%a} {clock_of(wall)}"
