"""What planning starts from and what it yields: infusions, check-ins sent, planned and left out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.core.protocol import Protocol


@dataclass(frozen=True, slots=True)
class InfusionFact:
    """An infusion that took place or is expected: its key, its end (UTC; hour zero), the dose in milligrams.

    A cancelled infusion is not a fact: leave it out and what was planned for it leaves the plan.
    """

    key: str
    ends_at: datetime
    dose_mg: float | None = None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One protocol that a patient walks, and the infusions that it follows."""

    protocol: Protocol
    infusions: tuple[InfusionFact, ...]


@dataclass(frozen=True, slots=True)
class PlannedOrSent:
    """A check-in on record: `sent_at` (UTC) is None while it waits; `merged`: those it also stands for.

    Give as sent, with the instant, whatever must not come (again): answered, missed, cancelled by staff.
    """

    step_key: str
    occurrence: str
    due_at: datetime
    sent_at: datetime | None
    merged: tuple[str, ...] = ()
    protocol_key: str = ""


@dataclass(frozen=True, slots=True)
class PlannedCheckIn:
    """One check-in to send between `due_at` and `window_ends_at` (both UTC).

    `occurrence` names the one time this step is meant ("<infusion>/<step>", or for a monthly one
    "<protocol>-<year-month>/<step>") and never changes when the time does; `infusion_key` is the latest
    infusion before it. `why` says in words what moved it, "" when nothing did. `merged` are the occurrences
    that it also stands for.
    """

    step_key: str
    infusion_key: str
    occurrence: str
    due_at: datetime
    window_ends_at: datetime
    why: str = ""
    merged: tuple[str, ...] = ()
    protocol_key: str = ""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An occurrence that will not be sent, and the sentence for the record that says why."""

    step_key: str
    occurrence: str
    why: str


@dataclass(frozen=True, slots=True)
class Plan:
    """The check-ins to send, earliest first, and the occurrences left out."""

    check_ins: tuple[PlannedCheckIn, ...]
    left_out: tuple[LeftOut, ...]
