"""Pages in the outbox: which reached whom, whose phones have just refused one, and for whom an answer is still open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session

from service.core.words import Urgency
from service.store.escalations import Escalation, EscalationState
from service.store.outbox import OutboxMessage, OutboxState

_LOST = (OutboxState.FAILED, OutboxState.UNDELIVERED)


def page_key(escalation_id: int, climb: int, staff_id: int, channel: str) -> str:
    """Return the key of a page: one to each person by each channel on each step (law 4)."""
    return f"{_of_climb(escalation_id, climb)}{staff_id}:{channel}"


def _of_climb(escalation_id: int, climb: int) -> str:
    return f"page:{escalation_id}:{climb}:"


def is_of_climb(message: OutboxMessage, escalation: Escalation) -> bool:
    """Return whether the message is a page of the step that the escalation stands on."""
    return message.key.startswith(_of_climb(escalation.id, escalation.climbs))


def paged_now(session: Session, escalation: Escalation) -> frozenset[int]:
    """Return the ids of the staff whom the present step pages, less those whose page is known to be lost."""
    found = select(OutboxMessage.staff_id).where(
        OutboxMessage.escalation_id == escalation.id,
        OutboxMessage.key.startswith(_of_climb(escalation.id, escalation.climbs), autoescape=True),
        OutboxMessage.state.not_in((*_LOST, OutboxState.CANCELLED)),
    )
    return frozenset(staff_id for staff_id in session.scalars(found) if staff_id is not None)


def refusing_phones(session: Session, since: datetime) -> frozenset[int]:
    """Return the ids of the staff whose newest settled page since the instant was lost, for whichever escalation."""
    settled = select(
        OutboxMessage.staff_id,
        func.max(case((OutboxMessage.state.in_(_LOST), OutboxMessage.settled_at))),
        func.max(case((OutboxMessage.state == OutboxState.DELIVERED, OutboxMessage.settled_at))),
    ).where(
        OutboxMessage.urgency == int(Urgency.PAGE),
        OutboxMessage.state.in_((*_LOST, OutboxState.DELIVERED)),
        OutboxMessage.settled_at >= since,
        OutboxMessage.staff_id.is_not(None),
    )
    return frozenset(
        staff_id
        for staff_id, lost, delivered in session.execute(settled.group_by(OutboxMessage.staff_id))
        if lost is not None and (delivered is None or delivered < lost)
    )


def open_for_member(session: Session, staff_id: int) -> Sequence[Escalation]:
    """Return the open escalations that this member of staff was paged for, oldest first."""
    paged = select(OutboxMessage.escalation_id).where(
        OutboxMessage.staff_id == staff_id, OutboxMessage.urgency == int(Urgency.PAGE)
    )
    found = select(Escalation).where(Escalation.state == EscalationState.OPEN, Escalation.id.in_(paged))
    return session.scalars(found.order_by(Escalation.opened_at, Escalation.id)).all()


def has_refused(session: Session, page: OutboxMessage, since: datetime) -> bool:
    """Return whether another page of the same escalation to the same person was lost since the instant."""
    other = select(OutboxMessage.id).where(
        OutboxMessage.escalation_id == page.escalation_id,
        OutboxMessage.staff_id == page.staff_id,
        OutboxMessage.urgency == int(Urgency.PAGE),
        OutboxMessage.id != page.id,
        OutboxMessage.state.in_(_LOST),
        OutboxMessage.settled_at >= since,
    )
    return session.scalar(other.limit(1)) is not None


def cancel_older_pages(session: Session, escalation_id: int, staff_ids: Sequence[int], now: datetime) -> None:
    """Cancel what still waits to leave for them about the escalation: after an outage nobody gets a page for each step."""
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.escalation_id == escalation_id,
            OutboxMessage.staff_id.in_(staff_ids),
            OutboxMessage.urgency == int(Urgency.PAGE),
            OutboxMessage.state == OutboxState.QUEUED,
        )
        .values(state=OutboxState.CANCELLED, settled_at=now, remark="A newer page took its place.")
    )
