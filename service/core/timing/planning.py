"""The plan: infusions, protocols, zone and quiet hours in, check-ins out; what was sent never comes again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from service.core.protocol import Protocol, QuietHours
from service.core.timing.facts import FollowUp, InfusionFact, LeftOut, Plan, PlannedCheckIn, PlannedOrSent
from service.core.timing.merging import Candidate, SentCheckIn, merge
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
    """Return the check-ins of one protocol still to be sent, earliest first (see `plan_together`)."""
    return make_plan(infusions, protocol, zone, quiet_hours, already, now).check_ins


def make_plan(
    infusions: tuple[InfusionFact, ...],
    protocol: Protocol,
    zone: ZoneInfo,
    quiet_hours: QuietHours,
    already: tuple[PlannedOrSent, ...],
    now: datetime,
) -> Plan:
    """Return the check-ins of one protocol to send and those left out (see `plan_together`)."""
    return plan_together((FollowUp(protocol, infusions),), zone, quiet_hours, already, now)


def plan_together(
    follow_ups: tuple[FollowUp, ...],
    zone: ZoneInfo,
    quiet_hours: QuietHours,
    already: tuple[PlannedOrSent, ...],
    now: datetime,
) -> Plan:
    """Return the check-ins of one patient to send and those left out, over all protocols they walk.

    1. Every occurrence of every step, less those that were sent or that a sent one stood for.
    2. Moved out of the night, or left out where the night swallows the window.
    3. Left out where the window has closed by `now`.
    4. Those too close together become one, across protocols too.

    Planning again with what it planned gives the same plan: only what has `sent_at` counts of `already`.
    """
    done = {name for row in already if row.sent_at for name in (row.occurrence, *row.merged)}
    meant = (one for follow_up in follow_ups for one in occurrences(follow_up, zone) if one.name not in done)
    outcomes = tuple(_outcome(occurrence, zone, quiet_hours, now) for occurrence in meant)
    candidates = tuple(outcome for outcome in outcomes if isinstance(outcome, Candidate))
    left_out = tuple(outcome for outcome in outcomes if isinstance(outcome, LeftOut))
    merged = merge(candidates, tuple(_sent(already, follow_ups)))
    return Plan(merged.check_ins, left_out + merged.left_out)


def _outcome(occurrence: Occurrence, zone: ZoneInfo, quiet: QuietHours, now: datetime) -> Candidate | LeftOut:
    when = slot(occurrence, zone, quiet)
    if when.at is None:
        return LeftOut(occurrence.step.key, occurrence.name, when.why)
    sends_at = quiet.next_end(max(when.at, now), zone)
    if sends_at >= when.until:
        sentence = "Left out: its window had closed before it could be sent."
        return LeftOut(occurrence.step.key, occurrence.name, sentence)
    return Candidate(occurrence, when.at, sends_at, when.until, when.why)


def _sent(already: tuple[PlannedOrSent, ...], follow_ups: tuple[FollowUp, ...]) -> Iterator[SentCheckIn]:
    for row in already:
        for follow_up in follow_ups:
            for step in follow_up.protocol.steps:
                ours = row.protocol_key in ("", follow_up.protocol.key) and row.step_key == step.key
                if ours and row.sent_at is not None:
                    yield SentCheckIn(step, row.occurrence, row.sent_at)
