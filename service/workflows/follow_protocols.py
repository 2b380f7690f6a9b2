"""The protocols have changed: the check-ins that wait follow them, patient by patient, at the clock's next look."""

from __future__ import annotations

from datetime import datetime

from service.store import patients
from service.store.clinics import find_clinic
from service.store.database import Session
from service.workflows.deps import Deps
from service.workflows.planning import replan, version_of
from service.workflows.stepping_aside import set_before_a_person, stepping_aside


def follow_next(deps: Deps) -> bool:
    """Plan one patient afresh whose check-ins were planned with other protocols; return whether there was one.

    Where that throws, the patient keeps the check-ins that are there, and is brought before a person.
    """
    with stepping_aside(deps, _not_planned) as turn, deps.store.transaction() as session:
        clinic = find_clinic(session)
        if clinic is None:
            return False
        patient = patients.claim_planned_otherwise(session, version_of(deps.library.protocols, clinic))
        if patient is None:
            return False
        turn.row_id = patient.id
        replan(session, deps, patient, deps.now())
    return True


def _not_planned(session: Session, deps: Deps, patient_id: int, now: datetime) -> None:
    patient = patients.hold(session, patient_id)
    clinic = find_clinic(session)
    if clinic is not None:
        patient.planned_with = version_of(deps.library.protocols, clinic)
    reason = "The check-ins could not be planned by the protocols as they are now; tell ops."
    set_before_a_person(session, deps, patient_id, reason, now)
