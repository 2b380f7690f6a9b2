"""What a new plan changes in the check-ins that wait: which come, which move, which go and why."""

from __future__ import annotations

from dataclasses import dataclass, replace

from service.core.timing.facts import Plan, PlannedCheckIn


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A waiting check-in that is no longer meant, and the sentence for the record that says why."""

    occurrence: str
    why: str


@dataclass(frozen=True, slots=True)
class Changes:
    """The steps from the check-ins that wait to those of a new plan."""

    added: tuple[PlannedCheckIn, ...]
    moved: tuple[PlannedCheckIn, ...]
    cancelled: tuple[Cancelled, ...]


def changes(waiting: tuple[PlannedCheckIn, ...], fresh: Plan) -> Changes:
    """Compare the check-ins that wait to be sent with a new plan; nothing changes where both agree."""
    before = {check_in.occurrence: check_in for check_in in waiting}
    after = {check_in.occurrence: check_in for check_in in fresh.check_ins}
    return Changes(
        added=tuple(one for one in fresh.check_ins if one.occurrence not in before),
        moved=tuple(
            one
            for one in fresh.check_ins
            if one.occurrence in before and _facts(one) != _facts(before[one.occurrence])
        ),
        cancelled=tuple(
            Cancelled(one.occurrence, _why(one.occurrence, fresh))
            for one in waiting
            if one.occurrence not in after
        ),
    )


def _facts(check_in: PlannedCheckIn) -> PlannedCheckIn:
    return replace(check_in, why="")


def _why(occurrence: str, fresh: Plan) -> str:
    for check_in in fresh.check_ins:
        if occurrence in check_in.merged:
            return f"{check_in.occurrence} stands for it."
    for left_out in fresh.left_out:
        if left_out.occurrence == occurrence:
            return left_out.why
    return "Its infusion or its step is no longer there."
