"""Quiet hours: the part of the day in which no patient is written to, by the clock on the patient's wall."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From `start` (included) to `end` (excluded) by the wall clock, past midnight too; equal ends: none."""

    start: time
    end: time

    def is_quiet(self, at: datetime, zone: ZoneInfo) -> bool:
        """Return whether the instant `at` (aware) falls into the quiet hours in the zone."""
        wall = at.astimezone(zone).time()
        if self.start <= self.end:
            return self.start <= wall < self.end
        return wall >= self.start or wall < self.end

    def next_end(self, at: datetime, zone: ZoneInfo) -> datetime:
        """Return the first instant (UTC) from `at` on that is not quiet."""
        if not self.is_quiet(at, zone):
            return at.astimezone(UTC)
        mornings = (instant for instant in _instants_of(self.end, at, zone) if instant > at)
        return min(instant for instant in mornings if not self.is_quiet(instant, zone))

    def last_start(self, at: datetime, zone: ZoneInfo) -> datetime:
        """Return the instant (UTC) at which the night around `at` began; `at` itself if it is not quiet."""
        if not self.is_quiet(at, zone):
            return at.astimezone(UTC)
        return max(instant for instant in _instants_of(self.start, at, zone) if instant <= at)

    def __str__(self) -> str:
        """Return the form that the protocol files use, "21:00-08:00"."""
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


DEFAULT_QUIET_HOURS: Final = QuietHours(time(21), time(8))


def _instants_of(wall: time, near: datetime, zone: ZoneInfo) -> Iterator[datetime]:
    # A wall time may come twice on one day (clocks go back), never (clocks go forward), or with the whole day
    # (a country that crosses the date line), so that each day around and both readings of it are tried.
    today = near.astimezone(zone).date()
    for days in (-2, -1, 0, 1, 2):
        for fold in (0, 1):
            local = datetime.combine(today + timedelta(days=days), wall.replace(fold=fold), tzinfo=zone)
            yield local.astimezone(UTC)
