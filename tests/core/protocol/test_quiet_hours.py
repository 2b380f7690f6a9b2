"""Quiet hours on real and awkward clocks: changes of the hour, doubled and skipped times, skipped days."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.protocol import DEFAULT_QUIET_HOURS, QuietHours

CHICAGO = ZoneInfo("America/Chicago")
ZONES = (
    "America/Chicago",
    "America/Phoenix",
    "America/St_Johns",
    "Europe/London",
    "Australia/Lord_Howe",  # its clocks change by half an hour
    "Africa/Cairo",  # its clocks change at midnight
    "America/Havana",
    "Pacific/Apia",  # had no 30 December 2011
    "Asia/Kathmandu",
    "UTC",
)
INSTANTS = st.datetimes(
    datetime.fromisoformat("2009-01-01"), datetime.fromisoformat("2035-01-01"), timezones=st.just(UTC)
)
WALLS = st.times(timezones=st.none()).map(lambda wall: wall.replace(second=0, microsecond=0))


def chicago(wall: str, fold: int = 0) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=CHICAGO, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("wall", "quiet"),
    [
        ("2026-05-04 20:59", False),
        ("2026-05-04 21:00", True),
        ("2026-05-05 00:00", True),
        ("2026-05-05 07:59", True),
        ("2026-05-05 08:00", False),
        ("2026-05-05 12:00", False),
    ],
)
def test_the_night_holds_its_start_and_not_its_end(wall: str, quiet: bool) -> None:
    assert DEFAULT_QUIET_HOURS.is_quiet(chicago(wall), CHICAGO) is quiet


def test_quiet_hours_within_one_day_do_not_pass_midnight() -> None:
    siesta = QuietHours(time(13), time(15))

    assert [siesta.is_quiet(chicago(f"2026-05-04 {hour}:00"), CHICAGO) for hour in (12, 13, 14, 15, 23)] == [
        False,
        True,
        True,
        False,
        False,
    ]


def test_equal_ends_mean_no_quiet_hours() -> None:
    assert not QuietHours(time(8), time(8)).is_quiet(chicago("2026-05-04 08:00"), CHICAGO)


@pytest.mark.parametrize(
    ("at", "morning"),
    [
        ("2026-05-04 22:00", "2026-05-05 08:00"),
        ("2026-05-05 03:00", "2026-05-05 08:00"),
        ("2026-03-07 22:00", "2026-03-08 08:00"),  # the night that loses an hour
        ("2026-10-31 22:00", "2026-11-01 08:00"),  # the night that gains one
        ("2028-02-28 22:00", "2028-02-29 08:00"),
        ("2026-05-04 12:00", "2026-05-04 12:00"),
    ],
)
def test_a_night_ends_at_eight_by_the_wall_clock(at: str, morning: str) -> None:
    assert DEFAULT_QUIET_HOURS.next_end(chicago(at), CHICAGO) == chicago(morning)


def test_the_night_that_loses_an_hour_is_ten_hours_long() -> None:
    start = chicago("2026-03-07 21:00")

    assert DEFAULT_QUIET_HOURS.next_end(start, CHICAGO) - start == timedelta(hours=10)


def test_an_end_that_the_clocks_skip_is_the_first_instant_after_the_gap() -> None:
    until_half_past_two = QuietHours(time(21), time(2, 30))

    assert until_half_past_two.next_end(chicago("2026-03-07 23:00"), CHICAGO) == chicago("2026-03-08 03:30")


def test_an_end_that_comes_twice_ends_the_night_twice() -> None:
    until_half_past_one = QuietHours(time(21), time(1, 30))
    first, second = chicago("2026-11-01 01:30"), chicago("2026-11-01 01:30", fold=1)

    assert until_half_past_one.next_end(chicago("2026-10-31 23:00"), CHICAGO) == first
    assert until_half_past_one.next_end(chicago("2026-11-01 01:10", fold=1), CHICAGO) == second


def test_the_start_of_the_night_around_an_instant() -> None:
    assert DEFAULT_QUIET_HOURS.last_start(chicago("2026-03-08 07:00"), CHICAGO) == chicago("2026-03-07 21:00")


@given(st.builds(QuietHours, WALLS, WALLS), INSTANTS, st.sampled_from(ZONES))
def test_the_end_of_a_night_is_never_quiet_never_earlier_and_at_most_two_days_away(
    hours: QuietHours, at: datetime, zone_name: str
) -> None:
    zone = ZoneInfo(zone_name)
    end = hours.next_end(at, zone)

    assert not hours.is_quiet(end, zone)
    assert at <= end <= at + timedelta(hours=50)
    assert (end == at) is not hours.is_quiet(at, zone)


@given(st.builds(QuietHours, WALLS, WALLS), INSTANTS, st.sampled_from(ZONES))
def test_every_minute_from_the_start_of_a_night_to_its_end_is_quiet_on_an_ordinary_day(
    hours: QuietHours, at: datetime, zone_name: str
) -> None:
    zone = ZoneInfo(zone_name)
    start, end = hours.last_start(at, zone), hours.next_end(at, zone)
    offsets = {(at + timedelta(days=day)).astimezone(zone).utcoffset() for day in range(-3, 4)}

    if len(offsets) == 1 and start != end:
        middle = start + (end - start) / 2
        assert hours.is_quiet(start, zone)
        assert hours.is_quiet(middle, zone)
        assert hours.is_quiet(end - timedelta(seconds=1), zone)
