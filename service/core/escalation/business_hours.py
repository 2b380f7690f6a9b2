"""Business hours: when the clinic's office is open, and when a callback has waited a business day."""

from __future__ import annotations

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


@dataclass(frozen=True, slots=True)
class OfficeDay:
    """A business day: from its first opening to its last closing (UTC), whatever breaks lie between."""

    opens: datetime
    closes: datetime


def is_open(business: BusinessHours, at: datetime) -> bool:
    """Return whether the office is open at the instant (aware); during a break it is not."""
    local = at.astimezone(business.zone)
    return any(opens <= at < closes for opens, closes in _openings(business, local.date()))


def office_day(business: BusinessHours, at: datetime) -> OfficeDay | None:
    """Return the business day on which the instant (aware) falls by the clinic's wall; None on one without hours."""
    return _on(business, at.astimezone(business.zone).date())


def business_day_before(business: BusinessHours, at: datetime) -> OfficeDay | None:
    """Return the last business day that lies wholly before the day of the instant; None where a month has none."""
    today = at.astimezone(business.zone).date()
    days = (_on(business, today - timedelta(days=back)) for back in range(1, _FURTHEST_DAYS))
    return next((day for day in days if day is not None), None)


def a_business_day_after(business: BusinessHours, at: datetime) -> datetime:
    """Return the instant (UTC) by which what came at `at` has waited a business day.

    Within business hours that is the same time on the next business day, or its end where that is earlier; outside
    of them, the end of the next business day. With no opening in a month, it is a plain day.
    """
    today = at.astimezone(business.zone).date()
    days = (_on(business, today + timedelta(days=ahead)) for ahead in range(_FURTHEST_DAYS))
    ahead = [day for day in days if day is not None and day.closes > at]
    if not ahead:
        return at.astimezone(UTC) + timedelta(days=1)
    if at < ahead[0].opens or len(ahead) == 1:
        return ahead[0].closes
    following = ahead[1]
    wall = at.astimezone(business.zone).time()
    day = following.opens.astimezone(business.zone).date()
    same_time = datetime.combine(day, wall, tzinfo=business.zone).astimezone(UTC)
    return min(max(same_time, following.opens), following.closes)


def _on(business: BusinessHours, day: date) -> OfficeDay | None:
    openings = _openings(business, day)
    return OfficeDay(openings[0][0], max(closes for _, closes in openings)) if openings else None


def _openings(business: BusinessHours, day: date) -> tuple[tuple[datetime, datetime], ...]:
    """Return when the office is open on the day (UTC), in order; nothing on a holiday."""
    if day in business.holidays:
        return ()
    return tuple(
        (
            datetime.combine(day, opens, tzinfo=business.zone).astimezone(UTC),
            datetime.combine(day, closes, tzinfo=business.zone).astimezone(UTC),
        )
        for weekday, opens, closes in sorted(business.hours)
        if weekday == day.weekday()
    )
