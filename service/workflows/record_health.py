"""Staff fill in what is known of a patient's health, which the rules then look at; each change is on record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Final

from service import logs
from service.core.recorded import Recorded
from service.core.triage.knowable import Knowable
from service.store import audit
from service.store.patients import Patient
from service.workflows.deps import Deps

_log = logs.get(__name__)
# What stands in a form for "there are none", which is not the same as nothing filled in.
NONE: Final = "none"
_ANSWERS: Final = {"": None, "unknown": None, "yes": True, "no": False}
_OLDEST: Final = 120


class UnableToRecord(Exception):
    """What was filled in cannot be so; the message says what to put right, and `field` where."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


def recorded_from(
    knowable: Knowable,
    today: date,
    *,
    born: str = "",
    pregnant: str = "",
    epilepsy: str = "",
    migraine: str = "",
    medicines: Iterable[str] = (),
    conditions: Iterable[str] = (),
) -> Recorded:
    """Return what a form or a command line says of a patient; what is left empty is not known.

    Answers are "yes", "no" or "unknown"; groups are names of `rules/known.yaml`, or "none" alone.

    Raises:
        UnableToRecord: with a sentence, for a birth date, an answer or a group that cannot be.
    """
    return Recorded(
        born=_born(born.strip(), today),
        pregnant=_answer("pregnant", pregnant),
        epilepsy=_answer("epilepsy", epilepsy),
        migraine=_answer("migraine", migraine),
        medicines=_groups("medicines", "medicine", tuple(medicines), tuple(knowable.medicines)),
        conditions=_groups("conditions", "condition", tuple(conditions), tuple(knowable.conditions)),
    )


def record_health(deps: Deps, patient_id: int, recorded: Recorded, *, actor: str) -> bool:
    """Keep what is known of a patient in place of what was; return whether that changed anything."""
    with deps.store.transaction() as session:
        patient = session.get_one(Patient, patient_id)
        if patient.health() == recorded:
            return False
        patient.keep_health(recorded)
        subject = f"patient:{patient_id}"
        audit.record(
            session, actor=actor, action="changed the health facts of", subject=subject, now=deps.now()
        )
    _log.info("patient.health_recorded", patient_id=patient_id)
    return True


def _born(written: str, today: date) -> date | None:
    if not written:
        return None
    try:
        born = date.fromisoformat(written)
    except ValueError:
        raise UnableToRecord(
            "born", f"{written!r} is no date of birth. Write one such as 1984-03-07."
        ) from None
    if not today.year - _OLDEST <= born.year or born > today:
        raise UnableToRecord("born", f"{written} cannot be the date of birth of a patient. Check the year.")
    return born


def _answer(name: str, written: str) -> bool | None:
    if written not in _ANSWERS:
        raise UnableToRecord(name, f"{written!r} is no answer to {name!r}. Choose yes, no or unknown.")
    return _ANSWERS[written]


def _groups(field: str, kind: str, chosen: tuple[str, ...], known: tuple[str, ...]) -> frozenset[str] | None:
    names = frozenset(name.strip() for name in chosen if name.strip())
    if not names:
        return None
    if names == {NONE}:
        return frozenset()
    if NONE in names:
        raise UnableToRecord(
            field, f"Either the patient has none, or these: take away “none” or each {kind}."
        )
    strange = sorted(names - set(known))
    if strange:
        raise UnableToRecord(
            field, f"{strange[0]!r} is no {kind} that a rule knows. Choose of: {', '.join(known)}."
        )
    return names
