"""Whom edited protocols would touch, before they are adopted: the plans as they would be, and nothing is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.core.protocol import Protocol
from service.core.timing import Changes
from service.store import infusions, patients
from service.store.clinics import the_clinic
from service.store.database import Session
from service.store.patients import Patient
from service.workflows.deps import Deps
from service.workflows.planning import changes_of, plan_of, planned_rows


@dataclass(frozen=True, slots=True)
class Touched:
    """A patient whose check-ins would change, the zone they live in, and what would change."""

    patient_id: int
    zone: str
    changes: Changes


def whom_it_touches(deps: Deps, protocols: Mapping[str, Protocol]) -> Iterator[Touched]:
    """Yield every patient whose check-ins the protocols would add, move or cancel, by id.

    Who may not be texted is left out, as in planning. Each patient is read in a transaction of its own, so that a
    look at many holds up nobody.
    """
    with deps.store.reading() as session:
        ids = patients.ids_of_all(session)
    for patient_id in ids:
        with deps.store.reading() as session:
            found = _touched(session, deps, patient_id, protocols)
        if found is not None:
            yield found


def _touched(
    session: Session, deps: Deps, patient_id: int, protocols: Mapping[str, Protocol]
) -> Touched | None:
    patient = session.get(Patient, patient_id)
    if patient is None or not patient.may_be_contacted:
        return None
    rows = planned_rows(session, patient_id)
    took_place = infusions.infusions_of(session, patient_id)
    fresh = plan_of(rows, took_place, protocols, the_clinic(session), patient, deps.now())
    found = changes_of(rows, fresh)
    return Touched(patient_id, patient.zone, found) if found.added or found.moved or found.cancelled else None
