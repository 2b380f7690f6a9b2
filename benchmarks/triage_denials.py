"""Denial on clinical and texted sentences: this reader, denial in NegEx's manner, and medspaCy's ConText as recorded."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from benchmarks.triage_baselines import denies_like_negex
from benchmarks.triage_score import CORPUS
from service.core.findings import Status
from service.core.interpretation import TriageGuide, interpret
from service.core.words import UNSOLICITED, Language

# The second and third were labelled before any reader had seen them.
SETS: Final = {"own": "denials", "clinical": "denial_clinical", "texting": "denial_texting"}
_RECORD: Final = CORPUS / "denial_medspacy.jsonl"
_NEGATED: Final = "is_negated"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with a finding in it, and how that stands."""

    text: str
    symptom: str
    finding: str
    status: Status


# Returns whether a reader takes the finding for one that the patient does not have now.
Suppressor = Callable[[Sentence], bool]


def sentences_of(name: str) -> tuple[Sentence, ...]:
    """Return the labelled sentences of one set."""
    rows: Iterable[dict[str, Any]] = map(json.loads, _lines(f"{SETS[name]}.jsonl"))
    return tuple(Sentence(row["text"], row["symptom"], row["finding"], _status(row)) for row in rows)


def engines_of(guide: TriageGuide) -> dict[str, Suppressor]:
    """Return the readers to compare, by name."""
    version, axes = _recorded()

    def suppressed_here(sentence: Sentence) -> bool:
        reading = interpret(sentence.text, UNSOLICITED, 24, Language.ENGLISH, guide)
        return not any(
            finding.symptom == sentence.symptom and finding.status is Status.PRESENT
            for finding in reading.findings
        )

    return {
        "this reader": suppressed_here,
        "NegEx-like": lambda sentence: denies_like_negex(sentence.text, sentence.finding),
        f"medspaCy {version}": lambda sentence: bool(axes[sentence.text, sentence.finding]),
        "  its denial alone": lambda sentence: _NEGATED in axes[sentence.text, sentence.finding],
    }


def f1(sentences: Iterable[Sentence], is_suppressed: Suppressor) -> float:
    """Return the F1 of suppressing: right where the finding is denied, gone, past, feared or another's."""
    verdicts = [(sentence.status is not Status.PRESENT, is_suppressed(sentence)) for sentence in sentences]
    hits = sum(wanted and given for wanted, given in verdicts)
    return 2 * hits / (sum(wanted for wanted, _ in verdicts) + sum(given for _, given in verdicts))


def wrongly_suppressed(sentences: Iterable[Sentence], is_suppressed: Suppressor) -> tuple[Sentence, ...]:
    """Return the sentences whose finding is there and was taken for one that is not."""
    return tuple(
        sentence for sentence in sentences if sentence.status is Status.PRESENT and is_suppressed(sentence)
    )


def print_denials(guide: TriageGuide) -> None:
    """Print how each reader does on each set: all that is not the patient's now, and what is denied alone."""
    print(
        "\nDenial: F1 of what the patient does not have now (of what is denied), and true findings suppressed"
    )
    sets = {name: sentences_of(name) for name in SETS}
    print(" " * 22 + "".join(f"{name} ({len(sentences)})".rjust(32) for name, sentences in sets.items()))
    for engine, is_suppressed in engines_of(guide).items():
        cells = [_cell(sentences, is_suppressed).rjust(32) for sentences in sets.values()]
        print(f"  {engine:20}{''.join(cells)}")


def _cell(sentences: tuple[Sentence, ...], is_suppressed: Suppressor) -> str:
    there = sum(sentence.status is Status.PRESENT for sentence in sentences)
    plain = [sentence for sentence in sentences if sentence.status in (Status.PRESENT, Status.ABSENT)]
    wrong = len(wrongly_suppressed(sentences, is_suppressed))
    return f"{f1(sentences, is_suppressed):.3f} ({f1(plain, is_suppressed):.3f}), {wrong} of {there}"


def _recorded() -> tuple[str, dict[tuple[str, str], list[str]]]:
    versions, *rows = map(json.loads, _lines(_RECORD.name))
    return versions["medspacy"], {(row["text"], row["finding"]): row["axes"] for row in rows}


def _lines(name: str) -> list[str]:
    return (CORPUS / name).read_text("utf-8").splitlines()


def _status(row: dict[str, Any]) -> Status:
    if "denied" in row:
        return Status.ABSENT if row["denied"] else Status.PRESENT
    return Status(row["status"])
