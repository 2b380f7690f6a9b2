"""A gap in the roster is told to the admins before it comes, once, and nobody is woken for one that is far off."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from builders import a_nurse
from escalation_room import NADIA, Room

from service.core.escalation.roster import Shift
from service.store.database import Store
from service.store.staff import Role
from service.workflows.roster import add_weekly_shifts, put_on_call
from service.workflows.warn_of_gaps import warn_of_gaps

ADA = "+12025550115"
# The clinic's Thursday, 12 March 2026, from seven in the evening; the room's clock says Tuesday, ten in the morning.
TOLD = (
    "Dripline: nobody is on call as nurse. From Thu, Mar 12 7:00 PM to Fri, Mar 13 7:00 AM. "
    "Please mend the roster."
)


@pytest.fixture
def room(store: Store) -> Room:
    """A clinic whose first tier has nobody on Thursday nights; the test runs once on each engine."""
    room = Room(store)
    a_nurse(room.deps, name="Ada Min", phone=ADA, login="ada", tier=None, role=Role.ADMIN)
    for weekday in range(7):
        add_weekly_shifts(room.deps, (Shift("nurse", 1, weekday, time(7), time(19)),), actor="test")
        if weekday != 3:
            add_weekly_shifts(room.deps, (Shift("nurse", 1, weekday, time(19), time(7)),), actor="test")
    return room


def warned(room: Room) -> list[str]:
    """Let the tick run until it has nothing to tell, and return what the admin has had."""
    while warn_of_gaps(room.deps):
        pass
    room.tick()
    return room.texts_to(ADA)


def test_the_admins_hear_of_it_days_ahead_and_once(room: Room) -> None:
    assert warned(room) == [TOLD]
    room.clock.move(hours=3)
    assert warned(room) == [TOLD]
    assert room.texts_to(NADIA) == []


def test_a_gap_that_is_further_away_is_not_told_yet(room: Room) -> None:
    room.clock.move(days=-1, hours=-2)

    assert warned(room) == []


def test_nobody_is_woken_for_a_gap_that_is_not_near(room: Room) -> None:
    room.clock.move(hours=10)

    assert warned(room) == []


def test_a_gap_of_this_night_is_told_at_any_hour(room: Room) -> None:
    room.clock.move(days=2, hours=8)

    assert warned(room) == [TOLD]


def test_a_gap_that_was_closed_is_not_told(room: Room) -> None:
    now = room.clock()
    put_on_call(
        room.deps, "nurse", 2, now + timedelta(days=2), now + timedelta(days=3), alone=False, actor="test"
    )

    assert warned(room) == []


def test_two_clocks_at_once_tell_of_it_once(room: Room) -> None:
    first, second = warn_of_gaps(room.deps), warn_of_gaps(room.deps)
    room.tick()

    assert (first, second) == (True, False)
    assert room.texts_to(ADA) == [TOLD]
