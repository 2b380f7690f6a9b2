"""Instants as a text to staff says them, by the clinic's clock: "Tue, Mar 10 2:05 PM"."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo


def wall_time(at: datetime, zone: ZoneInfo) -> str:
    """Return the instant (aware) as it stands on the wall in the zone."""
    wall = at.astimezone(zone)
    half = "AM" if wall.hour < 12 else "PM"
    return f"{wall:%a}, {wall:%b} {wall.day} {wall.hour % 12 or 12}:{wall:%M} {half}"
