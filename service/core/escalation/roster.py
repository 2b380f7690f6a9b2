"""The roster: who is on call at any moment, from weekly shifts by the clinic's wall clock and dated duties over them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Shift:
    """A weekly shift: weekday 0 is Monday; from `starts` to `ends` on the wall, past midnight where it ends earlier."""

    tier: str
    staff_id: int
    weekday: int
    starts: time
    ends: time


@dataclass(frozen=True, slots=True)
class Duty:
    """A dated duty (aware instants): `staff_id` is on call, in the place of `instead_of` where that is given.

    Without a `staff_id` it is an absence. A tier with an imported duty lives by its roster alone.
    """

    tier: str
    staff_id: int | None
    starts_at: datetime
    ends_at: datetime
    instead_of: int | None = None
    imported: bool = False


@dataclass(frozen=True, slots=True)
class Roster:
    """Shifts, duties, and who is on call at all times on the tiers that have neither; `zone` is the clinic's."""

    zone: ZoneInfo
    shifts: tuple[Shift, ...] = ()
    duties: tuple[Duty, ...] = ()
    always: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Watch:
    """One person on call on one tier, from an instant (included) to another (excluded), in UTC."""

    tier: str
    staff_id: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """A time in which nobody is on call on a tier, in UTC."""

    tier: str
    starts_at: datetime
    ends_at: datetime


def on_call(roster: Roster, at: datetime) -> Mapping[str, tuple[int, ...]]:
    """Return the ids of the staff on call at the instant, by tier."""
    found: dict[str, tuple[int, ...]] = {}
    for watch in watches(roster, at, at + timedelta(microseconds=1)):
        if watch.staff_id not in found.get(watch.tier, ()):
            found[watch.tier] = (*found.get(watch.tier, ()), watch.staff_id)
    return found


def watches(roster: Roster, since: datetime, until: datetime) -> tuple[Watch, ...]:
    """Return who is on call from `since` to `until` (aware), earliest first; a later duty goes over an earlier one."""
    start, end = since.astimezone(UTC), until.astimezone(UTC)
    found = [*_regular(roster, start, end)]
    for duty in roster.duties:
        if duty.instead_of is not None:
            found = [part for watch in found for part in _without(watch, duty)]
        if duty.staff_id is not None:
            found.append(Watch(duty.tier, duty.staff_id, duty.starts_at, duty.ends_at))
    within = (
        replace(watch, starts_at=max(watch.starts_at, start), ends_at=min(watch.ends_at, end))
        for watch in found
    )
    return tuple(
        sorted(
            (watch for watch in within if watch.starts_at < watch.ends_at),
            key=lambda watch: (watch.starts_at, watch.tier, watch.staff_id),
        )
    )


def gaps(roster: Roster, tiers: tuple[str, ...], since: datetime, until: datetime) -> tuple[Gap, ...]:
    """Return when nobody is on call on one of the tiers, tier by tier, earliest first."""
    found: list[Gap] = []
    manned = watches(roster, since, until)
    for tier in tiers:
        reached = since.astimezone(UTC)
        for watch in manned:
            if watch.tier != tier:
                continue
            if watch.starts_at > reached:
                found.append(Gap(tier, reached, watch.starts_at))
            reached = max(reached, watch.ends_at)
        if reached < until:
            found.append(Gap(tier, reached, until.astimezone(UTC)))
    return tuple(found)


def cover(roster: Roster, absent: int, stand_in: int, since: datetime, until: datetime) -> tuple[Duty, ...]:
    """Return the duties by which one person stands in for another wherever they are on call in that time."""
    return tuple(
        Duty(watch.tier, stand_in, watch.starts_at, watch.ends_at, instead_of=absent)
        for watch in watches(roster, since, until)
        if watch.staff_id == absent
    )


def _regular(roster: Roster, start: datetime, end: datetime) -> Iterator[Watch]:
    """Yield the weekly shifts as instants, and the tiers that have no roster as always manned."""
    first, last = start.astimezone(roster.zone).date(), end.astimezone(roster.zone).date()
    for days in range(-1, (last - first).days + 1):
        day = first + timedelta(days=days)
        for shift in roster.shifts:
            if shift.weekday == day.weekday():
                over_midnight = timedelta(days=1 if shift.ends <= shift.starts else 0)
                # The wall decides: a night shift is an hour longer or shorter when the clocks change in it.
                starts_at = datetime.combine(day, shift.starts, tzinfo=roster.zone).astimezone(UTC)
                ends_at = datetime.combine(day + over_midnight, shift.ends, tzinfo=roster.zone)
                yield Watch(shift.tier, shift.staff_id, starts_at, ends_at.astimezone(UTC))
    rostered = {shift.tier for shift in roster.shifts} | {d.tier for d in roster.duties if d.imported}
    for tier, staff_id in roster.always:
        if tier not in rostered:
            yield Watch(tier, staff_id, start, end)


def _without(watch: Watch, duty: Duty) -> Iterator[Watch]:
    """Yield what is left of a watch when the duty takes its place."""
    if (watch.tier, watch.staff_id) != (duty.tier, duty.instead_of):
        yield watch
        return
    if watch.starts_at < duty.starts_at:
        yield replace(watch, ends_at=min(watch.ends_at, duty.starts_at))
    if watch.ends_at > duty.ends_at:
        yield replace(watch, starts_at=max(watch.starts_at, duty.ends_at))
