"""What is known before a question is asked: the last severities, what is usual, and what came after earlier infusions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from service.core.findings import Finding, KnownFacts, Status

# Three tellings within two points are a habit; fewer are chance.
_TELLINGS: Final = 3
_SPREAD: Final = 2


@dataclass(frozen=True, slots=True)
class Told:
    """One reply of the past: when (UTC), in which dialogue, and what was found in it."""

    at: datetime
    dialogue: int
    findings: tuple[Finding, ...]


def last_severities(told: tuple[Told, ...]) -> tuple[tuple[str, int], ...]:
    """Return the last severity of each symptom that was present when it was last spoken of; replies oldest first."""
    last: dict[str, int] = {}
    for reply in told:
        for finding in reply.findings:
            if finding.status is Status.PRESENT and finding.severity is not None:
                last[finding.symptom] = finding.severity
            elif finding.status in (Status.ABSENT, Status.RESOLVED):
                last.pop(finding.symptom, None)
    return tuple(sorted(last.items()))


def usual_severities(told: tuple[Told, ...]) -> tuple[tuple[str, int], ...]:
    """Return the patient's own baseline: what was told much the same in each of three dialogues or more.

    The highest of the tellings counts, so that one point over it is the first that is more than usual.
    """
    by_symptom: dict[str, dict[int, int]] = {}
    for reply in told:
        for finding in reply.findings:
            if finding.status in (Status.PRESENT, Status.HISTORICAL) and finding.severity is not None:
                by_symptom.setdefault(finding.symptom, {})[reply.dialogue] = finding.severity
    return tuple(
        (symptom, max(severities.values()))
        for symptom, severities in sorted(by_symptom.items())
        if len(severities) >= _TELLINGS and max(severities.values()) - min(severities.values()) <= _SPREAD
    )


def known_facts(
    told: tuple[Told, ...], infusion_ended_at: datetime | None, dialogue: int | None
) -> KnownFacts:
    """Return what the rules may know of the past; `dialogue` is the one that goes on now, which is no past.

    `after_infusions` are the symptoms that came after an infusion before the one that ended at the instant.
    """
    past = tuple(reply for reply in told if reply.dialogue != dialogue)
    if not past:
        return KnownFacts()
    newest = past[-1].dialogue
    since = infusion_ended_at
    earlier = [reply for reply in past if since is not None and reply.at < since]
    return KnownFacts(
        earlier_symptoms=_present(reply for reply in past if reply.dialogue == newest),
        after_infusions=_present(earlier),
        last_severity=last_severities(tuple(reply for reply in past if reply.dialogue == newest)),
    )


def _present(told: Iterable[Told]) -> frozenset[str]:
    return frozenset(
        finding.symptom for reply in told for finding in reply.findings if finding.status is Status.PRESENT
    )
