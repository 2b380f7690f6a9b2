"""The plan: infusions, protocol, zone and quiet hours in, check-ins out; what was sent never comes again."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from service.core.protocol import Protocol, QuietHours
from service.core.timing.facts import InfusionFact, LeftOut, Plan, PlannedCheckIn, PlannedOrSent
from service.core.timing.merging import Candidate, merge
from service.core.timing.night import slot
from service.core.timing.occurrences import Occurrence, occurrences


def plan(
    infusions: tuple[InfusionFact, ...],
    protocol: Protocol,
    zone: ZoneInfo,
    quiet_hours: QuietHours,
    already: tuple[PlannedOrSent, ...],
    now: datetime,
) -> tuple[PlannedCheckIn, ...]:
    """Return the check-ins still to send, earliest first (see `make_plan`)."""
    return make_plan(infusions, protocol, zone, quiet_hours, already, now).check_ins


def make_plan(
    infusions: tuple[InfusionFact, ...],
    protocol: Protocol,
    zone: ZoneInfo,
    quiet_hours: QuietHours,
    already: tuple[PlannedOrSent, ...],
    now: datetime,
) -> Plan:
    """Return the check-ins to send and those left out.

    1. Every occurrence of every step, less those that were sent or that a sent one stood for.
    2. Moved out of the night, or left out where the night swallows the window.
    3. Left out where the window has closed by `now`.
    4. Those too close together become one.

    Planning again with what it planned gives the same plan: only `sent_at` of `already` counts.
    """
    sent = tuple(row for row in already if row.sent_at is not None)
    done = {name for row in sent for name in (row.occurrence, *row.merged)}
    open_ones = tuple(one for one in occurrences(infusions, protocol, zone) if one.name not in done)
    candidates: list[Candidate] = []
    left_out: list[LeftOut] = []
    for occurrence in open_ones:
        outcome = _candidate(occurrence, zone, quiet_hours, now)
        if isinstance(outcome, Candidate):
            candidates.append(outcome)
        else:
            left_out.append(outcome)
    merged = merge(tuple(candidates), protocol, sent)
    return Plan(merged.check_ins, tuple(left_out) + merged.left_out)


def _candidate(
    occurrence: Occurrence, zone: ZoneInfo, quiet: QuietHours, now: datetime
) -> Candidate | LeftOut:
    when = slot(occurrence, zone, quiet)
    if when.at is None:
        return LeftOut(occurrence.step.key, occurrence.name, when.why)
    sends_at = quiet.next_end(max(when.at, now), zone)
    if sends_at >= when.until:
        return LeftOut(
            occurrence.step.key, occurrence.name, "Left out: its window had closed before it could be sent."
        )
    return Candidate(occurrence, when.at, sends_at, when.until, when.why)
