"""Which check-ins a protocol loses to the night, by the time of day at which the infusion ends."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from service.core.protocol import Protocol, QuietHours
from service.core.timing.facts import FollowUp, InfusionFact
from service.core.timing.night import slot
from service.core.timing.occurrences import occurrences

_QUARTERS: Final = 96
# From noon to noon, so that a night is in one piece; any day without a clock change is like another.
_NOON: Final = datetime(2026, 1, 12, 12, tzinfo=UTC)
_NO_CLOCK_CHANGES: Final = ZoneInfo("UTC")


@dataclass(frozen=True, slots=True)
class Swallowed:
    """A step that is not sent after infusions that end from `first` to `last`, in quarters of an hour."""

    step_key: str
    first: time
    last: time


def swallowed(protocol: Protocol, quiet_hours: QuietHours) -> tuple[Swallowed, ...]:
    """Return the steps that quiet hours and windows leave no time for, and after which infusions."""
    lost: dict[str, list[time]] = {}
    for quarter in range(_QUARTERS):
        ends_at = _NOON + timedelta(minutes=15 * quarter)
        follow_up = FollowUp(protocol, (InfusionFact("one", ends_at),))
        for occurrence in occurrences(follow_up, _NO_CLOCK_CHANGES):
            if slot(occurrence, _NO_CLOCK_CHANGES, quiet_hours).at is None:
                lost.setdefault(occurrence.step.key, []).append(ends_at.time())
    return tuple(Swallowed(key, times[0], times[-1]) for key, times in lost.items())
