"""The protocols have changed: the check-ins that wait follow them, patient by patient, at the clock's next look."""

from __future__ import annotations

from service import logs
from service.core.words import Disposition
from service.store import patients
from service.store.clinics import find_clinic
from service.workflows.deps import Deps
from service.workflows.escalating import escalate
from service.workflows.planning import replan, version_of

_log = logs.get(__name__)


def follow_next(deps: Deps) -> bool:
    """Plan one patient afresh whose check-ins were planned with other protocols; return whether there was one.

    Where that throws, the patient keeps the check-ins that are there, and is brought before a person.
    """
    claimed: list[int] = []
    try:
        with deps.store.transaction() as session:
            clinic = find_clinic(session)
            if clinic is None:
                return False
            patient = patients.claim_planned_otherwise(session, version_of(deps.library.protocols, clinic))
            if patient is None:
                return False
            claimed.append(patient.id)
            replan(session, deps, patient, deps.now())
    except Exception as error:
        if not claimed:
            raise
        _log.error("protocol.not_followed", patient_id=claimed[0], exc_info=error)
        _step_aside(deps, claimed[0])
    return True


def _step_aside(deps: Deps, patient_id: int) -> None:
    with deps.store.transaction() as session:
        patient = patients.hold(session, patient_id)
        clinic = find_clinic(session)
        if clinic is not None:
            patient.planned_with = version_of(deps.library.protocols, clinic)
        escalate(
            session,
            deps,
            patient=patient,
            message=None,
            disposition=Disposition.CALLBACK,
            reason="The check-ins could not be planned by the protocols as they are now; tell ops.",
            now=deps.now(),
        )
