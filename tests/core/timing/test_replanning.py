"""Replanning: an infusion moved, cancelled or registered late, a new version; nothing sent comes again."""

from dataclasses import replace
from datetime import timedelta

from timing_builders import (
    CHICAGO,
    FOUR_STEPS,
    LONG_AGO,
    a_protocol,
    a_step,
    an_infusion,
    at,
    sent,
    wall,
)

from service.core.protocol import DEFAULT_QUIET_HOURS, Anchor, Protocol
from service.core.timing import (
    Cancelled,
    FollowUp,
    InfusionFact,
    Plan,
    PlannedOrSent,
    changes,
    differences,
    plan_together,
)

FOUR = a_protocol(*FOUR_STEPS)
MONDAY = an_infusion("2026-05-04 10:00")


def planned(
    *infusions: InfusionFact,
    protocol: Protocol = FOUR,
    already: tuple[PlannedOrSent, ...] = (),
    now: str | None = None,
) -> Plan:
    follow_up = FollowUp(protocol, infusions)
    return plan_together((follow_up,), CHICAGO, DEFAULT_QUIET_HOURS, already, at(now) if now else LONG_AGO)


def due(made: Plan) -> list[tuple[str, str]]:
    return [(check_in.occurrence, wall(check_in.due_at)) for check_in in made.check_ins]


def test_planning_again_with_what_waits_changes_nothing() -> None:
    first = planned(MONDAY)
    waiting = tuple(replace(sent(check_in), sent_at=None) for check_in in first.check_ins)

    again = planned(MONDAY, already=waiting)

    assert again == first
    assert changes(first.check_ins, again) == changes((), Plan((), ()))


def test_a_moved_infusion_moves_what_waits_and_does_not_repeat_what_was_sent() -> None:
    before = planned(MONDAY)
    moved = InfusionFact("first", at("2026-05-04 11:30"))

    after = planned(moved, already=(sent(before.check_ins[0]),), now="2026-05-04 15:00")

    assert due(after) == [
        ("first/24h", "2026-05-05 11:30"),
        ("first/72h", "2026-05-07 11:30"),
        ("first/7d", "2026-05-11 11:30"),
    ]
    assert [one.occurrence for one in changes(before.check_ins[1:], after).moved] == [
        "first/24h",
        "first/72h",
        "first/7d",
    ]


def test_a_cancelled_infusion_takes_its_waiting_check_ins_with_it() -> None:
    before = planned(MONDAY)

    after = planned()

    assert changes(before.check_ins, after).cancelled[0] == Cancelled(
        "first/4h", "Its infusion or its step is no longer there."
    )
    assert len(changes(before.check_ins, after).cancelled) == 4


def test_what_a_sent_check_in_stood_for_is_not_sent_after_all() -> None:
    one, two = an_infusion("2026-05-04 10:00", "one"), an_infusion("2026-05-10 15:00", "two")
    second_day = next(c for c in planned(one, two).check_ins if c.occurrence == "two/24h")

    after_the_second_was_cancelled = planned(one, already=(sent(second_day),))

    assert second_day.merged == ("one/7d",)
    assert "one/7d" not in dict(due(after_the_second_was_cancelled))


def test_what_waited_to_be_merged_comes_back_when_the_other_infusion_is_cancelled() -> None:
    one, two = an_infusion("2026-05-04 10:00", "one"), an_infusion("2026-05-10 15:00", "two")
    before = planned(one, two)

    after = planned(one)

    assert [check_in.occurrence for check_in in changes(before.check_ins, after).added] == ["one/7d"]


def test_a_check_in_that_another_now_stands_for_is_cancelled_with_that_reason() -> None:
    one, two = an_infusion("2026-05-04 10:00", "one"), an_infusion("2026-05-10 15:00", "two")

    cancelled = changes(planned(one).check_ins, planned(one, two)).cancelled

    assert cancelled == (Cancelled("one/7d", "two/24h stands for it."),)


def test_a_check_in_whose_window_closed_is_cancelled_with_that_reason() -> None:
    cancelled = changes(planned(MONDAY).check_ins, planned(MONDAY, now="2026-05-05 11:00")).cancelled

    assert cancelled == (Cancelled("first/4h", "Left out: its window had closed before it could be sent."),)


def test_another_day_of_a_series_puts_off_what_comes_after_its_end() -> None:
    course = a_protocol(a_step("after", timedelta(hours=24), anchor=Anchor.SERIES))
    one, two = an_infusion("2026-05-04 15:00", "one"), an_infusion("2026-05-05 15:00", "two")
    before = planned(one, protocol=course)

    after = planned(one, two, protocol=course)

    assert due(after) == [("two/after", "2026-05-06 15:00")]
    assert [one.occurrence for one in changes(before.check_ins, after).cancelled] == ["one/after"]


def test_the_end_of_a_series_is_asked_after_although_an_earlier_day_was() -> None:
    course = a_protocol(a_step("after", timedelta(hours=24), anchor=Anchor.SERIES))
    one, two = an_infusion("2026-05-04 15:00", "one"), an_infusion("2026-05-05 16:00", "two")
    early = planned(one, protocol=course).check_ins[0]

    assert due(planned(one, two, protocol=course, already=(sent(early),))) == [
        ("two/after", "2026-05-06 16:00")
    ]


def test_waiting_check_ins_follow_a_new_version_and_sent_ones_keep_theirs() -> None:
    new = a_protocol(
        *(replace(step, after=step.after + timedelta(hours=1)) for step in FOUR_STEPS), version=2
    )
    before = planned(MONDAY)

    after = planned(MONDAY, protocol=new, already=(sent(before.check_ins[0]),))

    assert due(after)[0] == ("first/24h", "2026-05-05 11:00")
    assert len(after.check_ins) == 3


def test_a_step_that_a_new_version_drops_leaves_the_plan() -> None:
    new = a_protocol(*FOUR_STEPS[1:], version=2)

    assert changes(planned(MONDAY).check_ins, planned(MONDAY, protocol=new)).cancelled == (
        Cancelled("first/4h", "Its infusion or its step is no longer there."),
    )


def test_a_difference_names_its_place_its_values_and_whom_it_touches() -> None:
    wider = replace(FOUR_STEPS[1], window=timedelta(hours=30))
    later = a_step("14d", timedelta(days=14))
    new = a_protocol(FOUR_STEPS[0], wider, FOUR_STEPS[2], later, title="A new title", version=2)

    found = differences(FOUR, new, planned(MONDAY).check_ins)

    assert [(one.place, one.before, one.after, one.touched) for one in found] == [
        ("title", "A protocol", "A new title", ()),
        ("steps.24h.window", timedelta(hours=20), timedelta(hours=30), ("first/24h",)),
        ("steps.7d", FOUR_STEPS[3], None, ("first/7d",)),
        ("steps.14d", None, later, ()),
    ]


def test_a_new_night_touches_every_waiting_check_in() -> None:
    new = replace(FOUR, merge_within=timedelta(hours=6))

    found = differences(FOUR, new, planned(MONDAY).check_ins)

    assert [(one.place, len(one.touched)) for one in found] == [("merge_within", 4)]


def test_the_same_protocol_has_no_differences() -> None:
    assert differences(FOUR, replace(FOUR, version=2), planned(MONDAY).check_ins) == ()
