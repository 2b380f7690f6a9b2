"""Nights: a check-in due in quiet hours waits for the morning, comes before the night, or is left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from service.core.protocol import QuietHours
from service.core.timing.occurrences import Occurrence

# A patient who is asked at 20:45 can still answer before a call or a nudge would fall into the night.
BEFORE_NIGHT: Final = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Slot:
    """When to send, until when it is worth it (both UTC), and why it moved; `at` is None if never."""

    at: datetime | None
    until: datetime
    why: str


def slot(occurrence: Occurrence, zone: ZoneInfo, quiet: QuietHours) -> Slot:
    """Return the time outside quiet hours at which an occurrence is sent.

    1. In the morning, if its window is still open then.
    2. Else shortly before the night, if that is not before the step's `earliest`.
    3. Else not at all, and the record says so.
    """
    due, step = occurrence.due_at, occurrence.step
    until = due + step.window
    if not quiet.is_quiet(due, zone):
        return Slot(due, until, "")
    morning = quiet.next_end(due, zone)
    if morning < until:
        return Slot(morning, until, f"Moved from {_clock(due, zone)} to the morning: quiet hours.")
    evening = quiet.last_start(due, zone) - BEFORE_NIGHT
    soonest = occurrence.infusion.ends_at + (step.after if step.earliest is None else step.earliest)
    if evening >= soonest and not quiet.is_quiet(evening, zone):
        return Slot(
            evening,
            until,
            f"Moved from {_clock(due, zone)} to the evening before: its window closes at night.",
        )
    return Slot(
        None, until, f"Left out: due at {_clock(due, zone)}, in quiet hours, and its window closes in them."
    )


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M}"
