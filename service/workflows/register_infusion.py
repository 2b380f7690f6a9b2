"""An infusion is registered, moved, shortened or cancelled, and the patient's check-ins are planned afresh."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from service import logs
from service.store import audit, infusions, patients
from service.store.database import Session
from service.store.infusions import Infusion
from service.store.patients import Patient
from service.workflows.deps import Deps
from service.workflows.planning import replan

_log = logs.get(__name__)

DEFAULT_PROTOCOL: Final = "ketamine-infusion"
# A time further off than this is a slip of the pen.
_FURTHEST: Final = timedelta(days=60)
# Courses for chronic pain stay well below this many milligrams a day; more is a slip of the pen, or micrograms.
_LARGEST_DOSE_MG: Final = 5000.0


class UnableToRegister(Exception):
    """The infusion can't be registered or changed; the message says why and what to do."""


def register_infusion(
    deps: Deps,
    *,
    patient_id: int,
    ended_at: datetime,
    protocol: str = DEFAULT_PROTOCOL,
    dose_mg: float | None = None,
    actor: str,
) -> int:
    """Register an infusion that ended (or will end) at the instant and plan its check-ins; return its id.

    Raises:
        UnableToRegister: for an unknown patient or protocol, a naive or far-off time, a dose that can't be, or a
            patient without consent.
    """
    now = deps.now()
    _refuse_time(ended_at, now)
    _refuse_dose(dose_mg)
    _refuse_protocol(deps, protocol)
    with deps.store.transaction() as session:
        patient = _patient(session, patient_id)
        infusion = Infusion(
            patient_id=patient_id,
            protocol=protocol,
            ended_at=ended_at.astimezone(UTC),
            dose_mg=dose_mg,
            registered_at=now,
        )
        session.add(infusion)
        session.flush()
        replan(session, deps, patient, now)
        _on_record(session, infusion, "registered an infusion", actor, now)
        return infusion.id


def change_infusion(
    deps: Deps, infusion_id: int, *, ended_at: datetime, dose_mg: float | None, actor: str
) -> None:
    """Let an infusion end at another instant (moved, or stopped early), with this dose, and plan afresh.

    What was sent stays sent, and is not asked again.

    Raises:
        UnableToRegister: for an unknown or cancelled infusion, a naive or far-off time, or a dose that can't be.
    """
    now = deps.now()
    _refuse_time(ended_at, now)
    _refuse_dose(dose_mg)
    with deps.store.transaction() as session:
        infusion, patient = _held(session, infusion_id)
        infusion.ended_at, infusion.dose_mg = ended_at.astimezone(UTC), dose_mg
        session.flush()
        replan(session, deps, patient, now)
        _on_record(session, infusion, "changed an infusion", actor, now)


def cancel_infusion(deps: Deps, infusion_id: int, *, actor: str) -> None:
    """Cancel an infusion that did not take place; what was planned for it is cancelled, what was sent stays.

    Raises:
        UnableToRegister: for an unknown or cancelled infusion.
    """
    now = deps.now()
    with deps.store.transaction() as session:
        infusion, patient = _held(session, infusion_id)
        infusion.cancelled_at = now
        session.flush()
        replan(session, deps, patient, now)
        _on_record(session, infusion, "cancelled an infusion", actor, now)


def _held(session: Session, infusion_id: int) -> tuple[Infusion, Patient]:
    """Return the infusion and its patient, both held; the patient first, as everywhere."""
    found = session.get(Infusion, infusion_id)
    if found is None:
        raise UnableToRegister(f"There is no infusion {infusion_id}.")
    patient = patients.hold(session, found.patient_id)
    infusion = infusions.hold(session, infusion_id)
    if infusion.cancelled_at is not None:
        raise UnableToRegister("This infusion was cancelled already. Register it anew if it took place.")
    return infusion, patient


def _patient(session: Session, patient_id: int) -> Patient:
    if session.get(Patient, patient_id) is None:
        raise UnableToRegister(f"There is no patient {patient_id}. Enrol the patient first.")
    patient = patients.hold(session, patient_id)
    if not patient.may_be_contacted:
        raise UnableToRegister("This patient may not be texted: no consent, opted out, or a wrong number.")
    return patient


def _refuse_protocol(deps: Deps, protocol: str) -> None:
    choices = sorted(key for key, known in deps.library.protocols.items() if not known.begins_by_itself)
    if protocol not in deps.library.protocols:
        raise UnableToRegister(f"There is no protocol {protocol!r}. Choose one of: {', '.join(choices)}.")
    if protocol not in choices:
        raise UnableToRegister(
            f"The protocol {protocol} begins by itself, beside another. Choose one of: {', '.join(choices)}."
        )


def _refuse_time(ended_at: datetime, now: datetime) -> None:
    if ended_at.tzinfo is None:
        raise UnableToRegister("The end of the infusion has no time zone. Write it with one.")
    if abs(ended_at - now) > _FURTHEST:
        raise UnableToRegister(
            f"The infusion's end is more than {_FURTHEST.days} days from now. Check the date."
        )


def _refuse_dose(dose_mg: float | None) -> None:
    if dose_mg is not None and not 0 < dose_mg <= _LARGEST_DOSE_MG:
        raise UnableToRegister(
            f"A dose is more than 0 and at most {_LARGEST_DOSE_MG:.0f} mg. Write it in milligrams."
        )


def _on_record(session: Session, infusion: Infusion, action: str, actor: str, now: datetime) -> None:
    audit.record(session, actor=actor, action=action, subject=f"patient:{infusion.patient_id}", now=now)
    _log.info("infusion.planned", patient_id=infusion.patient_id, infusion_id=infusion.id, action=action)
