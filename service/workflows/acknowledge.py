"""A member of staff takes or closes an escalation on the page; whoever comes second is told who was first."""

from __future__ import annotations

from dataclasses import dataclass

from service import logs
from service.store import audit, escalations, outbox
from service.store.database import Session
from service.store.escalations import Escalation, EscalationState
from service.store.staff import Staff
from service.workflows.deps import Deps
from service.workflows.taking import take

_log = logs.get(__name__)

OUTCOMES = (
    "Spoke with the patient: no further care needed",
    "Spoke with the patient: advice given",
    "Sent to emergency care",
    "Seen at the clinic",
    "Could not be reached",
    "Not a concern",
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What came of it, in a sentence for the page, and whether it was the asker's to do."""

    sentence: str
    is_yours: bool


def take_on_page(deps: Deps, escalation_id: int, staff_id: int) -> Taken:
    """Take the escalation for a member of staff, unless somebody was faster."""
    now = deps.now()
    with deps.store.transaction() as session:
        escalation = session.get(Escalation, escalation_id)
        if escalation is None:
            return Taken("There is no such escalation.", False)
        if take(session, deps, escalation, session.get_one(Staff, staff_id), "page", now):
            audit.record(
                session,
                actor=f"staff:{staff_id}",
                action="took",
                subject=f"escalation:{escalation_id}",
                now=now,
            )
            _log.info("escalation.taken", escalation_id=escalation_id, staff_id=staff_id)
            return Taken("It is yours. Call the patient, then close it here.", True)
        session.refresh(escalation)
        return somebody_was_faster(session, escalation, staff_id)


def somebody_was_faster(session: Session, escalation: Escalation, staff_id: int) -> Taken:
    """Return how the escalation stands, for somebody whose button did not find it as their page showed it."""
    if escalation.state == EscalationState.CLOSED:
        closer = session.get(Staff, escalation.closed_by) if escalation.closed_by else None
        return Taken(f"{closer.name if closer else 'Somebody'} has closed it already.", False)
    if escalation.state == EscalationState.OPEN:
        return Taken("Nobody has it any more: it is open again, and the next on call is paged.", False)
    if escalation.acknowledged_by == staff_id:
        return Taken("It is yours already.", True)
    owner = session.get_one(Staff, escalation.acknowledged_by)
    return Taken(f"{owner.name} has taken it already.", False)


def close_on_page(
    deps: Deps, escalation_id: int, staff_id: int, outcome: str, note: str, *, seen: int | None = None
) -> Taken:
    """Close the escalation with its outcome and a note.

    `seen` is the last news (its event's id) that stood on their page: what came after it has not been read by whoever
    closes, and is not closed with it. None where no page was looked at.
    """
    if outcome not in OUTCOMES:
        return Taken("Choose what came of it from the list.", False)
    now = deps.now()
    with deps.store.transaction() as session:
        member = session.get_one(Staff, staff_id)
        escalation = escalations.held(session, escalation_id)
        if escalation is None:
            return Taken("There is no such escalation.", False)
        is_live = escalation.state != EscalationState.CLOSED
        if is_live and seen is not None and seen < escalations.last_news(session, escalation_id):
            return Taken(
                "There is news of the patient since you opened this page. Read it, then close.", False
            )
        if not escalations.close(session, escalation_id, staff_id, outcome, note.strip(), now):
            session.refresh(escalation)
            return somebody_was_faster(session, escalation, staff_id)
        escalations.record_event(
            session, escalation_id, "closed", f"{member.name} closed it: {outcome}.", now, staff_id=staff_id
        )
        outbox.cancel_pages(session, escalation_id, now)
        audit.record(
            session,
            actor=f"staff:{staff_id}",
            action="closed",
            subject=f"escalation:{escalation_id}",
            now=now,
        )
    _log.info("escalation.closed", escalation_id=escalation_id, staff_id=staff_id)
    return Taken("Closed.", True)
