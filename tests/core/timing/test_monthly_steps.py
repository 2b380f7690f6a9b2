"""Long-term steps: when they begin, on which days they come, when they end and begin anew."""

from datetime import timedelta

import pytest
from timing_builders import CHICAGO, LONG_AGO, a_monthly_step, a_protocol, an_infusion, wall

from service.core.protocol import DEFAULT_QUIET_HOURS, Protocol, Span
from service.core.timing import InfusionFact, plan

TWO_MONTHS = timedelta(days=62)


def a_watch(
    every_months: int = 1,
    *,
    infusions: int | None = 1,
    dose_mg: float | None = None,
    ends_after: timedelta = TWO_MONTHS,
) -> Protocol:
    return a_protocol(a_monthly_step("urinary", every_months), span=Span(infusions, dose_mg, ends_after))


def due(protocol: Protocol, *infusions: InfusionFact) -> list[str]:
    return [wall(one.due_at) for one in plan(infusions, protocol, CHICAGO, DEFAULT_QUIET_HOURS, (), LONG_AGO)]


def test_a_monthly_step_comes_on_the_day_of_the_month_at_its_hour() -> None:
    assert due(a_watch(), an_infusion("2026-05-04 15:00")) == ["2026-06-04 10:00", "2026-07-04 10:00"]


@pytest.mark.parametrize(
    ("ends", "next_month"),
    [
        ("2026-01-31 15:00", "2026-02-28 10:00"),
        ("2028-01-31 15:00", "2028-02-29 10:00"),
        ("2028-02-29 15:00", "2028-03-29 10:00"),
        ("2026-12-31 15:00", "2027-01-31 10:00"),
    ],
)
def test_a_day_that_the_month_does_not_have_is_its_last_day(ends: str, next_month: str) -> None:
    assert due(a_watch(), an_infusion(ends))[0] == next_month


def test_a_clamped_day_comes_back_in_a_longer_month() -> None:
    assert due(a_watch(), an_infusion("2026-01-31 08:00")) == ["2026-02-28 10:00", "2026-03-31 10:00"]


def test_the_hour_on_the_wall_stays_when_the_clocks_change() -> None:
    assert due(a_watch(), an_infusion("2026-02-20 15:00"))[:2] == ["2026-03-20 10:00", "2026-04-20 10:00"]


def test_every_three_months_is_every_three_months() -> None:
    watch = a_watch(3, ends_after=timedelta(days=200))

    assert due(watch, an_infusion("2026-05-04 15:00")) == ["2026-08-04 10:00", "2026-11-04 10:00"]


def test_the_watch_begins_with_the_number_of_infusions() -> None:
    infusions = [an_infusion(f"2026-05-{day:02} 15:00", f"{day}") for day in (4, 6, 8)]

    assert due(a_watch(infusions=4), *infusions) == []
    assert due(a_watch(infusions=3), *infusions) == ["2026-06-08 10:00", "2026-07-08 10:00"]


def test_the_watch_begins_with_the_cumulative_dose_if_that_comes_first() -> None:
    infusions = [an_infusion(f"2026-05-{day:02} 15:00", f"{day}", dose_mg=50) for day in (4, 6, 8)]

    assert due(a_watch(infusions=9, dose_mg=151), *infusions) == []
    assert due(a_watch(infusions=9, dose_mg=100), *infusions)[0] == "2026-06-06 10:00"


def test_an_infusion_keeps_the_watch_going_from_the_day_it_began() -> None:
    one, two = an_infusion("2026-05-04 15:00", "one"), an_infusion("2026-06-20 15:00", "two")

    assert due(a_watch(), one, two) == ["2026-06-04 10:00", "2026-07-04 10:00", "2026-08-04 10:00"]


def test_after_a_long_pause_the_next_infusion_begins_the_watch_anew() -> None:
    one, two = an_infusion("2026-01-04 15:00", "one"), an_infusion("2026-06-20 15:00", "two")

    assert due(a_watch(infusions=1), one, two) == [
        "2026-02-04 10:00",
        "2026-03-04 10:00",
        "2026-07-20 10:00",
        "2026-08-20 10:00",
    ]


def test_a_monthly_check_in_follows_the_latest_infusion_before_it() -> None:
    infusions = (an_infusion("2026-05-04 15:00", "one"), an_infusion("2026-06-20 15:00", "two"))

    made = plan(infusions, a_watch(), CHICAGO, DEFAULT_QUIET_HOURS, (), LONG_AGO)

    assert [(c.occurrence, c.infusion_key) for c in made] == [
        ("a-protocol-2026-06/urinary", "one"),
        ("a-protocol-2026-07/urinary", "two"),
        ("a-protocol-2026-08/urinary", "two"),
    ]


def test_days_after_the_monthly_day_keep_two_steps_apart() -> None:
    steps = (
        a_monthly_step("urinary", 1),
        a_monthly_step("memory", 1, after=timedelta(days=7), asks=("memory",)),
    )
    watch = a_protocol(*steps, span=Span(1, None, timedelta(days=40)))

    assert due(watch, an_infusion("2026-05-04 15:00")) == ["2026-06-04 10:00", "2026-06-11 10:00"]


def test_two_that_come_in_one_month_are_two() -> None:
    watch = a_protocol(
        a_monthly_step("urinary", 1, after=timedelta(days=3)), span=Span(1, None, timedelta(days=70))
    )

    made = plan((an_infusion("2026-01-28 15:00"),), watch, CHICAGO, DEFAULT_QUIET_HOURS, (), LONG_AGO)

    assert [(c.occurrence, wall(c.due_at)) for c in made] == [
        ("a-protocol-2026-02/urinary", "2026-03-03 10:00"),
        ("a-protocol-2026-03/urinary", "2026-03-31 10:00"),
    ]


def test_the_watch_ends_with_its_last_moment_and_not_before() -> None:
    until_then, until_just_before = (timedelta(days=31, hours=-5), timedelta(days=31, hours=-5, seconds=-1))

    assert due(a_watch(ends_after=until_then), an_infusion("2026-05-04 15:00")) == ["2026-06-04 10:00"]
    assert due(a_watch(ends_after=until_just_before), an_infusion("2026-05-04 15:00")) == []


def test_an_infusion_in_the_last_moment_of_the_watch_keeps_it_going() -> None:
    watch = a_watch(infusions=1, ends_after=timedelta(days=40))
    one, two = an_infusion("2026-05-04 15:00", "one"), an_infusion("2026-06-13 15:00", "two")
    later = an_infusion("2026-06-13 15:01", "two")

    assert due(watch, one, two) == ["2026-06-04 10:00", "2026-07-04 10:00"]
    assert due(watch, one, later) == ["2026-06-04 10:00", "2026-07-13 10:00"]
