"""What a rule may look at: one reading, the hours, the question and what is known, as flat sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from service.core.findings import NOTHING_KNOWN, Finding, KnownFacts, Reading, Status
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
    signs |= known_signs(known)
    if known.last_severity and _is_much_worse(reading, known):
        signs.add("much_worse")
    measures = {measure.name: measure.value for measure in reading.measures}
    if known.age is not None:
        measures["age"] = known.age
    return Facts(reading, asked, hours, frozenset(signs), measures)


def grade(finding: Finding) -> Grade:
    """Return the grade of a finding: the higher of what its number and its words say."""
    number = _UNSAID if finding.severity is None else finding.severity
    for graded, least in _GRADES:
        if number >= least or graded in finding.features:
            return graded
    return Grade.UNSAID


def known_signs(known: KnownFacts) -> frozenset[str]:
    """Return what is known of the patient as the signs that rules look at ("pregnant", "takes.maoi", "spasm.again")."""
    if known is NOTHING_KNOWN:
        return frozenset()
    signs = {name for name in ("pregnant", "epilepsy", "migraine") if getattr(known, name)}
    if known.pregnant:
        signs.add("pregnancy_known")
    if known.clinician_on_call is False:
        signs.add("nobody_on_call")
    signs.update(f"takes.{medicine}" for medicine in known.medicines or ())
    signs.update(f"has.{condition}" for condition in known.conditions or ())
    signs.update(f"{symptom}.again" for symptom in known.earlier_symptoms or ())
    signs.update(f"{symptom}.after_infusions" for symptom in known.after_infusions or ())
    return frozenset(signs)


def _is_much_worse(reading: Reading, known: KnownFacts) -> bool:
    before = dict(known.last_severity or ())
    return any(
        finding.severity is not None and finding.severity - before[finding.symptom] >= _NOTABLE_RISE
        for finding in reading.findings
        if finding.symptom in before
    )


# Two steps of a five-step scale are four of ten (sources: alert thresholds of symptom monitoring).
_NOTABLE_RISE = 4
# Below every number that a patient can give.
_UNSAID = -1
# From which number a finding is so bad, the worst first.
_GRADES: Final = ((Grade.SEVERE, 7), (Grade.MODERATE, 4), (Grade.MILD, 0))
