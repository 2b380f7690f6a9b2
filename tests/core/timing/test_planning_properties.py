"""What holds of every plan: over zones, nights, clock changes, leap days, and random replanning."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st
from timing_builders import FOUR_STEPS, LONG_AGO, a_monthly_step, a_protocol, a_step, sent

from service.core.protocol import Anchor, Protocol, QuietHours, Span
from service.core.timing import FollowUp, InfusionFact, PlannedCheckIn, PlannedOrSent, plan_together
from service.core.timing.occurrences import occurrences

ZONES = st.sampled_from(
    [
        ZoneInfo(name)
        for name in (
            "America/Chicago",
            "America/Phoenix",
            "America/St_Johns",
            "America/Santiago",
            "Europe/Madrid",
            "Australia/Lord_Howe",
            "Africa/Cairo",
            "Pacific/Apia",
            "Asia/Kathmandu",
            "UTC",
        )
    ]
)
# Days around clock changes, leap days and the turn of a year come far more often than by chance.
DAYS = st.one_of(
    st.sampled_from(
        [datetime.fromisoformat(day) for day in ("2026-03-07", "2026-10-31", "2028-02-28", "2027-12-31")]
    ),
    st.datetimes(datetime.fromisoformat("2024-01-01"), datetime.fromisoformat("2032-01-01")),
)
NIGHTS = st.one_of(
    st.just(QuietHours(time(21), time(8))),
    st.builds(QuietHours, st.times().map(lambda t: t.replace(microsecond=0)), st.just(time(7, 30))),
)
PROTOCOLS = st.sampled_from(
    [
        a_protocol(*FOUR_STEPS),
        a_protocol(
            a_step("4h", timedelta(hours=4), timedelta(hours=3)),
            a_step("after", timedelta(days=2), timedelta(hours=30), anchor=Anchor.SERIES),
            a_step("urinary", timedelta(days=3), asks=("urinary",)),
            series_gap=timedelta(days=3),
        ),
        a_protocol(
            *FOUR_STEPS,
            a_monthly_step("watch", 1),
            a_monthly_step("memory", 2, after=timedelta(days=7), asks=("memory",)),
            span=Span(infusions=2, dose_mg=None, ends_after=timedelta(days=70)),
        ),
    ]
)
HOURS = st.integers(0, 24 * 20).map(lambda hours: timedelta(hours=hours))


@st.composite
def infusions(draw: st.DrawFn) -> tuple[InfusionFact, ...]:
    """Up to four infusions within some weeks, at any minute."""
    first = draw(DAYS).replace(second=0, microsecond=0, tzinfo=UTC)
    gaps = draw(st.lists(st.integers(0, 24 * 60 * 20), min_size=1, max_size=4))
    return tuple(
        InfusionFact(f"infusion-{number}", first + timedelta(minutes=gap)) for number, gap in enumerate(gaps)
    )


@given(infusions(), PROTOCOLS, ZONES, NIGHTS, HOURS)
@settings(max_examples=150, deadline=None)
def test_a_plan_keeps_the_night_the_window_and_the_infusion(
    given_infusions: tuple[InfusionFact, ...],
    protocol: Protocol,
    zone: ZoneInfo,
    night: QuietHours,
    ago: timedelta,
) -> None:
    follow_up = FollowUp(protocol, given_infusions)
    meant = {occurrence.name: occurrence for occurrence in occurrences(follow_up, zone)}
    now = given_infusions[0].ends_at + ago

    made = plan_together((follow_up,), zone, night, (), now)

    for check_in in made.check_ins:
        occurrence = meant[check_in.occurrence]
        step, ends_at = occurrence.step, occurrence.infusion.ends_at
        assert not night.is_quiet(check_in.due_at, zone)
        assert check_in.due_at < check_in.window_ends_at == occurrence.due_at + step.window
        assert check_in.window_ends_at > now
        moved_before_the_night = "evening before" in check_in.why
        soonest = ends_at + (step.earliest or step.after) if moved_before_the_night else occurrence.due_at
        assert check_in.due_at >= soonest >= ends_at
    names = [check_in.occurrence for check_in in made.check_ins]
    names += [name for check_in in made.check_ins for name in check_in.merged]
    names += [left_out.occurrence for left_out in made.left_out]
    assert sorted(names) == sorted(meant)


@given(infusions(), PROTOCOLS, ZONES, NIGHTS)
@settings(max_examples=100, deadline=None)
def test_no_question_is_asked_twice_within_the_time_in_which_check_ins_merge(
    given_infusions: tuple[InfusionFact, ...], protocol: Protocol, zone: ZoneInfo, night: QuietHours
) -> None:
    follow_up = FollowUp(protocol, given_infusions)
    ends = {infusion.key: infusion.ends_at for infusion in given_infusions}

    made = plan_together((follow_up,), zone, night, (), LONG_AGO).check_ins

    for one in made:
        for other in made:
            asks_all = set(protocol.step(other.step_key).asks) <= set(protocol.step(one.step_key).asks)
            could_merge = one.occurrence.partition("/")[0] != other.occurrence.partition("/")[0] and asks_all
            in_time = ends[other.infusion_key] <= one.due_at < other.window_ends_at
            if could_merge and in_time and one.due_at >= other.due_at:
                assert one.due_at - other.due_at >= protocol.merge_within


@given(infusions(), infusions(), PROTOCOLS, ZONES, ZONES, NIGHTS, HOURS)
@settings(max_examples=150, deadline=None)
def test_whatever_changes_nothing_that_was_sent_is_planned_again(
    before: tuple[InfusionFact, ...],
    after: tuple[InfusionFact, ...],
    protocol: Protocol,
    home: ZoneInfo,
    abroad: ZoneInfo,
    night: QuietHours,
    passed: timedelta,
) -> None:
    first = plan_together((FollowUp(protocol, before),), home, night, (), LONG_AGO)
    now = before[0].ends_at + passed
    records = tuple(sent(check_in) for check_in in first.check_ins if check_in.due_at <= now)

    second = plan_together((FollowUp(protocol, after),), abroad, night, records, now)

    done = {name for record in records for name in (record.occurrence, *record.merged)}
    planned = [name for one in second.check_ins for name in (one.occurrence, *one.merged)]
    assert done.isdisjoint(planned)
    assert len(planned) == len(set(planned))


@given(infusions(), PROTOCOLS, ZONES, NIGHTS)
@settings(max_examples=100, deadline=None)
def test_planning_anew_after_every_text_loses_nothing_on_the_way(
    given_infusions: tuple[InfusionFact, ...], protocol: Protocol, zone: ZoneInfo, night: QuietHours
) -> None:
    follow_up = FollowUp(protocol, given_infusions)
    made = plan_together((follow_up,), zone, night, (), LONG_AGO)
    lost_at_first = {out.occurrence for out in made.left_out}
    records = list[PlannedOrSent]()

    while made.check_ins:
        first = made.check_ins[0]
        records.append(sent(first))
        made = plan_together((follow_up,), zone, night, tuple(records), first.due_at)

    reached = {name for record in records for name in (record.occurrence, *record.merged)}
    asked_by_another = _asked_by_another(follow_up, zone, tuple(records)) - reached
    assert reached | asked_by_another | lost_at_first == {one.name for one in occurrences(follow_up, zone)}
    assert [record.due_at for record in records] == sorted(record.due_at for record in records)


def _asked_by_another(follow_up: FollowUp, zone: ZoneInfo, records: tuple[PlannedOrSent, ...]) -> set[str]:
    """Return the occurrences that some check-in asked about, after their infusion and in their window."""
    asks = {step.key: set(step.asks) for step in follow_up.protocol.steps}
    return {
        one.name
        for one in occurrences(follow_up, zone)
        for record in records
        if set(one.step.asks) <= asks[record.step_key]
        and one.infusion.ends_at <= record.due_at < one.due_at + one.step.window
    }


@st.composite
def lives(draw: st.DrawFn) -> tuple[tuple[tuple[InfusionFact, ...], ZoneInfo, timedelta], ...]:
    """A patient's story in stages: the infusions as they are on record then, where the patient is, how long it lasts.

    From stage to stage an infusion is registered (late or ahead), moved, stopped early or cancelled.
    """
    known = {one.key: one for one in draw(infusions())}
    stages = []
    for stage in range(draw(st.integers(2, 6))):
        stages.append((tuple(known.values()), draw(ZONES), draw(st.integers(1, 24 * 5))))
        key = draw(st.sampled_from([*known, f"registered-{stage}"]))
        if draw(st.booleans()) and key in known and len(known) > 1:
            del known[key]
        else:
            before = known.get(key) or next(iter(known.values()))
            known[key] = InfusionFact(
                key, before.ends_at + timedelta(minutes=draw(st.integers(-60 * 72, 60 * 24 * 9)))
            )
    return tuple((facts, zone, timedelta(hours=hours)) for facts, zone, hours in stages)


@given(lives(), PROTOCOLS, NIGHTS)
@settings(max_examples=150, deadline=None)
def test_through_a_life_of_changes_nothing_is_sent_twice_or_at_night(
    life: tuple[tuple[tuple[InfusionFact, ...], ZoneInfo, timedelta], ...],
    protocol: Protocol,
    night: QuietHours,
) -> None:
    now = min(one.ends_at for one in life[0][0])
    records = list[PlannedOrSent]()

    for facts, zone, lasts in life:
        until = now + lasts
        while True:
            made = plan_together((FollowUp(protocol, facts),), zone, night, tuple(records), now)
            waiting = tuple(replace(sent(one), sent_at=None) for one in made.check_ins)
            on_record = (*records, *waiting)
            assert plan_together((FollowUp(protocol, facts),), zone, night, on_record, now) == made
            leaving = [(one, _leaves_at(one, zone, night, now)) for one in made.check_ins]
            first = min(
                (pair for pair in leaving if pair[1] <= until), key=lambda pair: pair[1], default=None
            )
            if first is None:
                break
            check_in, now = first
            if now <= check_in.window_ends_at:
                assert not night.is_quiet(now, zone)
                records.append(sent(check_in, now))
        now = until

    done = [name for record in records for name in (record.occurrence, *record.merged)]
    assert len(done) == len(set(done))


def _leaves_at(check_in: PlannedCheckIn, zone: ZoneInfo, night: QuietHours, now: datetime) -> datetime:
    """Return when the clock, which looks all the time, sends a check-in: when it is due, and not at night."""
    soonest = max(check_in.due_at, now)
    return night.next_end(soonest, zone) if night.is_quiet(soonest, zone) else soonest
