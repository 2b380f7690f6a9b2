"""Every time a protocol's steps are meant for a set of infusions, nights and overlaps not yet looked at."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from service.core.protocol import Anchor, Protocol, Span, Step
from service.core.timing.facts import InfusionFact


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that a step is meant: its name, the infusion it follows, and its due time (UTC)."""

    step: Step
    infusion: InfusionFact
    name: str
    due_at: datetime


def occurrences(
    infusions: tuple[InfusionFact, ...], protocol: Protocol, zone: ZoneInfo
) -> tuple[Occurrence, ...]:
    """Return all occurrences of the protocol's steps, in order of due time."""
    in_order = tuple(sorted(infusions, key=lambda infusion: (infusion.ends_at, infusion.key)))
    if not in_order:
        return ()
    found = [*_after_infusions(in_order, protocol), *_monthly(in_order, protocol, zone)]
    return tuple(sorted(found, key=lambda occurrence: (occurrence.due_at, occurrence.name)))


def _after_infusions(infusions: tuple[InfusionFact, ...], protocol: Protocol) -> Iterator[Occurrence]:
    ends_series = _ends_of_series(infusions, protocol.series_gap)
    for step in protocol.steps:
        if step.anchor is Anchor.MONTHLY:
            continue
        for infusion in infusions if step.anchor is Anchor.INFUSION else ends_series:
            yield Occurrence(step, infusion, f"{infusion.key}/{step.key}", infusion.ends_at + step.after)


def _ends_of_series(infusions: tuple[InfusionFact, ...], gap: timedelta) -> tuple[InfusionFact, ...]:
    before_a_pause = tuple(
        one for one, following in pairwise(infusions) if following.ends_at - one.ends_at > gap
    )
    return (*before_a_pause, infusions[-1])


def _monthly(infusions: tuple[InfusionFact, ...], protocol: Protocol, zone: ZoneInfo) -> Iterator[Occurrence]:
    steps = tuple(step for step in protocol.steps if step.anchor is Anchor.MONTHLY)
    if not steps or protocol.span is None:
        return
    for start, end in _stretches(infusions, protocol.span):
        for step in steps:
            yield from _months(step, start, end, infusions, zone)


def _stretches(infusions: tuple[InfusionFact, ...], span: Span) -> Iterator[tuple[datetime, datetime]]:
    """Yield from when to when the protocol is in force: a long pause ends it, an infusion begins it anew.

    What was reached once stays reached: the count and the dose are of a lifetime, not of a stretch.
    """
    dose, start = 0.0, None
    for count, (infusion, following) in enumerate(
        zip(infusions, (*infusions[1:], None), strict=True), start=1
    ):
        dose += infusion.dose_mg or 0.0
        reached = (span.infusions is not None and count >= span.infusions) or (
            span.dose_mg is not None and dose >= span.dose_mg
        )
        if reached and start is None:
            start = infusion.ends_at
        end = infusion.ends_at + span.ends_after
        if start is not None and (following is None or following.ends_at > end):
            yield start, end
            start = None


def _months(
    step: Step, start: datetime, end: datetime, infusions: tuple[InfusionFact, ...], zone: ZoneInfo
) -> Iterator[Occurrence]:
    first = start.astimezone(zone).date()
    months = step.every_months
    while (due_at := _wall(_months_later(first, months), step, zone)) <= end:
        latest = max((i for i in infusions if i.ends_at <= due_at), key=lambda i: (i.ends_at, i.key))
        yield Occurrence(step, latest, f"{due_at.astimezone(zone):%Y-%m}/{step.key}", due_at)
        months += step.every_months


def _wall(day: date, step: Step, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, step.at, tzinfo=zone).astimezone(UTC)


def _months_later(day: date, months: int) -> date:
    # The 31st and the 29th of February come on the last day of a shorter month.
    year, month_before = divmod(day.year * 12 + day.month - 1 + months, 12)
    month = month_before + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
