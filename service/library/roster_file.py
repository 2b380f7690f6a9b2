"""A roster as an iCalendar file: what another program wrote, every event understood or none; and ours, written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any, Final

from dateutil.rrule import rrule, rrulestr
from icalendar import Calendar, Event

_MOST_WATCHES: Final = 5000
_TOO_OFTEN: Final = ("SECONDLY", "MINUTELY", "HOURLY")
_NEEDED: Final = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"})


class UnreadableCalendar(Exception):
    """The file, or an event in it, can't be understood; the message says which and why."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One occurrence of an event: its title, every text that may name people and tier, and its times (UTC)."""

    title: str
    texts: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime


def read_calendar(raw: bytes, zone: tzinfo, since: datetime, until: datetime) -> tuple[Entry, ...]:
    """Return what happens between the instants, recurring events written out; a time without zone is in `zone`.

    Raises:
        UnreadableCalendar: for a file that is no calendar, and the first event that can't be understood.
    """
    events = _events(raw)
    moved = {_key(event, "RECURRENCE-ID", zone) for event in events if "RECURRENCE-ID" in event}
    entries: list[Entry] = []
    for event in events:
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        for entry in _entries(event, moved, zone, until):
            if entry.ends_at > since:
                entries.append(entry)
            if len(entries) > _MOST_WATCHES:
                raise UnreadableCalendar(
                    f"It holds more than {_MOST_WATCHES} watches. Import a shorter time."
                )
    return tuple(sorted(entries, key=lambda entry: (entry.starts_at, entry.title)))


def write_calendar(name: str, entries: Iterable[Entry], stamp: datetime) -> bytes:
    """Return the entries as an iCalendar file, all times in UTC; the same entries and stamp are the same bytes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Dripline//Roster//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    calendar.add("x-published-ttl", "PT1H")
    for entry in entries:
        event = Event()
        event.add("uid", f"{entry.starts_at:%Y%m%dT%H%M%SZ}-{'-'.join(entry.texts)}@dripline")
        event.add("dtstamp", stamp)
        event.add("dtstart", entry.starts_at)
        event.add("dtend", entry.ends_at)
        event.add("summary", entry.title)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(raw: bytes) -> list[Event]:
    try:
        calendar = Calendar.from_ical(raw.decode("utf-8-sig"))
    except (ValueError, IndexError):
        raise UnreadableCalendar(
            "It is no iCalendar file. Export the roster as .ics, and try again."
        ) from None
    events = [event for event in calendar.walk("VEVENT") if isinstance(event, Event)]
    for event in events:
        for field, fault in event.errors:
            if field in _NEEDED:
                raise UnreadableCalendar(f"{_title(event)}: {field} can't be read: {fault}.")
        if "DTSTART" not in event:
            raise UnreadableCalendar(f"{_title(event)} has no beginning.")
    return events


def _title(event: Event) -> str:
    return f"“{event.get('SUMMARY', 'An event without a title')}”"


def _texts(event: Event) -> tuple[str, ...]:
    """Return the title, the categories, and of each who attends the name and what stands before the @."""
    categories = _listed(_field(event, "CATEGORIES"))
    attending = [
        text
        for one in _listed(_field(event, "ATTENDEE"))
        for text in (str(one.params.get("CN", "")), str(one).partition(":")[2].partition("@")[0])
    ]
    named = [str(category) for group in categories for category in group.cats]
    return tuple(text for text in (str(event.get("SUMMARY", "")), *named, *attending) if text)


def _field(event: Event, name: str) -> Any:
    """Return the value, whose kind hangs on the field, as the library reads it; None where there is none."""
    return event.get(name)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _entries(
    event: Event, moved: set[tuple[str, datetime]], zone: tzinfo, until: datetime
) -> Iterator[Entry]:
    first = _instant(event, _field(event, "DTSTART"), zone)
    is_moved_one = "RECURRENCE-ID" in event
    left_out = {at for group in _listed(_field(event, "EXDATE")) for at in _instants(event, group.dts, zone)}
    more = {at for group in _listed(_field(event, "RDATE")) for at in _instants(event, group.dts, zone)}
    for start in (*_recurring(event, first, until), *sorted(more)):
        at = start.astimezone(UTC)
        if at >= until or at in left_out or (not is_moved_one and (str(event.get("UID", "")), at) in moved):
            continue
        ends_at = _end(event, first, start, zone).astimezone(UTC)
        if ends_at <= at:
            raise UnreadableCalendar(f"{_title(event)} ends before it starts.")
        yield Entry(_title(event), _texts(event), at, ends_at)


def _recurring(event: Event, first: datetime, until: datetime) -> Iterator[datetime]:
    """Yield when the event starts, up to `until`, always at the same time on the wall of its own zone."""
    rule = _field(event, "RRULE")
    if rule is None:
        yield first
        return
    if isinstance(rule, list) or str(rule["FREQ"][0]).upper() in _TOO_OFTEN:
        raise UnreadableCalendar(
            f"{_title(event)} repeats in a way that no roster does. Write its dates out."
        )
    last = min(until.astimezone(first.tzinfo), _until(rule.pop("UNTIL", None), first)).replace(tzinfo=None)
    try:
        found = rrulestr(rule.to_ical().decode(), dtstart=first.replace(tzinfo=None))
    except ValueError as error:
        raise UnreadableCalendar(f"{_title(event)} repeats in a way that can't be read: {error}.") from None
    if isinstance(found, rrule) and "COUNT" not in rule:
        # Without an end, a rule that never comes true would be searched for until the year 9999.
        found = found.replace(until=last)
    for wall in found:
        if wall > last:
            return
        yield wall.replace(tzinfo=first.tzinfo)


def _until(written: list[date | datetime] | None, first: datetime) -> datetime:
    if not written:
        return datetime.max.replace(tzinfo=first.tzinfo) - timedelta(days=2)
    last = written[0]
    if not isinstance(last, datetime):
        return datetime.combine(last, time.max, tzinfo=first.tzinfo)
    return last.astimezone(first.tzinfo) if last.tzinfo else last.replace(tzinfo=first.tzinfo)


def _end(event: Event, first: datetime, start: datetime, zone: tzinfo) -> datetime:
    """Return when the occurrence ends: a length holds exactly, an end at the same time on the wall."""
    if "DURATION" in event:
        length: timedelta = _field(event, "DURATION").dt
        return start.astimezone(UTC) + length
    if "DTEND" in event:
        ends = _instant(event, _field(event, "DTEND"), zone).astimezone(first.tzinfo)
        on_the_wall = ends.replace(tzinfo=None) - first.replace(tzinfo=None)
    elif not isinstance(_field(event, "DTSTART").dt, datetime):
        on_the_wall = timedelta(days=1)
    else:
        raise UnreadableCalendar(f"{_title(event)} has no end.")
    return (start.replace(tzinfo=None) + on_the_wall).replace(tzinfo=start.tzinfo)


def _key(event: Event, field: str, zone: tzinfo) -> tuple[str, datetime]:
    return str(event.get("UID", "")), _instant(event, _field(event, field), zone).astimezone(UTC)


def _instants(event: Event, values: Iterable[Any], zone: tzinfo) -> Iterator[datetime]:
    for value in values:
        yield _instant(event, value, zone).astimezone(UTC)


def _instant(event: Event, value: Any, zone: tzinfo) -> datetime:
    """Return the value as an aware instant in its own zone; a day begins at midnight in `zone`."""
    at = value.dt
    if isinstance(at, datetime):
        named = value.params.get("TZID")
        if at.tzinfo is None and named:
            raise UnreadableCalendar(f"{_title(event)} is in a time zone that nobody knows: {named}.")
        return at if at.tzinfo else at.replace(tzinfo=zone)
    if isinstance(at, date):
        return datetime.combine(at, time(), tzinfo=zone)
    raise UnreadableCalendar(f"{_title(event)} has a time that can't be read.")
