"""The roster comes from another program's calendar, and goes out as one: an import replaces what was imported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from service.core.escalation.named import Named, people_named, tiers_named
from service.core.escalation.roster import Duty, watches
from service.library.roster_file import Entry, UnreadableCalendar, read_calendar, write_calendar
from service.store import audit
from service.store import roster as rows
from service.store.clinics import the_clinic
from service.store.database import Session
from service.store.staff import Staff, all_staff
from service.workflows.deps import Deps
from service.workflows.roster import UnableToRoster, tiers_of
from service.workflows.wall_time import wall_time

# Recurring events without an end are written out so far; the gap after them is warned of.
_AHEAD: Final = timedelta(days=366)
_FEED_BACK: Final = timedelta(days=7)
_FEED_AHEAD: Final = timedelta(days=56)
_MOST_SENTENCES: Final = 8


@dataclass(frozen=True, slots=True)
class Imported:
    """How many watches were imported, and until when the last of them lasts (UTC)."""

    watches: int
    until: datetime


def import_roster(deps: Deps, raw: bytes, *, actor: str) -> Imported:
    """Replace everything that was imported with the watches of an iCalendar file: all of it, or nothing.

    An event names who is on call and the tier in its title, categories or attendees; without a tier, it is that on
    which the person is paged.

    Raises:
        UnableToRoster: with a sentence for each event that can't be understood; nothing is changed then.
    """
    now = deps.now()
    with deps.store.transaction() as session:
        zone = ZoneInfo(the_clinic(session).zone)
        try:
            entries = read_calendar(raw, zone, now, now + _AHEAD)
        except UnreadableCalendar as error:
            raise UnableToRoster(str(error)) from error
        duties = _duties(session, entries, tiers_of(deps), zone)
        rows.drop_imported(session)
        rows.add_duties(session, duties)
        audit.record(session, actor=actor, action="imported a roster", subject="roster", now=now)
    return Imported(len(duties), max(duty.ends_at for duty in duties))


def drop_imported_roster(deps: Deps, *, actor: str) -> int:
    """Take everything off the roster that was imported; return how many watches that were."""
    with deps.store.transaction() as session:
        dropped = rows.drop_imported(session)
        audit.record(
            session, actor=actor, action="dropped the imported roster", subject="roster", now=deps.now()
        )
    return dropped


def export_roster(deps: Deps, *, staff_id: int | None = None) -> bytes:
    """Return the roster from a week back to eight weeks ahead as an iCalendar file, of one person or of everybody.

    It stays the same, byte for byte, for a day, unless the roster changes.
    """
    today = deps.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    since, until = today - _FEED_BACK, today + _FEED_AHEAD
    with deps.store.reading() as session:
        found = watches(rows.load_roster(session, since), since, until)
        names = {member.id: member.name for member in all_staff(session)}
        name = f"{the_clinic(session).name}: on call"
    entries = (
        Entry(
            f"{watch.tier}: {names[watch.staff_id]}",
            (watch.tier, str(watch.staff_id)),
            watch.starts_at,
            watch.ends_at,
        )
        for watch in found
        if staff_id in (None, watch.staff_id)
    )
    return write_calendar(name, entries, today)


def _duties(
    session: Session, entries: tuple[Entry, ...], tiers: tuple[str, ...], zone: ZoneInfo
) -> tuple[Duty, ...]:
    """Return the entries as duties.

    Raises:
        UnableToRoster: with the sentences on all that can't be understood, or where there is nothing to come.
    """
    members = {member.id: member for member in all_staff(session)}
    duties: list[Duty] = []
    faults: dict[str, str] = {}
    for entry in entries:
        try:
            duties += _of_one(entry, members, tiers)
        except UnableToRoster as fault:
            faults.setdefault(f"{entry.title} {fault}", wall_time(entry.starts_at, zone))
    if faults:
        raise UnableToRoster(_told(faults))
    if not duties:
        raise UnableToRoster("It holds no watch from now on, so nothing was imported.")
    return tuple(duties)


def _of_one(entry: Entry, members: dict[int, Staff], tiers: tuple[str, ...]) -> tuple[Duty, ...]:
    people = people_named(
        entry.texts, (Named(one.id, one.name, one.login) for one in members.values()), tiers
    )
    if not people:
        raise UnableToRoster("names nobody on the staff")
    named = tiers_named(entry.texts, tiers)
    if len(named) > 1:
        raise UnableToRoster(f"names more than one tier: {', '.join(named)}")
    duties = []
    for staff_id in people:
        tier = named[0] if named else members[staff_id].tier
        if tier is None:
            raise UnableToRoster(f"names no tier, and {members[staff_id].name} is on none")
        duties.append(Duty(tier, staff_id, entry.starts_at, entry.ends_at, imported=True))
    return tuple(duties)


def _told(faults: dict[str, str]) -> str:
    sentences = [f"{words} (first on {since})." for words, since in faults.items()]
    more = len(sentences) - _MOST_SENTENCES
    rest = [f"And {more} more."] if more > 0 else []
    return " ".join(["Nothing was imported.", *sentences[:_MOST_SENTENCES], *rest])
