"""A member of staff leaves: nobody waits for them, nothing is theirs, and the roster does without them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import a_nurse
from escalation_room import DUBE, NADIA, NOOR, Room
from phone import picked_up

from service.core.escalation.roster import on_call
from service.store.database import Store
from service.store.escalations import EscalationState
from service.store.roster import load_roster
from service.store.staff import Role, all_staff, staff_by_login
from service.workflows.remove_member import remove_member
from service.workflows.roster import cover_for
from service.workflows.set_up import UnableToSetUp


@pytest.fixture
def room(store: Store) -> Room:
    """A clinic with three tiers, on a Tuesday at ten; the test runs once on each engine."""
    return Room(store)


def test_who_is_removed_while_paged_leaves_no_gap_the_next_is_paged_at_once(room: Room) -> None:
    room.escalate()

    remove_member(room.deps, 1, actor="test")
    room.tick()

    assert room.counts() == (1, 1, 0)


def test_a_page_that_had_not_left_never_does(room: Room) -> None:
    opened = room.escalate()
    calls = [page for page in room.calls(opened.id) if page.staff_id == 1]

    remove_member(room.deps, 1, actor="test")
    room.move(minutes=2)

    assert [room.state_of(call) for call in calls] == ["cancelled"]


def test_what_they_had_is_open_again_and_pages_others(room: Room) -> None:
    opened = room.escalate()
    room.hears(opened.code, sender=NADIA)

    reopened = remove_member(room.deps, 1, actor="test")
    room.tick()

    assert reopened == 1
    assert (room.now(opened.id).state, room.now(opened.id).acknowledged_by) == ("open", None)
    assert len(room.texts_to(NOOR)) == 1
    assert "Open again: Nadia Osei is staff no longer." in room.words(opened.id)


def test_what_a_colleague_has_stays_theirs(room: Room) -> None:
    opened = room.escalate()
    room.hears(opened.code, sender=NOOR)

    remove_member(room.deps, 1, actor="test")
    room.tick()

    assert (room.now(opened.id).state, room.now(opened.id).acknowledged_by) == ("acknowledged", 2)


def test_their_answer_from_the_old_phone_takes_nothing(room: Room) -> None:
    opened = room.escalate()
    remove_member(room.deps, 1, actor="test")

    room.hears(opened.code, sender=NADIA)

    assert room.now(opened.id).state == "open"


def test_a_cover_by_who_has_left_counts_no_more(room: Room) -> None:
    now = room.clock()
    cover_for(room.deps, 1, 3, now, now + timedelta(hours=5), actor="test")

    remove_member(room.deps, 3, actor="test")
    room.escalate()

    assert room.counts() == (1, 0, 0)
    with room.store.reading() as session:
        assert on_call(load_roster(session, now), now) == {"nurse": (1,), "backup": (2,)}


def test_the_only_admin_can_not_be_removed(room: Room) -> None:
    ada = a_nurse(room.deps, name="Ada Min", phone="+12025550115", login="ada", tier=None, role=Role.ADMIN)

    with pytest.raises(UnableToSetUp, match="the only admin"):
        remove_member(room.deps, ada, actor="test")

    with room.store.reading() as session:
        assert len(all_staff(session)) == 4


def test_who_is_gone_can_not_be_removed_again_and_their_login_is_free(room: Room) -> None:
    remove_member(room.deps, 1, actor="test")

    with pytest.raises(UnableToSetUp, match="somebody may have removed them"):
        remove_member(room.deps, 1, actor="test")
    with room.store.reading() as session:
        assert staff_by_login(session, "nadia") is None


def test_with_everybody_on_call_gone_the_ladder_still_pages_somebody(room: Room) -> None:
    opened = room.escalate()
    remove_member(room.deps, 1, actor="test")
    remove_member(room.deps, 2, actor="test")
    room.tick()

    assert room.now(opened.id).state == "open"
    assert len(room.texts_to(DUBE)) == 1


@pytest.mark.parametrize("picks_up_first", [True, False])
def test_who_is_removed_while_their_phone_rings_takes_nothing_by_it(room: Room, picks_up_first: bool) -> None:
    opened = room.escalate()
    room.move(minutes=1)
    phone = picked_up(room, NADIA) if picks_up_first else None
    remove_member(room.deps, 1, actor="staff:2")

    heard = phone.press("1") if phone else picked_up(room, NADIA)

    assert heard.is_over
    assert heard.said[-1] == "No page is open for you now. Goodbye."
    assert room.now(opened.id).state == EscalationState.OPEN
