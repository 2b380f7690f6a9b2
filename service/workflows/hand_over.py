"""Whoever has an escalation lets it go, so that it climbs on, or gives it to a colleague by name."""

from __future__ import annotations

from datetime import datetime

from service import logs
from service.store import audit, escalations
from service.store.database import Session
from service.store.escalations import Escalation, EscalationState
from service.store.staff import Staff
from service.workflows.acknowledge import Taken
from service.workflows.deps import Deps
from service.workflows.paging import tell_member
from service.workflows.remind_owner import let_climb_again

_log = logs.get(__name__)


def release(deps: Deps, escalation_id: int, staff_id: int) -> Taken:
    """Let an escalation go: the next tier is paged at once."""
    now = deps.now()
    with deps.store.transaction() as session:
        escalation = escalations.held(session, escalation_id)
        if escalation is None or not is_owner(escalation, staff_id):
            return Taken(_NOT_YOURS, False)
        let_go(session, deps, escalation, session.get_one(Staff, staff_id), now)
    return Taken("It is not yours any more. The next on call is paged.", False)


def hand_over(deps: Deps, escalation_id: int, staff_id: int, colleague_id: int) -> Taken:
    """Give an escalation to a colleague, who hears of it by text; the time to close it runs on."""
    now = deps.now()
    with deps.store.transaction() as session:
        escalation = escalations.held(session, escalation_id)
        if escalation is None or not is_owner(escalation, staff_id):
            return Taken(_NOT_YOURS, False)
        colleague = session.get(Staff, colleague_id)
        if colleague is None or not colleague.active or colleague.id == staff_id:
            return Taken("Choose a colleague from the list.", True)
        give(session, deps, escalation, session.get_one(Staff, staff_id), colleague, now)
        name = colleague.name
    return Taken(f"{name} has it now, and is told by text.", False)


_NOT_YOURS = "It is not yours, so you can't give it away."


def is_owner(escalation: Escalation, staff_id: int) -> bool:
    """Return whether the member of staff has the escalation."""
    return escalation.state == EscalationState.ACKNOWLEDGED and escalation.acknowledged_by == staff_id


def let_go(session: Session, deps: Deps, escalation: Escalation, member: Staff, now: datetime) -> None:
    """Open the escalation again, without its owner."""
    let_climb_again(session, deps, escalation, f"{member.name} has let it go.", now)
    _on_record(session, escalation, member, "released", now)


def give(
    session: Session, deps: Deps, escalation: Escalation, member: Staff, colleague: Staff, now: datetime
) -> None:
    """Make a colleague the owner. The instant of the reminder stays: handing round buys no time."""
    escalation.acknowledged_by, escalation.acknowledged_how = colleague.id, "hand-over"
    words = f"{member.name} gave it to {colleague.name}."
    escalations.record_event(session, escalation.id, "handed_over", words, now, staff_id=colleague.id)
    tell_member(
        session,
        deps,
        escalation,
        colleague,
        "ack_given_to_you",
        key=f"handed-over:{escalation.id}:{colleague.id}:{int(now.timestamp())}",
        now=now,
        by=member.name,
    )
    _on_record(session, escalation, member, "handed over", now)


def _on_record(session: Session, escalation: Escalation, member: Staff, action: str, now: datetime) -> None:
    actor, subject = f"staff:{member.id}", f"escalation:{escalation.id}"
    audit.record(session, actor=actor, action=action, subject=subject, now=now)
    _log.info("escalation.given_away", escalation_id=escalation.id, staff_id=member.id, how=action)
