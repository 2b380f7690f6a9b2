"""Escalations that nobody has taken climb: the next tier is paged, and after the last the first again, until taken."""

from __future__ import annotations

from service import logs
from service.core.words import Disposition
from service.store import escalations
from service.store.patients import Patient
from service.workflows.deps import Deps
from service.workflows.escalating import ladder_of, page_next

_log = logs.get(__name__)


def climb_next(deps: Deps) -> bool:
    """Let the escalation climb whose next step has been due longest; return whether there was one."""
    now = deps.now()
    with deps.store.transaction() as session:
        escalation = escalations.claim_climbing(session, now)
        if escalation is None:
            return False
        patient = session.get(Patient, escalation.patient_id) if escalation.patient_id is not None else None
        ladder = ladder_of(session, deps, patient, Disposition(escalation.disposition), now)
        page_next(session, deps, escalation, ladder, now)
        _log.warning("escalation.climbed", escalation_id=escalation.id, climbs=escalation.climbs)
    return True
