"""What a rule may look at: one reading, the hours, the question and what is known, as flat sets."""

from __future__ import annotations

from dataclasses import dataclass

from service.core.findings import Finding, KnownFacts, Reading, Status
from service.core.triage.rule import Grade
from service.core.words import Asked


@dataclass(frozen=True, slots=True)
class Facts:
    """The flat view of one reply that conditions are held against."""

    reading: Reading
    asked: Asked
    hours: float
    signs: frozenset[str]
    measures: dict[str, float]


def gather(
    reading: Reading, asked: Asked, hours: float, known: KnownFacts, red_flags: frozenset[str]
) -> Facts:
    """Return the facts of a reading; `red_flags` are the symptoms that count though they have passed."""
    signs: set[str] = set(reading.facts)
    for finding in reading.findings:
        counts = finding.status is Status.PRESENT or (
            finding.status is Status.RESOLVED and finding.symptom in red_flags
        )
        if counts:
            signs.add(finding.symptom)
            signs.update(f"{finding.symptom}.{feature}" for feature in finding.features)
            signs.add(f"{finding.symptom}.{grade(finding)}")
    _add_known(signs, reading, known)
    measures = {measure.name: measure.value for measure in reading.measures}
    if known.age is not None:
        measures["age"] = known.age
    return Facts(reading, asked, hours, frozenset(signs), measures)


def grade(finding: Finding) -> Grade:
    """Return the grade of a finding: the higher of what its number and its words say."""
    by_number = _grade_of_number(finding.severity)
    for worst in (Grade.SEVERE, Grade.MODERATE, Grade.MILD):
        if by_number is worst or worst in finding.features:
            return worst
    return Grade.UNSAID


def _grade_of_number(severity: int | None) -> Grade:
    if severity is None:
        return Grade.UNSAID
    if severity >= 7:
        return Grade.SEVERE
    return Grade.MODERATE if severity >= 4 else Grade.MILD


def _add_known(signs: set[str], reading: Reading, known: KnownFacts) -> None:
    for name in ("pregnant", "epilepsy", "migraine"):
        if getattr(known, name):
            signs.add(name)
    if known.clinician_on_call is False:
        signs.add("nobody_on_call")
    signs.update(f"takes.{medicine}" for medicine in known.medicines or ())
    signs.update(f"has.{condition}" for condition in known.conditions or ())
    signs.update(f"{symptom}.again" for symptom in known.earlier_symptoms or ())
    signs.update(f"{symptom}.after_infusions" for symptom in known.after_infusions or ())
    before = dict(known.last_severity or ())
    for finding in reading.findings:
        last = before.get(finding.symptom)
        if last is not None and finding.severity is not None and finding.severity - last >= _NOTABLE_RISE:
            signs.add("much_worse")


# Two steps of a five-step scale are four of ten (sources: alert thresholds of symptom monitoring).
_NOTABLE_RISE = 4
