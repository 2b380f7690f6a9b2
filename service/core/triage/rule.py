"""A triage rule as a value: a closed set of conditions, what it asks for, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from service.core.findings import NOTHING_KNOWN, Answer, KnownFacts, Status
from service.core.words import AskedKind, Disposition, Intent


class Grade(StrEnum):
    """How bad a symptom is: 1-3, 4-6 and 7-10 of 10, or the words for it."""

    UNSAID = "unsaid"
    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


class Basis(StrEnum):
    """How well a rule is founded: A a source says so, B a source supports it, C general knowledge."""

    A = "A"
    B = "B"
    C = "C"


@dataclass(frozen=True, slots=True)
class Limit:
    """A span of a measure's values: at least `at_least`, below `below`."""

    name: str
    at_least: float | None = None
    below: float | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold together for a rule to fire; an empty part always holds.

    `symptom` with `status`, `grades` and the feature sets speak of one finding; `together_*` of everything
    else the reply says (a symptom "fever", a feature of one "spasm.jaw", a fact "pregnant"); hours count from
    the end of the infusion: more than `over_hours`, at most `up_to_hours`.
    """

    symptom: str | None = None
    status: frozenset[Status] = frozenset({Status.PRESENT})
    grades: frozenset[Grade] = frozenset()
    any_of: frozenset[str] = frozenset()
    all_of: frozenset[str] = frozenset()
    none_of: frozenset[str] = frozenset()
    together_any: frozenset[str] = frozenset()
    together_all: frozenset[str] = frozenset()
    together_none: frozenset[str] = frozenset()
    over_hours: float | None = None
    up_to_hours: float | None = None
    measured: tuple[Limit, ...] = ()
    asked: frozenset[AskedKind] = frozenset()
    about: frozenset[str] = frozenset()
    answer: frozenset[Answer] = frozenset()
    intent: frozenset[Intent] = frozenset()


@dataclass(frozen=True, slots=True)
class Example:
    """A reply that a rule fires on, or stays silent on: with the question, the hours and what is known of the patient."""

    text: str
    asked: str = "opening"
    hours: float = 24
    fires: bool = True
    known: KnownFacts = NOTHING_KNOWN


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table that a medical director signs; it fires where any of its conditions holds."""

    id: str
    when: tuple[Condition, ...]
    then: Disposition
    because: str
    source: str
    basis: Basis
    approved_by: str | None = None
    examples: tuple[Example, ...] = field(default=())
