"""Asked again: what was concerning is asked about the next day, and what has grown by two points counts for more."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from service.core.conversation.talk import Complaint, Talk
from service.core.decisions import PlanRecheck
from service.core.words import Disposition

# The next day at about the same hour; the workflow moves it out of the night.
RECHECK_AFTER: Final = timedelta(hours=24)
# Two of ten is the smallest change that patients themselves call worse (pain scales: 1.7 to 2).
NOTABLE_RISE: Final = 2
# A text is the wrong place to ask for these again: a person does.
_NOT_BY_TEXT: Final = frozenset(
    {"self_harm", "psychosis", "overdose", "seizure", "stroke_signs", "blood_pressure", "other"}
)
_RAISED: Final = {
    Disposition.OK: Disposition.CALLBACK,
    Disposition.UNCLEAR: Disposition.CALLBACK,
    Disposition.CALLBACK: Disposition.URGENT,
}


def has_grown(talk: Talk, told: tuple[Complaint, ...], *, corrects: bool = False) -> bool:
    """Return whether a severity is worse by two points or more than when it was last given.

    What `corrects` a number is no rise over it: it is set against the talk before this one alone.
    """
    return any(_rise(talk, complaint, corrects=corrects) >= NOTABLE_RISE for complaint in told)


def raised(disposition: Disposition) -> Disposition:
    """Return the disposition one step up; a page stays what it is."""
    return _RAISED.get(disposition, disposition)


def recheck_of(talk: Talk) -> tuple[PlanRecheck, ...]:
    """Return the recheck that a settled dialogue asks for: of its worst complaint, so that it is one text."""
    if talk.disposition not in (Disposition.CALLBACK, Disposition.URGENT):
        return ()
    askable = [complaint for complaint in talk.complaints if complaint.symptom not in _NOT_BY_TEXT]
    if not askable:
        return ()
    worst = max(askable, key=lambda complaint: complaint.severity if complaint.severity is not None else 5)
    return (PlanRecheck(worst.symptom, RECHECK_AFTER),)


def _rise(talk: Talk, complaint: Complaint, *, corrects: bool) -> int:
    last = None if corrects else talk.severity_of(complaint.symptom)
    if last is None:
        last = dict(talk.before).get(complaint.symptom)
    return complaint.severity - last if last is not None and complaint.severity is not None else 0
