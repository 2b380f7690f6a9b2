"""An escalation whose ladder can't be climbed pages all staff by text: nobody waits until the fault is found (law 3)."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from service.core.words import Channel, Disposition, Urgency
from service.store import escalations, pages, staff
from service.store.database import Session
from service.store.escalations import Escalation, EscalationState
from service.workflows.deps import Deps
from service.workflows.paging import tell_member

# As long as a nurse has to take what is urgent: then the ladder is tried again, and if it still throws, all are paged again.
_AGAIN_AFTER: Final = timedelta(minutes=10)


def page_everybody(session: Session, deps: Deps, escalation_id: int, now: datetime) -> None:
    """Page all staff about the escalation, once for this step; what somebody had taken and forgotten is open again."""
    escalation = session.get_one(Escalation, escalation_id, with_for_update=True)
    if escalation.state == EscalationState.CLOSED:
        return
    if escalation.state == EscalationState.ACKNOWLEDGED:
        escalations.reopen(escalation, now)
    if escalation.disposition != Disposition.EMERGENCY:
        escalation.disposition = Disposition.URGENT
    escalation.climbs += 1
    escalation.stepped_at, escalation.next_step_at = now, now + _AGAIN_AFTER
    for member in staff.all_staff(session):
        tell_member(
            session,
            deps,
            escalation,
            member,
            "page_staff",
            key=pages.page_key(escalation.id, escalation.climbs, member.id, Channel.SMS),
            now=now,
            urgency=Urgency.PAGE,
            level=escalation.disposition,
        )
    words = "Paged everybody by text: the ladder could not be climbed. Tell ops."
    escalations.record_event(session, escalation.id, "paged", words, now)
