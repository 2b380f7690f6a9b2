"""Whoever has an escalation lets it go, so that it climbs on, or gives it to a colleague by name."""

from __future__ import annotations

from datetime import datetime

from service import logs
from service.core.words import Disposition
from service.store import audit, escalations
from service.store.database import Session
from service.store.escalations import Escalation, EscalationState
from service.store.staff import Staff
from service.workflows.acknowledge import Taken, somebody_was_faster
from service.workflows.deps import Deps
from service.workflows.paging import tell_member
from service.workflows.remind_owner import let_climb_again, owner_key

_log = logs.get(__name__)


def release(deps: Deps, escalation_id: int, staff_id: int) -> Taken:
    """Let an escalation go: the next tier is paged at once."""
    now = deps.now()
    with deps.store.transaction() as session:
        escalation = escalations.held(session, escalation_id)
        if escalation is None:
            return _NO_SUCH
        if not is_owner(escalation, staff_id):
            return somebody_was_faster(session, escalation, staff_id)
        let_go(session, deps, escalation, session.get_one(Staff, staff_id), now)
        pages = Disposition(escalation.disposition).needs_paging
    what_next = "The next on call is paged." if pages else "It waits on the worklist."
    return Taken(f"It is not yours any more. {what_next}", True)


def hand_over(deps: Deps, escalation_id: int, staff_id: int, colleague_id: int) -> Taken:
    """Give an escalation to a colleague, who hears of it by text; the time to close it runs on."""
    now = deps.now()
    with deps.store.transaction() as session:
        escalation = escalations.held(session, escalation_id)
        if escalation is None:
            return _NO_SUCH
        if not is_owner(escalation, staff_id):
            return somebody_was_faster(session, escalation, staff_id)
        colleague = session.get(Staff, colleague_id)
        if colleague is None or not colleague.active or colleague.id == staff_id:
            return Taken("Choose a colleague from the list.", False)
        is_told = give(session, deps, escalation, session.get_one(Staff, staff_id), colleague, now)
        name = colleague.name
    told = "They are told by text." if is_told else "Their phone refuses our texts: tell them yourself."
    return Taken(f"{name} has it now. {told}", True)


_NO_SUCH = Taken("There is no such escalation.", False)


def is_owner(escalation: Escalation, staff_id: int) -> bool:
    """Return whether the member of staff has the escalation."""
    return escalation.state == EscalationState.ACKNOWLEDGED and escalation.acknowledged_by == staff_id


def let_go(session: Session, deps: Deps, escalation: Escalation, member: Staff, now: datetime) -> None:
    """Open the escalation again, without its owner."""
    let_climb_again(session, deps, escalation, f"{member.name} has let it go.", now)
    _on_record(session, escalation, member, "released", now)


def give(
    session: Session, deps: Deps, escalation: Escalation, member: Staff, colleague: Staff, now: datetime
) -> bool:
    """Make a colleague the owner; return whether a text tells them, which one whose phone refuses ours does not get.

    The instant of the reminder stays: handing round buys no time.
    """
    escalation.acknowledged_by, escalation.acknowledged_how = colleague.id, "hand-over"
    words = f"{member.name} gave it to {colleague.name}."
    escalations.record_event(session, escalation.id, "handed_over", words, now, staff_id=colleague.id)
    _on_record(session, escalation, member, "handed over", now)
    if colleague.sms_refused_at is not None:
        return False
    key = owner_key("handed-over", escalation, colleague, now)
    tell_member(session, deps, escalation, colleague, "ack_given_to_you", key=key, now=now, by=member.name)
    return True


def _on_record(session: Session, escalation: Escalation, member: Staff, action: str, now: datetime) -> None:
    actor, subject = f"staff:{member.id}", f"escalation:{escalation.id}"
    audit.record(session, actor=actor, action=action, subject=subject, now=now)
    _log.info("escalation.given_away", escalation_id=escalation.id, staff_id=member.id, how=action)
