"""The roster decides who is paged; covers and swaps are one step; nobody on call is the fallback's turn."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from builders import a_nurse
from escalation_room import DUBE, NADIA, NOOR, Room

from service.core.escalation.roster import Shift
from service.store.database import Store
from service.store.staff import Role, Staff
from service.workflows.roster import UnableToRoster, add_weekly_shifts, cover_for, gaps_ahead, swap


@pytest.fixture
def room(store: Store) -> Room:
    """A clinic with three tiers, on a Tuesday at ten; the test runs once on each engine."""
    return Room(store)


def on_shift(room: Room, staff_id: int, starts: time, ends: time) -> None:
    for weekday in range(7):
        add_weekly_shifts(room.deps, (Shift("nurse", staff_id, weekday, starts, ends),), actor="test")


def test_the_shift_of_the_hour_is_paged_and_not_who_always_was(room: Room) -> None:
    on_shift(room, 2, time(7), time(19))
    on_shift(room, 1, time(19), time(7))

    room.escalate()

    assert room.counts() == (0, 1, 0)


def test_a_tier_with_nobody_on_shift_is_passed_over_at_once(room: Room) -> None:
    on_shift(room, 1, time(19), time(7))

    room.escalate()

    assert room.counts() == (0, 1, 0), "Noor, of the tier above"
    assert gaps_ahead(room.deps, within=timedelta(hours=2))[0].tier == "nurse"


def test_with_nobody_on_any_tier_the_fallback_role_is_paged(room: Room) -> None:
    a_nurse(room.deps, name="Ada Min", phone="+12025550115", login="ada", tier=None, role=Role.ADMIN)
    for tier in ("nurse", "backup", "doctor"):
        for weekday in range(7):
            add_weekly_shifts(room.deps, (Shift(tier, 1, weekday, time(2), time(3)),), actor="test")

    room.escalate()

    assert room.counts() == (0, 0, 0)
    assert len(room.texts_to("+12025550115")) == 1


def test_who_covers_is_paged_in_that_time_and_not_after_it(room: Room) -> None:
    now = room.clock()
    cover_for(room.deps, 1, 3, now, now + timedelta(minutes=12), actor="test")

    room.escalate()
    covered = room.counts()
    room.move(minutes=5, seconds=1)
    room.move(minutes=5, seconds=1)
    room.move(minutes=5, seconds=1)

    assert covered == (0, 0, 1)
    assert len(room.texts_to(NADIA)) == 1


def test_a_swap_is_both_or_neither(room: Room) -> None:
    on_shift(room, 1, time(7), time(19))
    on_shift(room, 2, time(19), time(7))
    now = room.clock()
    night = (2, now + timedelta(hours=10), now + timedelta(hours=20))

    taken = swap(room.deps, (1, now, now + timedelta(hours=3)), night, actor="test")
    with pytest.raises(UnableToRoster):
        swap(room.deps, (3, now, now + timedelta(microseconds=0)), night, actor="test")
    room.escalate()

    assert [(watch.tier, watch.staff_id) for watch in taken] == [("nurse", 2), ("backup", 1), ("nurse", 1)]
    assert len(room.texts_to(NOOR)) == 1
    assert room.texts_to(NADIA) == []


def test_somebody_deleted_while_paged_is_paged_no_more_and_the_ladder_goes_on(room: Room) -> None:
    opened = room.escalate()
    with room.store.transaction() as session:
        session.get_one(Staff, 1).active = False

    for _ in range(3):
        room.move(minutes=5, seconds=1)

    assert (len(room.texts_to(NADIA)), len(room.texts_to(DUBE))) == (1, 1)
    assert room.now(opened.id).next_step_at is not None


def test_there_is_nothing_to_cover_for_who_is_not_on_call(room: Room) -> None:
    on_shift(room, 1, time(19), time(7))
    now = room.clock()

    with pytest.raises(UnableToRoster, match="nothing to cover"):
        cover_for(room.deps, 1, 3, now, now + timedelta(hours=1), actor="test")
