"""What somebody took and has not closed in its time: they are reminded once, and then it climbs again."""

from __future__ import annotations

from datetime import datetime, timedelta

from service import logs
from service.core.words import Disposition
from service.store import escalations
from service.store.database import Session
from service.store.escalations import Escalation, EscalationState
from service.store.outbox import OutboxMessage
from service.store.staff import Staff
from service.workflows.callbacks import callback_due
from service.workflows.deps import Deps
from service.workflows.page_everybody import page_everybody
from service.workflows.paging import ladder_of, page_next, tell_member
from service.workflows.stepping_aside import stepping_aside

_log = logs.get(__name__)


def remind_next(deps: Deps) -> bool:
    """Remind the owner of the escalation that has been overdue longest, or let it climb; return whether there was one."""
    now = deps.now()
    with stepping_aside(deps, page_everybody) as turn, deps.store.transaction() as session:
        escalation = escalations.claim_due(session, EscalationState.ACKNOWLEDGED, now)
        if escalation is None:
            return False
        turn.row_id = escalation.id
        owner = session.get_one(Staff, escalation.acknowledged_by)
        if escalation.reminded_at is None and owner.active:
            _remind(session, deps, escalation, owner, now)
        else:
            let_climb_again(session, deps, escalation, f"{owner.name} has not closed it in its time.", now)
    return True


def _remind(session: Session, deps: Deps, escalation: Escalation, owner: Staff, now: datetime) -> None:
    escalation.reminded_at = now
    escalation.next_step_at = now + _patience(session, deps, escalation, now)
    key = owner_key("reminder", escalation, owner, now)
    tell_member(
        session, deps, escalation, owner, "ack_reminder", key=key, now=now, not_after=escalation.next_step_at
    )
    words = f"Reminded {owner.name} that it is not closed."
    escalations.record_event(session, escalation.id, "reminded", words, now, staff_id=owner.id)
    _log.warning("escalation.reminded", escalation_id=escalation.id, staff_id=owner.id)


def _patience(session: Session, deps: Deps, escalation: Escalation, now: datetime) -> timedelta:
    """Return how long a reminded owner has: half of the time to close, another business day for a callback."""
    if Disposition(escalation.disposition).needs_paging:
        return ladder_of(session, deps, escalation, now).close_within / 2
    return callback_due(session, now) - now


def let_climb_again(session: Session, deps: Deps, escalation: Escalation, why: str, now: datetime) -> None:
    """Take it from its owner and page on from where the ladder stood; an open callback waits for a taker again."""
    escalations.reopen(escalation, now)
    escalations.record_event(session, escalation.id, "reopened", f"Open again: {why}", now)
    if Disposition(escalation.disposition).needs_paging:
        escalation.deadline_at = now + ladder_of(session, deps, escalation, now).acknowledge_within
        page_next(session, deps, escalation, now)
    else:
        escalation.deadline_at = escalation.next_step_at = callback_due(session, now)
    _log.warning("escalation.climbs_again", escalation_id=escalation.id)


def owner_key(what: str, escalation: Escalation, owner: Staff, now: datetime) -> str:
    """Return the key of a text without which an owner does not know, or forgets, that an escalation is theirs."""
    return f"{what}:{escalation.id}:{owner.id}:{int(now.timestamp())}"


def owner_was_not_told(
    session: Session, deps: Deps, message: OutboxMessage, owner: Staff, now: datetime
) -> None:
    """Let what they have climb again at once where the text that gave it to them, or reminded them, was lost."""
    if message.escalation_id is None or not message.key.startswith(("handed-over:", "reminder:")):
        return
    escalation = escalations.held(session, message.escalation_id)
    if escalation is None or escalation.state != EscalationState.ACKNOWLEDGED:
        return
    if escalation.acknowledged_by == owner.id:
        let_climb_again(session, deps, escalation, f"the text about it did not reach {owner.name}.", now)
