"""The form for what is known of a patient's health: the same fields at enrolment and on the patient's page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from flask import request

from service.core.recorded import Recorded
from service.core.triage.knowable import Knowable
from service.workflows.record_health import NONE, recorded_from

_QUESTIONS: Final = {
    "pregnant": "Pregnant, or gave birth in the last six weeks",
    "epilepsy": "Known epilepsy",
    "migraine": "Known migraine",
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question with the answers yes, no and unknown."""

    name: str
    legend: str
    answer: str


@dataclass(frozen=True, slots=True)
class Box:
    """A box that can be ticked, and whether it is."""

    value: str
    words: str
    is_ticked: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Boxes under one heading, of which none ticked means that nothing is known."""

    name: str
    legend: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class HealthForm:
    """What is filled in, and the sentence on what to put right with the name of the field that it stands beside."""

    born: str
    questions: tuple[Question, ...]
    groups: tuple[Group, ...]
    fault: str = ""
    fault_in: str = ""


def typed_health(knowable: Knowable, *, fault: str = "", fault_in: str = "") -> HealthForm:
    """Return the form as the request has it filled in."""
    answers = {name: request.form.get(name, "unknown") for name in _QUESTIONS}
    chosen = {name: frozenset(request.form.getlist(name)) for name in ("medicines", "conditions")}
    return _form(knowable, request.form.get("born", ""), answers, chosen, fault, fault_in)


def kept_health(knowable: Knowable, recorded: Recorded) -> HealthForm:
    """Return the form filled in with what is on record."""
    told = {"pregnant": recorded.pregnant, "epilepsy": recorded.epilepsy, "migraine": recorded.migraine}
    answers = {name: {None: "unknown", True: "yes", False: "no"}[answer] for name, answer in told.items()}
    chosen = {"medicines": _ticked(recorded.medicines), "conditions": _ticked(recorded.conditions)}
    return _form(knowable, recorded.born.isoformat() if recorded.born else "", answers, chosen)


def health_of_request(knowable: Knowable, zone: str, now: datetime) -> Recorded:
    """Return what the request says of a patient who lives by the zone's calendar.

    Raises:
        UnableToRecord: where it cannot be so.
    """
    form = request.form
    return recorded_from(
        knowable,
        now.astimezone(ZoneInfo(zone)).date(),
        born=form.get("born", ""),
        pregnant=form.get("pregnant", ""),
        epilepsy=form.get("epilepsy", ""),
        migraine=form.get("migraine", ""),
        medicines=form.getlist("medicines"),
        conditions=form.getlist("conditions"),
    )


def _ticked(names: frozenset[str] | None) -> frozenset[str]:
    if names is None:
        return frozenset()
    return names or frozenset({NONE})


def _form(
    knowable: Knowable,
    born: str,
    answers: Mapping[str, str],
    chosen: Mapping[str, frozenset[str]],
    fault: str = "",
    fault_in: str = "",
) -> HealthForm:
    return HealthForm(
        born=born,
        questions=tuple(Question(name, legend, answers[name]) for name, legend in _QUESTIONS.items()),
        groups=(
            _group("medicines", "Medicines", knowable.medicines, chosen["medicines"]),
            _group("conditions", "Conditions", knowable.conditions, chosen["conditions"]),
        ),
        fault=fault,
        fault_in=fault_in,
    )


def _group(name: str, legend: str, words: Mapping[str, str], chosen: frozenset[str]) -> Group:
    choices = {NONE: "None of these", **words}
    return Group(name, legend, tuple(Box(key, said, key in chosen) for key, said in choices.items()))
