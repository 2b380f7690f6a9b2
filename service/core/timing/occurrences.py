"""Every time a protocol's steps are meant for a set of infusions, nights and overlaps not yet looked at."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from service.core.protocol import Anchor, Protocol, Span, Step
from service.core.timing.facts import FollowUp, InfusionFact


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that a step is meant: its name, the latest infusion before it, and its due time (UTC)."""

    protocol: Protocol
    step: Step
    infusion: InfusionFact
    name: str
    due_at: datetime


def occurrences(follow_up: FollowUp, zone: ZoneInfo) -> tuple[Occurrence, ...]:
    """Return all occurrences of the protocol's steps, in order of due time."""
    protocol = follow_up.protocol
    infusions = tuple(sorted(follow_up.infusions, key=lambda infusion: (infusion.ends_at, infusion.key)))
    if not infusions:
        return ()
    found = [*_after_infusions(infusions, protocol), *_monthly(infusions, protocol, zone)]
    return tuple(sorted(found, key=lambda occurrence: (occurrence.due_at, occurrence.name)))


def _after_infusions(infusions: tuple[InfusionFact, ...], protocol: Protocol) -> Iterator[Occurrence]:
    ends_of_series = _ends_of_series(infusions, protocol.series_gap)
    for step in protocol.steps:
        if step.anchor is Anchor.MONTHLY:
            continue
        for infusion in infusions if step.anchor is Anchor.INFUSION else ends_of_series:
            due_at = (infusion.ends_at + step.after).astimezone(UTC)
            yield Occurrence(protocol, step, infusion, f"{infusion.key}/{step.key}", due_at)


def _ends_of_series(infusions: tuple[InfusionFact, ...], gap: timedelta) -> tuple[InfusionFact, ...]:
    before_a_pause = tuple(
        one for one, next_one in pairwise(infusions) if next_one.ends_at - one.ends_at > gap
    )
    return (*before_a_pause, infusions[-1])


def _monthly(infusions: tuple[InfusionFact, ...], protocol: Protocol, zone: ZoneInfo) -> Iterator[Occurrence]:
    if protocol.span is None:
        return
    steps = tuple(step for step in protocol.steps if step.anchor is Anchor.MONTHLY)
    for start, end in _stretches(infusions, protocol.span):
        for step in steps:
            for month, due_at in _months(step, start, end, zone):
                latest = [infusion for infusion in infusions if infusion.ends_at <= due_at][-1]
                yield Occurrence(protocol, step, latest, f"{protocol.key}-{month}/{step.key}", due_at)


def _stretches(infusions: tuple[InfusionFact, ...], span: Span) -> Iterator[tuple[datetime, datetime]]:
    """Yield from when to when the protocol is in force: a long pause ends it, an infusion begins it anew.

    What was reached once stays reached: the count and the dose are of a lifetime, not of a stretch.
    """
    dose, start = 0.0, None
    for count, infusion in enumerate(infusions, start=1):
        dose += infusion.dose_mg or 0.0
        if start is None and _is_reached(span, count, dose):
            start = infusion.ends_at
        end = infusion.ends_at + span.ends_after
        goes_on = count < len(infusions) and infusions[count].ends_at <= end
        if start is not None and not goes_on:
            yield start, end
            start = None


def _is_reached(span: Span, count: int, dose: float) -> bool:
    by_count = span.infusions is not None and count >= span.infusions
    by_dose = span.dose_mg is not None and dose >= span.dose_mg
    return by_count or by_dose


def _months(step: Step, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[tuple[str, datetime]]:
    # Named by the month of the day it counts from: with days added, two can come in one month.
    first, months = start.astimezone(zone).date(), step.every_months
    while True:
        day = _months_later(first, months)
        due_at = _instant(day + step.after, step, zone)
        if due_at > end:
            return
        yield f"{day:%Y-%m}", due_at
        months += step.every_months


def _instant(day: date, step: Step, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, step.at, tzinfo=zone).astimezone(UTC)


def _months_later(day: date, months: int) -> date:
    # The 31st and the 29th of February come on the last day of a shorter month.
    year, month_before = divmod(day.year * 12 + day.month - 1 + months, 12)
    month = month_before + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
