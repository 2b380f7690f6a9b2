"""What the clinic has recorded of a patient, in words for staff: what is unknown says so, and is never a no."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final

from service.core.recorded import Recorded
from service.core.triage.knowable import Knowable

UNKNOWN: Final = "not known"


def background(recorded: Recorded, knowable: Knowable, today: date) -> tuple[tuple[str, str], ...]:
    """Return each fact that can be recorded with what is recorded of it; `today` is by the patient's calendar."""
    return (
        ("Date of birth", _birth(recorded, today)),
        ("Pregnant, or gave birth in the last six weeks", _answer(recorded.pregnant)),
        ("Known epilepsy", _answer(recorded.epilepsy)),
        ("Known migraine", _answer(recorded.migraine)),
        ("Medicines", _names(recorded.medicines, knowable.medicines)),
        ("Conditions", _names(recorded.conditions, knowable.conditions)),
    )


def _birth(recorded: Recorded, today: date) -> str:
    return f"{recorded.born}, {recorded.age_on(today)} years old" if recorded.born else UNKNOWN


def _answer(told: bool | None) -> str:
    return UNKNOWN if told is None else "yes" if told else "no"


def _names(chosen: frozenset[str] | None, words: Mapping[str, str]) -> str:
    if chosen is None:
        return UNKNOWN
    return "; ".join(words.get(name, name) for name in sorted(chosen)) or "none"
