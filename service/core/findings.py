"""What a reply said: findings with the words that say so, and the judgement that the rules make of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

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


class Answer(StrEnum):
    """What a reply says to the question itself, beside any symptom that it names."""

    YES = "yes"
    NO = "no"
    FINE = "fine"
    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    NUMBER = "number"
    UNSURE = "unsure"
    THUMBS_UP = "thumbs_up"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Measure:
    """A number that a reply gives or the clinic knows, in the unit its name says (systolic in mmHg, age in years)."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reply says, before any rule judges it; at most one finding a symptom.

    `facts` are what was said of the reply as a whole or of the patient ("pregnant", "net", "residue"),
    as the lexicon names them. `answer` is what it says to the question, `NOTHING` where it says nothing.
    """

    intent: Intent
    answer: Answer
    findings: tuple[Finding, ...]
    measures: tuple[Measure, ...] = ()
    facts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """What the service knows of the patient; None is unknown and never makes a judgement milder.

    `medicines` are groups as the rules name them ("blood_thinner", "maoi", …), `conditions` likewise
    ("diabetes", "kidney", …); `earlier_symptoms` are those of the last check-in, `after_infusions` those that
    followed earlier infusions too, `last_severity` the worst number of the last check-in by symptom.
    """

    age: int | None = None
    pregnant: bool | None = None
    epilepsy: bool | None = None
    migraine: bool | None = None
    medicines: frozenset[str] | None = None
    conditions: frozenset[str] | None = None
    earlier_symptoms: frozenset[str] | None = None
    after_infusions: frozenset[str] | None = None
    last_severity: tuple[tuple[str, int], ...] | None = None
    clinician_on_call: bool | None = None


NOTHING_KNOWN: Final = KnownFacts()


@dataclass(frozen=True, slots=True)
class Judgement:
    """The disposition of a reading, and the ids of the rules that led to it, highest first."""

    disposition: Disposition
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A reply understood: intent, findings and judgement, and the version (a hash) of the lexicon and rules used.

    `if_mild` is what a callback would be if each symptom whose strength we ask for, and which was told without one,
    were mild; None where that is no question. `answer` is what the reply says to the question that it was read against.
    """

    intent: Intent
    findings: tuple[Finding, ...]
    judgement: Judgement
    version: str
    if_mild: Disposition | None = field(default=None, compare=False)
    answer: Answer = field(default=Answer.NOTHING, compare=False)

    @property
    def is_unchanged(self) -> bool:
        """Return whether the reply says that it is the same as before."""
        return self.answer is Answer.SAME
