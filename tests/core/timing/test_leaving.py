"""A due check-in at the moment of sending: now, in the morning, or never."""

import pytest
from timing_builders import CHICAGO, at

from service.core.protocol import DEFAULT_QUIET_HOURS
from service.core.timing import Leaving, leaving


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2026-05-04 19:59", Leaving.LATER),
        ("2026-05-04 20:00", Leaving.NOW),
        ("2026-05-04 20:59", Leaving.NOW),
        ("2026-05-04 21:00", Leaving.LATER),
        ("2026-05-05 08:00", Leaving.NOW),
        ("2026-05-05 08:59", Leaving.NOW),
        ("2026-05-05 09:00", Leaving.NEVER),
        ("2026-05-09 12:00", Leaving.NEVER),
    ],
)
def test_a_check_in_leaves_between_its_due_time_and_the_end_of_its_window_but_not_at_night(
    now: str, expected: Leaving
) -> None:
    due_at, window_ends_at = at("2026-05-04 20:00"), at("2026-05-05 09:00")

    assert leaving(due_at, window_ends_at, CHICAGO, DEFAULT_QUIET_HOURS, at(now)) is expected


def test_a_window_that_closes_overnight_is_given_up_as_soon_as_the_night_has_begun() -> None:
    due_at, window_ends_at = at("2026-05-04 20:00"), at("2026-05-05 07:00")

    assert (
        leaving(due_at, window_ends_at, CHICAGO, DEFAULT_QUIET_HOURS, at("2026-05-04 20:30")) is Leaving.NOW
    )
    assert (
        leaving(due_at, window_ends_at, CHICAGO, DEFAULT_QUIET_HOURS, at("2026-05-04 21:30")) is Leaving.NEVER
    )
