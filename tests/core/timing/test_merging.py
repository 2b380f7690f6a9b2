"""Overlapping check-ins become one: which stays, what it stands for, and what must never be merged."""

from datetime import time, timedelta

import pytest
from timing_builders import (
    CHICAGO,
    FOUR_STEPS,
    LONG_AGO,
    a_monthly_step,
    a_protocol,
    a_step,
    an_infusion,
    at,
    sent,
    wall,
)

from service.core.protocol import DEFAULT_QUIET_HOURS, Anchor, Protocol, QuietHours, Span
from service.core.timing import FollowUp, InfusionFact, LeftOut, Plan, PlannedOrSent, plan_together

FOUR = a_protocol(*FOUR_STEPS)


def planned(
    *infusions: InfusionFact, protocol: Protocol = FOUR, already: tuple[PlannedOrSent, ...] = ()
) -> Plan:
    return plan_together((FollowUp(protocol, infusions),), CHICAGO, DEFAULT_QUIET_HOURS, already, LONG_AGO)


def due(made: Plan) -> dict[str, str]:
    return {check_in.occurrence: wall(check_in.due_at) for check_in in made.check_ins}


def test_the_seventh_day_of_one_infusion_does_not_come_beside_the_first_day_of_the_next() -> None:
    made = planned(an_infusion("2026-05-04 10:00", "one"), an_infusion("2026-05-10 15:00", "two"))

    assert "one/7d" not in due(made)
    second_day = next(check_in for check_in in made.check_ins if check_in.occurrence == "two/24h")
    assert second_day.merged == ("one/7d",)
    assert second_day.why == "Also stands for one/7d."


def test_a_check_in_due_while_the_patient_is_at_the_next_infusion_is_asked_after_it() -> None:
    made = planned(an_infusion("2026-05-04 10:00", "one"), an_infusion("2026-05-07 10:30", "two"))

    assert "one/72h" not in due(made)
    assert due(made)["two/4h"] == "2026-05-07 14:30"


def test_the_one_that_asks_more_stays_though_it_is_of_the_earlier_infusion() -> None:
    protocol = a_protocol(
        a_step("urinary", timedelta(hours=24), asks=("urinary",)),
        a_step("all", timedelta(hours=72)),
    )

    made = planned(
        an_infusion("2026-05-04 10:00", "one"), an_infusion("2026-05-06 09:00", "two"), protocol=protocol
    )

    assert list(due(made)) == ["one/urinary", "one/all", "two/all"]
    assert made.check_ins[1].merged == ("two/urinary",)


def test_a_question_that_the_other_does_not_ask_is_never_merged_away() -> None:
    protocol = a_protocol(
        a_step("urinary", timedelta(hours=24), asks=("urinary",)),
        a_step("memory", timedelta(hours=25), asks=("memory",)),
        a_step("reminder", timedelta(hours=26), asks=()),
        a_step("all", timedelta(hours=27)),
    )

    made = planned(
        an_infusion("2026-05-04 10:00", "one"), an_infusion("2026-05-04 11:00", "two"), protocol=protocol
    )

    assert {name.partition("/")[2] for name in due(made)} == {"urinary", "memory", "reminder", "all"}
    assert [name for name in due(made) if name.endswith("reminder")] == ["one/reminder", "two/reminder"]


def test_check_ins_twelve_hours_apart_are_two() -> None:
    protocol = a_protocol(a_step("24h", timedelta(hours=24), timedelta(hours=20)))

    apart = planned(
        an_infusion("2026-05-04 08:30", "one"), an_infusion("2026-05-04 20:30", "two"), protocol=protocol
    )
    nearer = planned(
        an_infusion("2026-05-04 08:30", "one"), an_infusion("2026-05-04 20:29", "two"), protocol=protocol
    )

    assert due(apart) == {"one/24h": "2026-05-05 08:30", "two/24h": "2026-05-05 20:30"}
    assert due(nearer) == {"two/24h": "2026-05-05 20:29"}


def test_a_check_in_before_an_infusion_never_stands_for_one_after_it() -> None:
    more = a_protocol(a_step("few", timedelta(hours=4), asks=("urinary",)), a_step("all", timedelta(days=7)))
    infusions = (an_infusion("2026-05-04 10:00", "one"), an_infusion("2026-05-11 11:00", "two"))

    made = planned(*infusions, protocol=more)

    assert due(made)["one/all"] == "2026-05-11 10:00"
    assert due(made)["two/few"] == "2026-05-11 15:00"


def test_steps_of_one_infusion_are_two_although_a_night_brings_them_near() -> None:
    made = planned(an_infusion("2026-05-04 18:05"))

    assert due(made)["first/4h"] == "2026-05-05 08:00"
    assert due(made)["first/24h"] == "2026-05-05 18:05"


def test_what_a_check_in_sent_this_morning_has_asked_is_not_asked_again_this_afternoon() -> None:
    one, two = an_infusion("2026-05-04 10:00", "one"), an_infusion("2026-05-10 15:00", "two")
    seventh_day = next(c for c in planned(one).check_ins if c.occurrence == "one/7d")

    made = planned(one, two, already=(sent(seventh_day),))

    assert "two/24h" not in due(made)
    assert next(out.why for out in made.left_out if out.occurrence == "two/24h") == (
        "Left out: one/7d, sent shortly before, has asked it."
    )


def test_what_was_sent_before_an_infusion_does_not_answer_for_after_it() -> None:
    one, two = an_infusion("2026-05-04 10:00", "one"), an_infusion("2026-05-11 11:00", "two")
    seventh_day = next(c for c in planned(one).check_ins if c.occurrence == "one/7d")

    made = planned(one, two, already=(sent(seventh_day),))

    assert due(made)["two/4h"] == "2026-05-11 15:00"


def test_a_series_is_followed_up_after_its_last_infusion_only() -> None:
    protocol = a_protocol(
        a_step("4h", timedelta(hours=4)),
        a_step("later", timedelta(days=2), anchor=Anchor.SERIES),
        series_gap=timedelta(days=4),
    )
    days = [an_infusion(f"2026-05-{day:02} 13:00", f"day{day}") for day in (4, 5, 6, 20)]

    made = planned(*days, protocol=protocol)

    assert [name for name in due(made) if name.endswith("later")] == ["day6/later", "day20/later"]
    assert len([name for name in due(made) if name.endswith("4h")]) == 4


def test_a_monthly_question_and_a_check_in_of_the_same_day_are_one_text_across_protocols() -> None:
    span = Span(infusions=1, dose_mg=None, ends_after=timedelta(days=60))
    watch = a_protocol(a_monthly_step("urinary", 1), span=span, key="watch")
    infusions = (an_infusion("2026-05-04 12:00", "one"), an_infusion("2026-06-03 12:00", "two"))
    both = (FollowUp(FOUR, infusions), FollowUp(watch, infusions))

    made = plan_together(both, CHICAGO, DEFAULT_QUIET_HOURS, (), LONG_AGO)

    first_day = next(check_in for check_in in made.check_ins if check_in.occurrence == "two/24h")
    assert first_day.merged == ("watch-2026-06/urinary",)
    assert first_day.protocol_key == "a-protocol"
    assert due(made)["watch-2026-07/urinary"] == "2026-07-04 10:00"


def test_the_order_in_which_infusions_are_given_does_not_matter() -> None:
    one, two = an_infusion("2026-05-04 10:00", "one"), an_infusion("2026-05-10 15:00", "two")

    assert planned(one, two) == planned(two, one)


def test_a_check_in_whose_window_would_close_first_does_not_wait_for_the_other() -> None:
    protocol = a_protocol(a_step("24h", timedelta(hours=24), timedelta(hours=6)))

    made = planned(
        an_infusion("2026-05-04 10:00", "one"), an_infusion("2026-05-04 16:00", "two"), protocol=protocol
    )

    assert due(made) == {"one/24h": "2026-05-05 10:00", "two/24h": "2026-05-05 16:00"}


def test_a_step_that_was_sent_late_does_not_answer_for_the_next_of_its_infusion() -> None:
    one = an_infusion("2026-05-04 18:05", "one")
    first = next(c for c in planned(one).check_ins if c.occurrence == "one/4h")

    made = planned(one, already=(sent(first, at("2026-05-05 11:00")),))

    assert due(made)["one/24h"] == "2026-05-05 18:05"


@pytest.mark.parametrize(
    ("sent_at", "has_asked"),
    [
        ("2026-05-05 09:59", False),  # before the infusion had ended
        ("2026-05-05 10:00", True),
        ("2026-05-05 22:00", True),
        ("2026-05-06 09:59", True),
        ("2026-05-06 10:00", False),  # its window has closed, and it is late for that reason
    ],
)
def test_what_was_sent_answers_for_a_check_in_from_its_infusion_to_the_end_of_its_window(
    sent_at: str, has_asked: bool
) -> None:
    protocol = a_protocol(
        a_step("4h", timedelta(hours=4), timedelta(hours=20)), merge_within=timedelta(hours=12)
    )
    other = PlannedOrSent("4h", "another/4h", at(sent_at), at(sent_at))

    made = planned(an_infusion("2026-05-05 10:00", "one"), protocol=protocol, already=(other,))

    assert (due(made) == {}) is has_asked


@pytest.mark.parametrize(("sent_at", "has_asked"), [("2026-05-05 10:00", False), ("2026-05-05 10:01", True)])
def test_what_was_sent_twelve_hours_before_a_check_in_does_not_answer_for_it(
    sent_at: str, has_asked: bool
) -> None:
    protocol = a_protocol(a_step("24h", timedelta(hours=24)))
    other = PlannedOrSent("24h", "another/24h", at(sent_at), at(sent_at))

    # Due at 22:00, and without a night of its own: asked at 10:00, twelve hours before.
    follow_up = FollowUp(protocol, (an_infusion("2026-05-04 22:00", "one"),))
    made = plan_together((follow_up,), CHICAGO, QuietHours(time(0), time(0)), (other,), LONG_AGO)

    assert (due(made) == {}) is has_asked


def test_infusions_as_far_apart_as_the_gap_are_one_series_and_further_apart_two() -> None:
    after = a_step("after", timedelta(hours=24), anchor=Anchor.SERIES)
    protocol = a_protocol(after, series_gap=timedelta(days=4))
    one = an_infusion("2026-05-04 13:00", "one")

    assert list(due(planned(one, an_infusion("2026-05-08 13:00", "two"), protocol=protocol))) == ["two/after"]
    assert list(due(planned(one, an_infusion("2026-05-08 13:01", "two"), protocol=protocol))) == [
        "one/after",
        "two/after",
    ]


def test_what_was_sent_asked_what_its_own_protocol_asks() -> None:
    few = a_protocol(a_step("day", timedelta(hours=24), asks=("urinary",)), key="few")
    all_three = a_protocol(a_step("day", timedelta(hours=24)), key="all")
    follow_ups = (
        FollowUp(few, (an_infusion("2026-05-04 10:00", "one"),)),
        FollowUp(all_three, (an_infusion("2026-05-04 12:00", "two"),)),
    )

    def left_out_after(protocol_key: str) -> tuple[LeftOut, ...]:
        row = PlannedOrSent(
            "day", "one/day", at("2026-05-05 10:00"), at("2026-05-05 10:00"), (), protocol_key
        )
        return plan_together(follow_ups, CHICAGO, DEFAULT_QUIET_HOURS, (row,), LONG_AGO).left_out

    assert left_out_after("few") == ()
    assert [one.occurrence for one in left_out_after("all")] == ["two/day"]
