"""The handover: one page about one patient for the infusion doctor, to be read in a minute or copied as text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from service.core.conversation.background import UNKNOWN
from service.core.conversation.intake import SPASM, TITLES
from service.core.findings import Finding, Status
from service.core.words import Asked, Disposition, highest

# One page: who writes more is quoted from the newest on, and the rest is on the patient's page.
_MOST_WORDS: Final = 20
_MOST_SIGNS: Final = 400


@dataclass(frozen=True, slots=True)
class Said:
    """One reply in the patient's own words: when (UTC), to which question, and what was understood of it."""

    at: datetime
    words: str
    asked: Asked
    disposition: Disposition
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Trend:
    """The severities (0-10) of a symptom as they were told, oldest first."""

    symptom: str
    severities: tuple[tuple[datetime, int], ...]


@dataclass(frozen=True, slots=True)
class Handover:
    """What the infusion doctor needs; `infusions` are their ends (UTC), `intake` title and answer in turn.

    An intake answer is empty where it was not given; there is no intake where no spasm was told of. `background` is
    what the clinic has recorded, title and words in turn.
    """

    patient: str
    zone: str
    infusions: tuple[datetime, ...]
    highest: Disposition
    present: tuple[Finding, ...]
    absent: tuple[str, ...]
    trends: tuple[Trend, ...]
    intake: tuple[tuple[str, str], ...]
    said: tuple[Said, ...]
    background: tuple[tuple[str, str], ...] = ()


def hand_over(
    *,
    patient: str,
    zone: str,
    infusions: tuple[datetime, ...],
    said: tuple[Said, ...],
    intake: tuple[tuple[str, str], ...],
    levels: tuple[Disposition, ...] = (),
    background: tuple[tuple[str, str], ...] = (),
) -> Handover:
    """Return the handover of what a patient `said` since the last infusion, oldest first.

    `levels` are what the dialogues came to: a reply that is worse by two points counts for more than it says.
    """
    latest: dict[str, Finding] = {}
    for reply in said:
        for finding in reply.findings:
            latest[finding.symptom] = finding
    had_spasm = any(finding.symptom == SPASM for reply in said for finding in reply.findings)
    return Handover(
        patient=patient,
        zone=zone,
        infusions=infusions,
        highest=highest(Disposition.OK, *(reply.disposition for reply in said), *levels),
        present=tuple(f for f in latest.values() if f.status is Status.PRESENT),
        absent=tuple(f.symptom for f in latest.values() if f.status in (Status.ABSENT, Status.RESOLVED)),
        trends=_trends(said),
        intake=_intake(intake) if intake or (had_spasm and SPASM in latest) else (),
        said=said,
        background=background,
    )


def as_text(handover: Handover) -> str:
    """Return the page as plain text to copy, its times by the patient's clock."""
    return "\n".join(_lines(handover))


def _trends(said: tuple[Said, ...]) -> tuple[Trend, ...]:
    points: dict[str, list[tuple[datetime, int]]] = {}
    for reply in said:
        for finding in reply.findings:
            if finding.status is Status.PRESENT and finding.severity is not None:
                points.setdefault(finding.symptom, []).append((reply.at, finding.severity))
            elif finding.status in (Status.ABSENT, Status.RESOLVED) and finding.symptom in points:
                points[finding.symptom].append((reply.at, 0))
    return tuple(Trend(symptom, tuple(values)) for symptom, values in points.items())


def _intake(answers: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (title, "; ".join(words for part, words in answers if part == wanted))
        for wanted, title in TITLES.items()
    )


def _lines(handover: Handover) -> Iterator[str]:
    zone = ZoneInfo(handover.zone)
    yield f"HANDOVER  {handover.patient}  (times: {handover.zone})"
    yield f"Highest so far: {handover.highest.upper()}"
    yield from _infusion_lines(handover, zone)
    for finding in handover.present:
        features = (
            f" ({', '.join(sorted(name.replace('_', ' ') for name in finding.features))})"
            if finding.features
            else ""
        )
        severity = f", {finding.severity} of 10" if finding.severity is not None else ""
        yield f"Has: {_name(finding.symptom)}{severity}{features}"
    if handover.absent:
        yield f"Has not, or no more: {', '.join(_name(symptom) for symptom in handover.absent)}"
    for trend in handover.trends:
        steps = " > ".join(f"{value} ({_moment(at, zone)})" for at, value in trend.severities)
        yield f"Course of {_name(trend.symptom)}: {steps}"
    yield from _background_lines(handover)
    if handover.intake:
        yield "Spasm, as asked:"
        yield from (f"  {title}: {words or 'not answered'}" for title, words in handover.intake)
    yield "In the patient's words:"
    left_out = len(handover.said) - _MOST_WORDS
    if left_out > 0:
        yield f"  ({left_out} earlier replies are on the patient's page)"
    for reply in handover.said[-_MOST_WORDS:]:
        words = " ".join(reply.words.split())[:_MOST_SIGNS]
        yield f"  {_moment(reply.at, zone)}  “{words}”"


def _background_lines(handover: Handover) -> Iterator[str]:
    unknown = [title for title, words in handover.background if words == UNKNOWN]
    yield from (f"{title}: {words}" for title, words in handover.background if words != UNKNOWN)
    if unknown:
        yield f"Not known of the patient: {'; '.join(unknown)}"


def _infusion_lines(handover: Handover, zone: ZoneInfo) -> Iterator[str]:
    if not handover.infusions:
        yield "Infusions: none is known"
        return
    days = handover.infusions
    yield f"Infusions: {len(days)}, the last ended {_moment(days[-1], zone)}"
    if len(days) > 1:
        gaps = sorted((after - before).days for before, after in pairwise(days))
        yield f"Days between them: {gaps[0]} to {gaps[-1]}"


def _name(symptom: str) -> str:
    return symptom.replace("_", " ")


def _moment(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %d %b %H:%M}"
