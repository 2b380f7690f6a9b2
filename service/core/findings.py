"""What a reply said: findings with the words that say so, and the judgement that the rules make of them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from service.core.words import Disposition, Intent


class Status(StrEnum):
    """How a symptom stands in a reply (triage guide, "Findings")."""

    PRESENT = "present"
    ABSENT = "absent"
    RESOLVED = "resolved"
    HISTORICAL = "historical"
    HYPOTHETICAL = "hypothetical"
    OTHER_PERSON = "other_person"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of the reply, with their character offsets in the text exactly as the patient sent it."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One symptom with its status, severity (0-10 or None), the words it rests on, and what else was said of it.

    `features` are the finer facts that rules look at, as the lexicon names them ("whole_body", "sudden", "blood").
    `cue` names the words and the reading rule that made the status other than present; None for present.
    """

    symptom: str
    status: Status
    severity: int | None
    evidence: tuple[Evidence, ...]
    features: frozenset[str] = frozenset()
    cue: str | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """The disposition of a reading, and the ids of the rules that led to it, highest first."""

    disposition: Disposition
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A reply understood: intent, findings and judgement, and the version (a hash) of the lexicon and rules used."""

    intent: Intent
    findings: tuple[Finding, ...]
    judgement: Judgement
    version: str
