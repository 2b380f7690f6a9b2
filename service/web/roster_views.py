"""What the template of the roster is given: frozen values, ready to be written down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OnCallNow:
    """Who is on call on a tier at this moment; no `names` where nobody is."""

    tier: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a day: "7:00 AM - 7:00 PM", and who is on call in it; no `name` where nobody is."""

    hours: str
    name: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar by the clinic's wall, with the spans of each tier; `note` tells where the clocks change."""

    iso: str
    title: str
    note: str
    tiers: tuple[tuple[str, tuple[Span, ...]], ...]


@dataclass(frozen=True, slots=True)
class ShiftLine:
    """A weekly shift in words."""

    shift_id: int
    tier: str
    name: str
    weekday: str
    hours: str


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A dated change in words: who is on call, or "Nobody", and in whose place."""

    duty_id: int
    tier: str
    name: str
    instead_of: str
    since: str
    until: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to choose for a shift."""

    staff_id: int
    name: str


@dataclass(frozen=True, slots=True)
class RosterPage:
    """The roster; `fault_in` names the form that could not be carried out, and `typed` is what stood in it."""

    may_change: bool
    zone: str
    fallback_role: str
    now: tuple[OnCallNow, ...]
    gaps: tuple[str, ...]
    days: tuple[Day, ...]
    shifts: tuple[ShiftLine, ...]
    duties: tuple[DutyLine, ...]
    imported: int
    people: tuple[Person, ...]
    weekdays: tuple[str, ...]
    feed: str = ""
    fault_in: str = ""
    fault: str = ""
    typed: Mapping[str, str] | None = None
    typed_days: tuple[str, ...] = ()
