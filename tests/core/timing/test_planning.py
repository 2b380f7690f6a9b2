"""Plans for one infusion: due times, nights, daylight saving, late registration."""

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest
from timing_builders import CHICAGO, FOUR_STEPS, LONG_AGO, a_protocol, a_step, an_infusion, at, wall

from service.core.protocol import DEFAULT_QUIET_HOURS, Protocol, QuietHours
from service.core.timing import FollowUp, LeftOut, Plan, plan, plan_together

FOUR = a_protocol(*FOUR_STEPS)
NO_NIGHT = QuietHours(time(0), time(0))


def planned(ends: str, protocol: Protocol = FOUR, now: str | None = None) -> Plan:
    follow_up = FollowUp(protocol, (an_infusion(ends),))
    return plan_together((follow_up,), CHICAGO, DEFAULT_QUIET_HOURS, (), at(now) if now else LONG_AGO)


def due(made: Plan) -> list[tuple[str, str]]:
    return [(check_in.step_key, wall(check_in.due_at)) for check_in in made.check_ins]


def test_a_morning_infusion_is_followed_at_the_times_of_the_protocol() -> None:
    made = planned("2026-05-04 10:30")

    assert due(made) == [
        ("4h", "2026-05-04 14:30"),
        ("24h", "2026-05-05 10:30"),
        ("72h", "2026-05-07 10:30"),
        ("7d", "2026-05-11 10:30"),
    ]
    assert made.left_out == ()
    assert {check_in.why for check_in in made.check_ins} == {""}


def test_a_check_in_names_what_it_is_for_and_how_long_it_is_worth_sending() -> None:
    first = planned("2026-05-04 10:30").check_ins[0]

    assert (first.occurrence, first.infusion_key, first.protocol_key) == ("first/4h", "first", "a-protocol")
    assert wall(first.window_ends_at) == "2026-05-05 00:30"


def test_a_check_in_that_falls_into_the_night_waits_for_the_morning_and_says_so() -> None:
    first = planned("2026-05-04 19:30").check_ins[0]

    assert (first.step_key, wall(first.due_at)) == ("4h", "2026-05-05 08:00")
    assert first.why == "Moved from 2026-05-04 23:30 to the morning: quiet hours."


def test_a_check_in_whose_window_closes_at_night_comes_before_the_night_and_says_so() -> None:
    first = planned("2026-05-04 17:30").check_ins[0]

    assert (first.step_key, wall(first.due_at)) == ("4h", "2026-05-04 20:45")
    assert first.why == "Moved from 2026-05-04 21:30 to the evening before: its window closes at night."


def test_a_check_in_that_can_come_neither_before_nor_after_the_night_is_left_out_and_says_so() -> None:
    short = a_protocol(a_step("4h", timedelta(hours=4), window=timedelta(hours=2)))

    made = planned("2026-05-04 18:00", short)

    assert made.check_ins == ()
    assert made.left_out == (
        LeftOut(
            "4h",
            "first/4h",
            "Left out: due at 2026-05-04 22:00, in quiet hours, and its window closes in them.",
        ),
    )


def test_a_check_in_is_not_sent_before_the_night_when_that_is_too_soon_after_the_infusion() -> None:
    step = a_step("4h", timedelta(hours=4), timedelta(hours=2), earliest=timedelta(minutes=90))

    on_time = planned("2026-05-04 19:15", a_protocol(step))
    too_soon = planned("2026-05-04 19:16", a_protocol(step))

    assert due(on_time) == [("4h", "2026-05-04 20:45")]
    assert due(too_soon) == []


@pytest.mark.parametrize(
    ("ends", "after_a_day"),
    [
        ("2026-03-07 15:00", "2026-03-08 16:00"),  # clocks go forward in the night between
        ("2026-10-31 15:00", "2026-11-01 14:00"),  # clocks go back
        ("2028-02-28 15:00", "2028-02-29 15:00"),
        ("2026-12-31 15:00", "2027-01-01 15:00"),
    ],
)
def test_hours_after_an_infusion_are_elapsed_hours(ends: str, after_a_day: str) -> None:
    assert due(planned(ends))[1] == ("24h", after_a_day)


def test_no_quiet_hours_move_nothing() -> None:
    made = plan((an_infusion("2026-05-04 19:30"),), FOUR, CHICAGO, NO_NIGHT, (), LONG_AGO)

    assert wall(made[0].due_at) == "2026-05-04 23:30"


def test_a_patient_who_travels_is_asked_by_the_clock_where_they_are() -> None:
    infusions = (an_infusion("2026-05-04 13:00"),)

    made = plan(infusions, FOUR, ZoneInfo("Europe/Madrid"), DEFAULT_QUIET_HOURS, (), LONG_AGO)

    # 17:00 in Chicago is midnight in Madrid.
    assert wall(made[0].due_at, ZoneInfo("Europe/Madrid")) == "2026-05-05 08:00"


def test_an_infusion_registered_late_gets_what_is_still_worth_sending() -> None:
    made = planned("2026-05-04 10:30", now="2026-05-05 12:00")

    assert due(made) == [
        ("24h", "2026-05-05 10:30"),
        ("72h", "2026-05-07 10:30"),
        ("7d", "2026-05-11 10:30"),
    ]
    assert made.left_out == (
        LeftOut("4h", "first/4h", "Left out: its window had closed before it could be sent."),
    )


def test_after_an_outage_two_overdue_check_ins_of_an_infusion_are_one_text() -> None:
    long_windows = a_protocol(
        a_step("4h", timedelta(hours=4), timedelta(hours=48)),
        a_step("24h", timedelta(hours=24), timedelta(hours=48)),
    )

    made = planned("2026-05-04 10:30", long_windows, now="2026-05-05 12:00")

    assert due(made) == [("24h", "2026-05-05 10:30")]
    assert made.check_ins[0].merged == ("first/4h",)
    assert made.check_ins[0].why == "Also stands for first/4h."


def test_an_overdue_check_in_whose_window_closes_before_the_morning_is_left_out() -> None:
    assert due(planned("2026-05-04 10:30", now="2026-05-04 22:00"))[0] == ("24h", "2026-05-05 10:30")


def test_no_infusion_means_no_check_in() -> None:
    assert plan((), FOUR, CHICAGO, DEFAULT_QUIET_HOURS, (), LONG_AGO) == ()
