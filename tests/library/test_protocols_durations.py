"""Durations and hours as a nurse writes them."""

from datetime import time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.protocol import QuietHours
from service.library.durations import read_clock_time, read_duration, read_quiet_hours, spoken


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("4 h", timedelta(hours=4)),
        ("4h", timedelta(hours=4)),
        ("90 min", timedelta(minutes=90)),
        ("1 h 30 min", timedelta(minutes=90)),
        ("7 d", timedelta(days=7)),
        ("0 min", timedelta(0)),
        ("2 d 12 h 5 min", timedelta(days=2, hours=12, minutes=5)),
    ],
)
def test_a_duration_is_read_as_it_is_written(text: str, meaning: timedelta) -> None:
    assert read_duration(text) == meaning


@pytest.mark.parametrize(
    "text", ["", "4", "h", "4 hours", "-4 h", "4.5 h", "4 h later", "4 m", 4, None, True]
)
def test_what_is_no_duration_is_refused_with_an_example(text: object) -> None:
    with pytest.raises(ValueError, match='write a duration such as "30 min", "4 h"'):
        read_duration(text)


@given(st.integers(0, 60 * 24 * 400).map(lambda minutes: timedelta(minutes=minutes)))
def test_a_duration_that_is_spoken_is_read_back(duration: timedelta) -> None:
    assert read_duration(spoken(duration)) == duration


def test_quiet_hours_are_two_times_of_day() -> None:
    assert read_quiet_hours("21:00-08:00") == QuietHours(time(21), time(8))
    assert str(read_quiet_hours("21:00 - 08:00")) == "21:00-08:00"


@pytest.mark.parametrize("text", ["21:00", "21:00 to 08:00", ""])
def test_quiet_hours_without_a_dash_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match='two times of day such as "21:00-08:00"'):
        read_quiet_hours(text)


@pytest.mark.parametrize("text", ["24:00", "8:00", "08.00", "8 am", ""])
def test_what_is_no_time_of_day_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match='a time of day such as "08:00"'):
        read_clock_time(text)
