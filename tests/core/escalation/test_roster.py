"""Who is on call when: shifts on the wall, also when the clocks change, duties over them, and gaps."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from service.core.escalation.roster import Duty, Gap, Roster, Shift, cover, gaps, on_call, watches

CHICAGO = ZoneInfo("America/Chicago")
NADIA, NOOR, DUBE = 1, 2, 3


def at(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHICAGO).astimezone(UTC)


# 10 March 2026 is a Tuesday.
DAY_AND_NIGHT = Roster(
    CHICAGO,
    shifts=tuple(
        shift
        for weekday in range(7)
        for shift in (
            Shift("nurse", NADIA, weekday, time(7), time(19)),
            Shift("nurse", NOOR, weekday, time(19), time(7)),
        )
    ),
    always=(("nurse", DUBE), ("doctor", DUBE)),
)


def test_the_shift_of_the_hour_is_on_call_and_its_end_is_the_next_ones_start() -> None:
    assert [on_call(DAY_AND_NIGHT, at(10, hour))["nurse"] for hour in (6, 7, 18, 19, 23)] == [
        (NOOR,),
        (NADIA,),
        (NADIA,),
        (NOOR,),
        (NOOR,),
    ]


def test_a_tier_without_a_roster_is_manned_by_those_who_always_are() -> None:
    assert on_call(DAY_AND_NIGHT, at(10, 12)) == {"doctor": (DUBE,), "nurse": (NADIA,)}


def test_a_night_shift_is_shorter_in_spring_longer_in_autumn_and_leaves_no_gap() -> None:
    spring = [w for w in watches(DAY_AND_NIGHT, at(7, 19), at(8, 7)) if w.staff_id == NOOR]
    autumn = [
        w for w in watches(DAY_AND_NIGHT, at(31, 19, month=10), at(1, 7, month=11)) if w.staff_id == NOOR
    ]

    assert [w.ends_at - w.starts_at for w in spring] == [timedelta(hours=11)]
    assert [w.ends_at - w.starts_at for w in autumn] == [timedelta(hours=13)]
    assert gaps(DAY_AND_NIGHT, ("nurse", "doctor"), at(1, 0), at(1, 0, month=12)) == ()


def test_a_cover_takes_the_absent_ones_place_for_that_time_alone() -> None:
    duties = cover(DAY_AND_NIGHT, NADIA, DUBE, at(10, 9), at(10, 23))
    covered = Roster(CHICAGO, DAY_AND_NIGHT.shifts, duties, DAY_AND_NIGHT.always)

    assert duties == (Duty("nurse", DUBE, at(10, 9), at(10, 19), instead_of=NADIA),)
    assert [on_call(covered, at(10, hour))["nurse"] for hour in (8, 9, 18, 19)] == [
        (NADIA,),
        (DUBE,),
        (DUBE,),
        (NOOR,),
    ]


def test_a_cover_of_a_cover_goes_over_it() -> None:
    first = cover(DAY_AND_NIGHT, NADIA, DUBE, at(10, 7), at(10, 19))
    once = Roster(CHICAGO, DAY_AND_NIGHT.shifts, first, DAY_AND_NIGHT.always)
    twice = Roster(CHICAGO, once.shifts, first + cover(once, DUBE, NOOR, at(10, 12), at(10, 19)), ())

    assert [on_call(twice, at(10, hour))["nurse"] for hour in (8, 13)] == [(DUBE,), (NOOR,)]


def test_who_is_always_on_call_can_be_covered_too() -> None:
    duties = cover(DAY_AND_NIGHT, DUBE, NOOR, at(10, 9), at(10, 10))
    covered = Roster(CHICAGO, DAY_AND_NIGHT.shifts, duties, DAY_AND_NIGHT.always)

    assert [on_call(covered, at(10, hour))["doctor"] for hour in (8, 9, 10)] == [(DUBE,), (NOOR,), (DUBE,)]


def test_an_absence_without_a_stand_in_is_a_gap() -> None:
    absent = Duty("doctor", None, at(10, 9), at(10, 12), instead_of=DUBE)
    roster = Roster(CHICAGO, DAY_AND_NIGHT.shifts, (absent,), DAY_AND_NIGHT.always)

    assert gaps(roster, ("nurse", "doctor"), at(10, 0), at(11, 0)) == (Gap("doctor", at(10, 9), at(10, 12)),)
    assert "doctor" not in on_call(roster, at(10, 10))


def test_an_imported_duty_ends_what_always_was() -> None:
    duty = Duty("doctor", NOOR, at(10, 9), at(10, 12), imported=True)
    roster = Roster(CHICAGO, (), (duty,), (("doctor", DUBE),))

    assert on_call(roster, at(10, 10)) == {"doctor": (NOOR,)}
    assert on_call(roster, at(10, 13)) == {}
