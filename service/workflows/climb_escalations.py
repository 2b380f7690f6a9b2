"""Escalations that nobody has taken climb: the next tier is paged, and after the last the first again, until taken."""

from __future__ import annotations

from datetime import datetime

from service import logs
from service.core.words import Disposition
from service.store import escalations
from service.store.database import Session
from service.store.escalations import Escalation, EscalationState
from service.workflows.deps import Deps
from service.workflows.page_everybody import page_everybody
from service.workflows.paging import page_from_the_start, page_next
from service.workflows.stepping_aside import stepping_aside

_log = logs.get(__name__)


def climb_next(deps: Deps) -> bool:
    """Let the escalation climb whose next step has been due longest; return whether there was one."""
    now = deps.now()
    with stepping_aside(deps, page_everybody) as turn, deps.store.transaction() as session:
        escalation = escalations.claim_due(session, EscalationState.OPEN, now)
        if escalation is None:
            return False
        turn.row_id = escalation.id
        if Disposition(escalation.disposition).needs_paging:
            page_next(session, deps, escalation, now)
        else:
            _rise(session, deps, escalation, now)
        _log.warning("escalation.climbed", escalation_id=escalation.id, climbs=escalation.climbs)
    return True


def _rise(session: Session, deps: Deps, escalation: Escalation, now: datetime) -> None:
    """Make a callback that nobody took within its time urgent for staff; the patient hears nothing of it."""
    before, escalation.disposition = escalation.disposition, Disposition.URGENT
    words = f"Raised from {before} to urgent: nobody took it in its time."
    escalations.record_event(session, escalation.id, "raised", words, now)
    page_from_the_start(session, deps, escalation, now)
