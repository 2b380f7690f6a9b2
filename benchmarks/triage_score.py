"""Score readings of labelled replies: what was missed, what was alarmed for nothing, what was read rightly."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from zlib import crc32

from service.core.findings import Interpretation
from service.core.interpretation import TriageGuide, interpret
from service.core.words import Asked, Language

RANK: Final = {"ok": 0.0, "unclear": 0.5, "callback": 1.0, "urgent": 2.0, "emergency": 3.0}
ASKED_FOR: Final = ("spasm", "headache", "urinary")
CORPUS: Final = Path("tests/corpus")


@dataclass(frozen=True, slots=True)
class Label:
    """A labelled reply: every disposition that a careful nurse would call right, and the findings."""

    id: str
    asked: str
    hours: float
    lang: str
    text: str
    accept: tuple[str, ...]
    findings: Mapping[str, str]
    severity: Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Found:
    """What a reader made of one reply: the disposition, and status and severity by symptom."""

    disposition: str
    statuses: Mapping[str, str]
    severities: Mapping[str, int | None]


Reader = Callable[[Label], Found]


def labels_of(path: Path) -> tuple[Label, ...]:
    """Return the labelled replies of a JSON lines file."""
    rows: Iterable[dict[str, Any]] = map(json.loads, filter(str.strip, path.read_text("utf-8").splitlines()))
    return tuple(
        Label(
            id=row["id"],
            asked=row["asked"],
            hours=row["hours"],
            lang=row["lang"],
            text=row["text"],
            accept=tuple(row["accept"]),
            findings=row.get("findings", {}),
            severity=row.get("severity", {}),
        )
        for row in rows
    )


def is_held_out(label: Label) -> bool:
    """Return whether a reply is of the third that the lexicon was not first tuned on."""
    return crc32(label.id.encode()) % 3 == 0


def reader_of(guide: TriageGuide) -> Reader:
    """Return the project's own reader as a function of a labelled reply."""

    def read_label(label: Label) -> Found:
        return found_in(
            interpret(label.text, Asked.parse(label.asked), label.hours, Language(label.lang), guide)
        )

    return read_label


def found_in(reading: Interpretation) -> Found:
    """Return what counts for the score of an interpretation."""
    return Found(
        disposition=str(reading.judgement.disposition),
        statuses={finding.symptom: str(finding.status) for finding in reading.findings},
        severities={finding.symptom: finding.severity for finding in reading.findings},
    )


def score(labels: Iterable[Label], reader: Reader) -> dict[str, float | None]:
    """Return the figures of a reader over labelled replies; a rate over nothing is None."""
    tally: Counter[str] = Counter()
    for label in labels:
        found = reader(label)
        _tally_disposition(tally, label, RANK[found.disposition])
        _tally_findings(tally, label, found)
    return _figures(tally)


def is_missed(label: Label, found: Found) -> bool:
    """Return whether a reading is lower than the lowest disposition that was right."""
    return RANK[found.disposition] < min(RANK[name] for name in label.accept)


def is_false_alarm(label: Label, found: Found) -> bool:
    """Return whether a reading is higher than the highest disposition that was right."""
    return RANK[found.disposition] > max(RANK[name] for name in label.accept)


def _tally_disposition(tally: Counter[str], label: Label, rank: float) -> None:
    ranks = [RANK[name] for name in label.accept]
    low, high = min(ranks), max(ranks)
    tally["replies"] += 1
    tally["right"] += low <= rank <= high
    for name, floor in (("emergency", 3), ("urgent", 2), ("concern", 1)):
        tally[name] += low >= floor
        tally[f"{name} reached"] += low >= floor and rank >= low
    tally["alarms"] += rank > high
    tally["benign"] += high <= RANK["unclear"]
    tally["benign alarms"] += high <= RANK["unclear"] and rank > high
    if label.accept == ("ok",):
        tally["plain ok"] += 1
        tally["plain ok unattended"] += rank == 0


def _tally_findings(tally: Counter[str], label: Label, found: Found) -> None:
    for symptom, status in label.findings.items():
        hit = found.statuses.get(symptom)
        if status == "present":
            tally[f"{symptom} wanted"] += 1
            tally[f"{symptom} hit"] += hit == "present"
        elif status == "absent" and symptom in ASKED_FOR:
            tally["denied"] += 1
            tally["denied right"] += hit == "absent"
    for symptom, status in found.statuses.items():
        tally[f"{symptom} said"] += status == "present"
    for symptom, value in label.severity.items():
        if value is not None:
            given = found.severities.get(symptom)
            tally["severities"] += 1
            tally["severities right"] += given is not None and abs(given - value) <= 1


def _figures(tally: Counter[str]) -> dict[str, float | None]:
    figures: dict[str, float | None] = {
        "replies": tally["replies"],
        "emergency recall": _ratio(tally["emergency reached"], tally["emergency"]),
        "urgent+ recall": _ratio(tally["urgent reached"], tally["urgent"]),
        "concern recall": _ratio(tally["concern reached"], tally["concern"]),
        "false alarm rate": _ratio(tally["alarms"], tally["replies"]),
        "benign false alarm rate": _ratio(tally["benign alarms"], tally["benign"]),
        "plain ok needing nobody": _ratio(tally["plain ok unattended"], tally["plain ok"]),
        "right disposition": _ratio(tally["right"], tally["replies"]),
        "denials read": _ratio(tally["denied right"], tally["denied"]),
        "severity within 1": _ratio(tally["severities right"], tally["severities"]),
    }
    for symptom in ASKED_FOR:
        figures[f"{symptom} F1"] = _f1(
            tally[f"{symptom} hit"], tally[f"{symptom} said"], tally[f"{symptom} wanted"]
        )
    return figures


def _ratio(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _f1(hit: int, said: int, wanted: int) -> float | None:
    return round(2 * hit / (said + wanted), 4) if said + wanted else None
