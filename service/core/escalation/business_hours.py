"""Business hours: when the clinic's office is open, and when a callback has waited a business day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

# Further than this no office is shut; a calendar of holidays alone is a mistake, and must not hang a callback.
_FURTHEST_DAYS: Final = 30
_WORKING_WEEK: Final = 5


@dataclass(frozen=True, slots=True)
class BusinessHours:
    """Opening hours by weekday (0 is Monday) on the clinic's wall, less its holidays."""

    zone: ZoneInfo
    hours: tuple[tuple[int, time, time], ...]
    holidays: frozenset[date] = frozenset()


def office_hours(zone: ZoneInfo) -> BusinessHours:
    """Return Monday to Friday, nine to five: what holds until the clinic says otherwise."""
    return BusinessHours(zone, tuple((weekday, time(9), time(17)) for weekday in range(_WORKING_WEEK)))


def is_open(business: BusinessHours, at: datetime) -> bool:
    """Return whether the office is open at the instant (aware)."""
    return any(opens <= at < closes for opens, closes in _openings(business, at))


def a_business_day_after(business: BusinessHours, at: datetime) -> datetime:
    """Return the instant (UTC) by which what came at `at` has waited a business day.

    Within business hours that is the same time on the next business day, or its end where that is earlier; outside
    of them, the end of the next business day. With no opening in a month, it is a plain day.
    """
    ahead = [(opens, closes) for opens, closes in _openings(business, at) if closes > at]
    if not ahead:
        return at.astimezone(UTC) + timedelta(days=1)
    opens, closes = ahead[0]
    if at < opens or len(ahead) == 1:
        return closes
    next_opens, next_closes = ahead[1]
    wall = at.astimezone(business.zone).time()
    same_time = datetime.combine(next_opens.astimezone(business.zone).date(), wall, tzinfo=business.zone)
    return min(max(same_time.astimezone(UTC), next_opens), next_closes)


def _openings(business: BusinessHours, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Yield the openings (UTC) from the day of `at` on, in order."""
    today = at.astimezone(business.zone).date()
    for days in range(_FURTHEST_DAYS):
        day = today + timedelta(days=days)
        if day in business.holidays:
            continue
        for weekday, opens, closes in sorted(business.hours):
            if weekday == day.weekday():
                yield (
                    datetime.combine(day, opens, tzinfo=business.zone).astimezone(UTC),
                    datetime.combine(day, closes, tzinfo=business.zone).astimezone(UTC),
                )
