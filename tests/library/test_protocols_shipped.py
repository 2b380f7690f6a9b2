"""The protocols of the project: what they promise, and that no night swallows one of their check-ins."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.core.protocol import DEFAULT_QUIET_HOURS, Anchor, Protocol
from service.core.timing import FollowUp, InfusionFact, plan, plan_together
from service.core.words import Channel, Disposition
from service.library.protocols import load_protocols
from service.library.wording import load_wording

ROOT = Path(__file__).parents[2]
PROTOCOLS: Mapping[str, Protocol] = load_protocols(
    ROOT / "schedules", load_wording(ROOT / "templates" / "texts")
)
CHICAGO = ZoneInfo("America/Chicago")
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


def chicago(wall: str) -> datetime:
    return datetime.fromisoformat(wall).replace(tzinfo=CHICAGO).astimezone(UTC)


def test_four_protocols_are_shipped() -> None:
    assert sorted(PROTOCOLS) == [
        "bladder-watch",
        "ketamine-induction",
        "ketamine-infusion",
        "ketamine-pain-multiday",
    ]


def test_only_the_long_term_watch_begins_by_itself() -> None:
    assert [key for key, one in PROTOCOLS.items() if one.begins_by_itself] == ["bladder-watch"]


def test_one_infusion_is_followed_after_four_hours_a_day_three_days_and_a_week() -> None:
    steps = PROTOCOLS["ketamine-infusion"].steps

    assert [step.after for step in steps] == [timedelta(hours=hours) for hours in (4, 24, 72, 7 * 24)]
    assert {step.asks for step in steps} == {("spasm", "headache", "urinary")}


@pytest.mark.parametrize("key", sorted(PROTOCOLS))
def test_urgent_is_taken_within_fifteen_minutes_and_emergency_within_five(key: str) -> None:
    urgent = PROTOCOLS[key].ladder(Disposition.URGENT)
    emergency = PROTOCOLS[key].ladder(Disposition.EMERGENCY)

    assert (urgent.acknowledge_within, urgent.close_within) == (timedelta(minutes=15), timedelta(hours=1))
    assert emergency.acknowledge_within == timedelta(minutes=5)
    assert {(tier.text_after, tier.call_after) for tier in urgent.tiers} == {
        (timedelta(0), timedelta(minutes=1))
    }
    assert {(tier.text_after, tier.call_after) for tier in emergency.tiers} == {(timedelta(0), timedelta(0))}
    assert {tier.channels for tier in (*urgent.tiers, *emergency.tiers)} == {(Channel.SMS, Channel.VOICE)}


@given(
    st.sampled_from(["ketamine-infusion", "ketamine-induction", "ketamine-pain-multiday", "bladder-watch"]),
    st.datetimes(datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2029-01-01")),
    st.sampled_from(["America/Chicago", "America/New_York", "America/Phoenix", "Pacific/Honolulu"]),
)
@settings(max_examples=300, deadline=None)
def test_no_night_swallows_a_check_in_whenever_the_infusion_ends(
    key: str, ends: datetime, zone_name: str
) -> None:
    infusion = InfusionFact("one", ends.replace(microsecond=0, tzinfo=UTC), dose_mg=5000)
    follow_up = FollowUp(PROTOCOLS[key], (infusion,))

    made = plan_together((follow_up,), ZoneInfo(zone_name), DEFAULT_QUIET_HOURS, (), LONG_AGO)

    assert made.left_out == ()
    assert made.check_ins != ()


def test_an_induction_asks_after_every_infusion_in_fewer_texts_than_steps() -> None:
    days = ("04", "07", "11", "14", "18", "21")
    infusions = tuple(InfusionFact(day, chicago(f"2026-05-{day} 14:00")) for day in days)

    made = plan(infusions, PROTOCOLS["ketamine-induction"], CHICAGO, DEFAULT_QUIET_HOURS, (), LONG_AGO)

    texts = [check_in.occurrence for check_in in made]
    merged = [name for check_in in made for name in check_in.merged]
    assert [f"{day}/4h" in texts and f"{day}/24h" in texts for day in days] == [True] * 6
    assert sorted(merged) == ["04/72h", "04/7d", "07/7d", "11/72h", "11/7d", "14/7d", "18/72h"]
    assert len(texts) == 6 * 4 + 1 - len(merged)
    assert texts[-1] == "21/28d"


def test_a_pain_course_asks_once_a_day_and_follows_up_after_its_last_day() -> None:
    infusions = tuple(
        InfusionFact(f"{day}", chicago(f"2026-05-{day:02} 13:00")) for day in (4, 5, 6, 7, 8, 11, 12)
    )

    made = plan(infusions, PROTOCOLS["ketamine-pain-multiday"], CHICAGO, DEFAULT_QUIET_HOURS, (), LONG_AGO)

    assert [check_in.occurrence for check_in in made] == [
        *(f"{day}/4h" for day in (4, 5, 6, 7, 8, 11, 12)),
        "12/24h",
        "12/72h",
        "12/7d",
        "12/21d",
    ]


def test_the_bladder_watch_begins_with_the_sixth_infusion_and_ends_half_a_year_after_the_last() -> None:
    infusions = tuple(
        InfusionFact(f"{day}", chicago(f"2026-05-{day:02} 13:00")) for day in (4, 6, 8, 11, 13, 15)
    )
    watch = PROTOCOLS["bladder-watch"]

    assert plan(infusions[:5], watch, CHICAGO, DEFAULT_QUIET_HOURS, (), LONG_AGO) == ()
    made = plan(infusions, watch, CHICAGO, DEFAULT_QUIET_HOURS, (), LONG_AGO)

    assert [f"{c.due_at.astimezone(CHICAGO):%m-%d} {c.step_key}" for c in made] == [
        "06-15 urinary",
        "07-15 urinary",
        "08-15 urinary",
        "08-22 memory",
        "08-29 lab-tests",
        "09-15 urinary",
        "10-15 urinary",
    ]
    assert {step.anchor for step in watch.steps} == {Anchor.MONTHLY}


def test_patients_are_nudged_when_most_have_answered_and_no_check_in_waits_for_ever() -> None:
    for protocol in PROTOCOLS.values():
        for step in protocol.steps:
            assert timedelta(0) < step.give_up <= timedelta(days=5)
            assert step.nudge is None or timedelta(hours=2) <= step.nudge <= timedelta(hours=4)
