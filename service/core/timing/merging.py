"""Overlaps: check-ins that come too close together become the one that asks more, and the record says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from service.core.protocol import Step
from service.core.timing.facts import LeftOut, Plan, PlannedCheckIn
from service.core.timing.occurrences import Occurrence


@dataclass(frozen=True, slots=True)
class Candidate:
    """An occurrence with its planned time, and the time it would really leave if it is overdue (all UTC)."""

    occurrence: Occurrence
    due_at: datetime
    sends_at: datetime
    until: datetime
    why: str


@dataclass(frozen=True, slots=True)
class SentCheckIn:
    """A check-in that has left: its step as it stands now, its occurrence, and when (UTC)."""

    step: Step
    occurrence: str
    sent_at: datetime


def merge(candidates: tuple[Candidate, ...], sent: tuple[SentCheckIn, ...]) -> Plan:
    """Return the check-ins that remain, earliest first, and those that a sent one already stands for.

    1. What a check-in sent a short while ago has asked is not asked again.
    2. Of two too close together the one that asks more stays; among equals, that after the later infusion.
    3. One stands for another only if it asks all of it, after the other's infusion and within its window.
    4. Check-ins after the same infusion are one only if they would leave at the same moment: the later stays.
    """
    asked = {name: row for row in sent for name in _asked_by(row, candidates)}
    stays: dict[str, tuple[Candidate, list[str]]] = {}
    for candidate in sorted(candidates, key=_priority, reverse=True):
        name = candidate.occurrence.name
        if name in asked:
            continue
        winner = _winner(candidate, stays)
        if winner is None:
            stays[name] = (candidate, [])
        else:
            stays[winner][1].append(name)
    check_ins = (_check_in(candidate, tuple(sorted(merged))) for candidate, merged in stays.values())
    return Plan(
        tuple(sorted(check_ins, key=lambda check_in: (check_in.due_at, check_in.occurrence))),
        tuple(
            _left_out(one, asked[one.occurrence.name]) for one in candidates if one.occurrence.name in asked
        ),
    )


def _priority(candidate: Candidate) -> tuple[int, datetime, datetime, str]:
    occurrence = candidate.occurrence
    return len(occurrence.step.asks), occurrence.infusion.ends_at, occurrence.due_at, occurrence.name


def _winner(loser: Candidate, stays: dict[str, tuple[Candidate, list[str]]]) -> str | None:
    near = (name for name, (winner, _) in stays.items() if _stands_for(winner, loser))
    return min(near, key=lambda name: abs(stays[name][0].sends_at - loser.sends_at), default=None)


def _stands_for(winner: Candidate, loser: Candidate) -> bool:
    ours, theirs = winner.occurrence, loser.occurrence
    if not _asks_all(ours.step, theirs.step):
        return False
    if _belongs_to(ours.name) == _belongs_to(theirs.name):
        return winner.sends_at == loser.sends_at
    near = abs(winner.sends_at - loser.sends_at) < theirs.protocol.merge_within
    return near and theirs.infusion.ends_at <= winner.sends_at < loser.until


def _asked_by(row: SentCheckIn, candidates: tuple[Candidate, ...]) -> Iterator[str]:
    for candidate in candidates:
        theirs = candidate.occurrence
        # By its due time and not by now, so that it does not come back when some hours have passed.
        soon = candidate.due_at - theirs.protocol.merge_within < row.sent_at < candidate.until
        another = _belongs_to(row.occurrence) != _belongs_to(theirs.name)
        if soon and another and row.sent_at >= theirs.infusion.ends_at and _asks_all(row.step, theirs.step):
            yield theirs.name


def _belongs_to(occurrence: str) -> str:
    """The infusion, or the month, that an occurrence is named after."""
    return occurrence.partition("/")[0]


def _asks_all(winner: Step, loser: Step) -> bool:
    # A reminder asks nothing and stands for nothing, so that it is neither merged nor lost.
    return bool(loser.asks) and set(loser.asks) <= set(winner.asks)


def _check_in(candidate: Candidate, merged: tuple[str, ...]) -> PlannedCheckIn:
    also = f"Also stands for {', '.join(merged)}." if merged else ""
    occurrence = candidate.occurrence
    return PlannedCheckIn(
        step_key=occurrence.step.key,
        infusion_key=occurrence.infusion.key,
        occurrence=occurrence.name,
        due_at=candidate.due_at,
        window_ends_at=candidate.until,
        why=" ".join(part for part in (candidate.why, also) if part),
        merged=merged,
        protocol_key=occurrence.protocol.key,
    )


def _left_out(candidate: Candidate, row: SentCheckIn) -> LeftOut:
    occurrence = candidate.occurrence
    return LeftOut(
        occurrence.step.key,
        occurrence.name,
        f"Left out: {row.occurrence}, sent shortly before, has asked it.",
    )
