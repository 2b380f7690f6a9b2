"""Everything that the core may ask the world to do; `workflows.carry_out` makes each of them rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from service.core.words import Disposition, Language, Urgency


@dataclass(frozen=True, slots=True)
class Answer:
    """Send the writer of a reply the named text, filled with the values."""

    template: str
    urgency: Urgency
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Escalate:
    """Bring the reply before a person at this level; an open escalation is joined, and raised when this is higher."""

    disposition: Disposition
    reason: str


@dataclass(frozen=True, slots=True)
class SettleCheckIn:
    """The check-in that was open has its answer, and no question of ours is in the air."""


@dataclass(frozen=True, slots=True)
class ExpectAnswer:
    """The dialogue stays open: a question has just gone out, and silence on it counts after this long."""

    within: timedelta


@dataclass(frozen=True, slots=True)
class PlanRecheck:
    """Ask again about the symptom after this long, in the patient's day, unless a check-in then asks it anyway."""

    symptom: str
    after: timedelta


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """The patient wants to be written to in this language; what is answered after it is in it already."""

    language: Language


@dataclass(frozen=True, slots=True)
class OptOut:
    """The patient wants no more messages: nothing that they did not just ask for leaves from now on."""


@dataclass(frozen=True, slots=True)
class OptIn:
    """The patient wants messages again."""


@dataclass(frozen=True, slots=True)
class WrongNumber:
    """The number is not the patient's: nothing more goes to it until staff have put it right."""


Decision = (
    Answer
    | Escalate
    | SettleCheckIn
    | ExpectAnswer
    | PlanRecheck
    | SetLanguage
    | OptOut
    | OptIn
    | WrongNumber
)
