"""Silence on a check-in: reminded, called, given up; and the night in between does not count."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from timing_builders import CHICAGO, a_step, at, wall

from service.core.protocol import DEFAULT_QUIET_HOURS, Step
from service.core.timing import waits

CHASED = a_step(
    "4h",
    timedelta(hours=4),
    nudge=timedelta(hours=2),
    voice_after=timedelta(hours=3),
    give_up=timedelta(hours=6),
)


@pytest.mark.parametrize(
    ("sent", "nudge", "call", "give_up"),
    [
        ("2026-05-04 10:00", "2026-05-04 12:00", "2026-05-04 13:00", "2026-05-04 16:00"),
        ("2026-05-04 18:30", "2026-05-04 20:30", "2026-05-05 08:00", "2026-05-05 11:00"),
        ("2026-05-04 20:45", "2026-05-05 08:00", "2026-05-05 09:00", "2026-05-05 12:00"),
        ("2026-03-07 20:45", "2026-03-08 08:00", "2026-03-08 09:00", "2026-03-08 12:00"),
    ],
)
def test_each_step_keeps_its_distance_from_the_one_before(
    sent: str, nudge: str, call: str, give_up: str
) -> None:
    found = waits(CHASED, at(sent), CHICAGO, DEFAULT_QUIET_HOURS)

    assert found.nudge_at is not None
    assert found.call_at is not None
    assert [wall(found.nudge_at), wall(found.call_at), wall(found.give_up_at)] == [nudge, call, give_up]


def test_what_the_protocol_does_not_do_never_comes() -> None:
    quiet = a_step("4h", timedelta(hours=4), nudge=None, voice_after=None, give_up=timedelta(hours=6))

    found = waits(quiet, at("2026-05-04 10:00"), CHICAGO, DEFAULT_QUIET_HOURS)

    assert (found.nudge_at, found.call_at, wall(found.give_up_at)) == (None, None, "2026-05-04 16:00")


HOURS = st.integers(1, 96).map(lambda hours: timedelta(hours=hours))


@given(
    st.lists(HOURS, min_size=3, max_size=3, unique=True).map(sorted),
    st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2029-01-01")),
    st.sampled_from(["America/Chicago", "Australia/Lord_Howe", "Africa/Cairo", "UTC"]),
)
def test_nobody_is_chased_at_night_too_soon_or_out_of_order(
    spans: list[timedelta], sent: datetime, zone_name: str
) -> None:
    zone, sent_at = ZoneInfo(zone_name), sent.replace(tzinfo=UTC)
    nudge, call, give_up = spans
    step: Step = a_step("4h", timedelta(hours=4), nudge=nudge, voice_after=call, give_up=give_up)

    found = waits(step, sent_at, zone, DEFAULT_QUIET_HOURS)

    moments = [found.nudge_at, found.call_at, found.give_up_at]
    known = [moment for moment in moments if moment is not None]
    assert [DEFAULT_QUIET_HOURS.is_quiet(moment, zone) for moment in known] == [False] * 3
    assert known == sorted(set(known))
    assert all(moment >= sent_at + span for moment, span in zip(known, spans, strict=True))
