"""Silence on a check-in: when the patient is reminded, called and given up; the night does not count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from service.core.protocol import QuietHours, Step


@dataclass(frozen=True, slots=True)
class Waits:
    """The moments (UTC) at which silence on one check-in counts; None is never."""

    nudge_at: datetime | None
    call_at: datetime | None
    give_up_at: datetime


def waits(step: Step, sent_at: datetime, zone: ZoneInfo, quiet_hours: QuietHours) -> Waits:
    """Return when to nudge, to call and to give up a check-in that was sent at `sent_at`.

    A moment that falls into the night waits for the morning, and the next one keeps its distance from it: who
    was asked in the evening is reminded in the morning, and has the rest of the time to answer.
    """
    at, counted = sent_at, timedelta(0)
    moments: list[datetime | None] = []
    for wait in (step.nudge, step.voice_after, step.give_up):
        if wait is not None:
            at, counted = quiet_hours.next_end(at + wait - counted, zone), wait
        moments.append(at if wait is not None else None)
    nudge_at, call_at, _ = moments
    return Waits(nudge_at, call_at, at)
