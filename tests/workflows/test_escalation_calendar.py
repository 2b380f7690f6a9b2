"""A roster comes in from an .ics file, whole or not at all, and goes out as one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from escalation_room import Room

from service.core.escalation.roster import Gap, on_call
from service.store.database import Store
from service.store.roster import load_roster
from service.workflows.roster import UnableToRoster, cover_for, gaps_ahead
from service.workflows.roster_exchange import drop_imported_roster, export_roster, import_roster

# The clinic's Tuesday, 10 March 2026; the room's clock says ten in the morning.
NADIA = "SUMMARY:nurse: Nadia Osei\nDTSTART;TZID=America/Chicago:20260310T080000\nDURATION:PT9H"
NOOR = "SUMMARY:Noor (nurse)\nDTSTART;TZID=America/Chicago:20260310T170000\nDURATION:PT15H"


@pytest.fixture
def room(store: Store) -> Room:
    """A clinic with three tiers, on a Tuesday at ten; the test runs once on each engine."""
    return Room(store)


def file(*events: str) -> bytes:
    body = "\n".join(
        f"BEGIN:VEVENT\nUID:{number}\n{event}\nEND:VEVENT" for number, event in enumerate(events)
    )
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{body}\nEND:VCALENDAR\n".replace("\n", "\r\n").encode()


def nurses(room: Room, *hours: int) -> list[tuple[int, ...]]:
    """Return who is on call as nurse in so many hours from now."""
    with room.store.reading() as session:
        roster = load_roster(session, room.clock())
    return [on_call(roster, room.clock() + timedelta(hours=ahead)).get("nurse", ()) for ahead in hours]


def test_the_file_decides_who_is_paged_and_where_it_ends_there_is_a_gap(room: Room) -> None:
    imported = import_roster(room.deps, file(NADIA, NOOR), actor="test")

    assert (imported.watches, imported.until) == (2, room.clock() + timedelta(hours=22))
    assert nurses(room, 0, 8, 23) == [(1,), (2,), ()]
    assert gaps_ahead(room.deps, within=timedelta(days=2))[0] == Gap(
        "nurse", room.clock() + timedelta(hours=22), room.clock() + timedelta(days=2)
    )
    room.escalate()
    assert room.counts() == (1, 0, 0)


def test_a_second_import_replaces_the_first(room: Room) -> None:
    import_roster(room.deps, file(NADIA, NOOR), actor="test")

    import_roster(room.deps, file(NOOR.replace("T17", "T09")), actor="test")

    assert nurses(room, 0, 8, 15) == [(2,), (2,), ()]


def test_a_cover_stands_over_an_import_that_comes_after_it(room: Room) -> None:
    import_roster(room.deps, file(NADIA), actor="test")
    now = room.clock()
    cover_for(room.deps, 1, 3, now, now + timedelta(hours=2), actor="test")

    import_roster(room.deps, file(NADIA, NOOR), actor="test")

    assert nurses(room, 0, 3, 8) == [(3,), (1,), (2,)]


def test_nothing_is_imported_by_halves(room: Room) -> None:
    import_roster(room.deps, file(NADIA), actor="test")
    stranger = "SUMMARY:Zoe Unknown\nDTSTART:20260311T080000\nDURATION:PT9H\nRRULE:FREQ=DAILY;COUNT=5"
    two = "SUMMARY:backup nurse: Noor\nDTSTART:20260311T080000\nDURATION:PT9H"

    with pytest.raises(UnableToRoster) as refused:
        import_roster(room.deps, file(NOOR, stranger, two), actor="test")

    assert str(refused.value) == (
        "Nothing was imported. “Zoe Unknown” names nobody on the staff (first on Wed, Mar 11 8:00 AM). "
        "“backup nurse: Noor” names more than one tier: nurse, backup (first on Wed, Mar 11 8:00 AM)."
    )
    assert nurses(room, 0, 8) == [(1,), ()]


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        (b"nadia,monday", "It is no iCalendar file. Export the roster as .ics, and try again."),
        (
            file(NADIA.replace("20260310", "20260210")),
            "It holds no watch from now on, so nothing was imported.",
        ),
    ],
)
def test_a_file_that_holds_no_roster_leaves_the_old_one(room: Room, raw: bytes, sentence: str) -> None:
    import_roster(room.deps, file(NADIA), actor="test")

    with pytest.raises(UnableToRoster) as refused:
        import_roster(room.deps, raw, actor="test")

    assert str(refused.value) == sentence
    assert nurses(room, 0) == [(1,)]


def test_who_is_named_without_a_tier_is_on_their_own(room: Room) -> None:
    import_roster(room.deps, file(NOOR.replace(" (nurse)", "")), actor="test")

    with room.store.reading() as session:
        at = room.clock() + timedelta(hours=8)
        assert on_call(load_roster(session, at), at)["backup"] == (2,)


def test_what_was_imported_is_taken_off_again(room: Room) -> None:
    import_roster(room.deps, file(NOOR), actor="test")

    assert drop_imported_roster(room.deps, actor="test") == 1
    assert nurses(room, 0, 8) == [(1,), (1,)]


def test_what_goes_out_comes_in_the_same(room: Room) -> None:
    import_roster(room.deps, file(NADIA, NOOR), actor="test")
    before = nurses(room, 0, 3, 8, 21, 23)

    import_roster(room.deps, export_roster(room.deps), actor="test")

    assert nurses(room, 0, 3, 8, 21, 23) == before


def test_ones_own_calendar_holds_nobody_else(room: Room) -> None:
    import_roster(room.deps, file(NADIA, NOOR), actor="test")

    mine = export_roster(room.deps, staff_id=1).decode()

    assert mine.count("BEGIN:VEVENT") == 1
    assert "SUMMARY:nurse: Nadia Osei" in mine
    assert "Noor" in export_roster(room.deps).decode()
