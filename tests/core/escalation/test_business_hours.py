"""When a callback has waited a business day, over nights, weekends, holidays and changing clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from service.core.escalation.business_hours import (
    BusinessHours,
    OfficeDay,
    a_business_day_after,
    business_day_before,
    is_open,
    office_day,
    office_hours,
)

CHICAGO = ZoneInfo("America/Chicago")
OFFICE = office_hours(CHICAGO)


def at(day: int, hour: int, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=CHICAGO).astimezone(UTC)


def test_within_hours_it_is_the_same_time_on_the_next_business_day() -> None:
    # 10 March 2026 is a Tuesday, 13 March a Friday.
    assert a_business_day_after(OFFICE, at(10, 11)) == at(11, 11)
    assert a_business_day_after(OFFICE, at(13, 11)) == at(16, 11)


def test_outside_of_hours_it_is_the_end_of_the_next_business_day() -> None:
    assert a_business_day_after(OFFICE, at(10, 7)) == at(10, 17)
    assert a_business_day_after(OFFICE, at(10, 20)) == at(11, 17)
    assert a_business_day_after(OFFICE, at(14, 12)) == at(16, 17), "a Saturday"


def test_a_holiday_is_no_business_day() -> None:
    closed = replace(OFFICE, holidays=frozenset({date(2026, 3, 11)}))

    assert a_business_day_after(closed, at(10, 11)) == at(12, 11)
    assert not is_open(closed, at(11, 11))


def test_the_wall_decides_when_the_clocks_change_over_the_weekend() -> None:
    # The clocks go forward on Sunday, 8 March.
    assert a_business_day_after(OFFICE, at(6, 11)) == at(9, 11)


def test_it_opens_at_nine_and_is_shut_at_five() -> None:
    assert [is_open(OFFICE, at(10, hour)) for hour in (8, 9, 16, 17)] == [False, True, True, False]


def test_an_office_that_never_opens_does_not_hang_a_callback() -> None:
    assert a_business_day_after(replace(OFFICE, hours=()), at(10, 11)) == at(11, 11)


def test_a_break_at_noon_does_not_end_the_business_day() -> None:
    spans = ((time(9), time(12)), (time(13), time(17)))
    with_break = BusinessHours(CHICAGO, tuple((weekday, *span) for weekday in range(5) for span in spans))

    assert [is_open(with_break, at(10, hour)) for hour in (11, 12, 13)] == [True, False, True]
    assert a_business_day_after(with_break, at(10, 11)) == at(11, 11)
    assert office_day(with_break, at(10, 12)) == OfficeDay(at(10, 9), at(10, 17))


def test_the_business_day_before_a_monday_is_the_friday() -> None:
    assert business_day_before(OFFICE, at(16, 9)) == OfficeDay(at(13, 9), at(13, 17))
    assert office_day(OFFICE, at(15, 12)) is None
    assert business_day_before(replace(OFFICE, hours=()), at(16, 9)) is None
