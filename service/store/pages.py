"""Pages in the outbox: which reached whom, whose phones have just refused one, and for whom an answer is still open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import Executable, bindparam, case, func, select, update
from sqlalchemy.orm import Session

from service.core.words import Channel, Urgency
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
    """Return the ids of the staff whom the present step pages, less those who can't be reached by it any more.

    Whose phone has rung and was not answered has missed the text before it, too.
    """
    found = select(OutboxMessage.staff_id, OutboxMessage.channel, OutboxMessage.state).where(
        OutboxMessage.escalation_id == escalation.id,
        OutboxMessage.key.startswith(_of_climb(escalation.id, escalation.climbs), autoescape=True),
        OutboxMessage.state != OutboxState.CANCELLED,
    )
    pages = session.execute(found).all()
    in_vain = {staff_id for staff_id, channel, state in pages if channel == Channel.VOICE and state in _LOST}
    return frozenset(
        staff_id
        for staff_id, _, state in pages
        if staff_id is not None and state not in _LOST and staff_id not in in_vain
    )


def refusing_phones(session: Session, since: datetime, channel: Channel) -> frozenset[int]:
    """Return the ids of the staff whose newest settled page by this channel since the instant was refused.

    A call that nobody took was no refusal: the phone rang, and may be heard the next time.
    """
    found = session.execute(_SETTLED[channel], {"since": since})
    return frozenset(
        staff_id
        for staff_id, lost, reached in found
        if lost is not None and (reached is None or reached < lost)
    )


def _settled(channel: Channel, refused: tuple[OutboxState, ...]) -> Executable:
    """Return the statement for when each phone last refused a page by the channel, and when it last took one."""
    return (
        select(
            OutboxMessage.staff_id,
            func.max(case((OutboxMessage.state.in_(refused), OutboxMessage.settled_at))),
            func.max(case((OutboxMessage.state.not_in(refused), OutboxMessage.settled_at))),
        )
        .where(
            OutboxMessage.urgency == int(Urgency.PAGE),
            OutboxMessage.channel == channel,
            OutboxMessage.state.in_((*_LOST, OutboxState.DELIVERED)),
            OutboxMessage.settled_at >= bindparam("since"),
            OutboxMessage.staff_id.is_not(None),
        )
        .group_by(OutboxMessage.staff_id)
    )


_SETTLED: Final = {
    Channel.SMS: _settled(Channel.SMS, _LOST),
    Channel.VOICE: _settled(Channel.VOICE, (OutboxState.FAILED,)),
}


def open_for_member(session: Session, staff_id: int) -> Sequence[Escalation]:
    """Return the open escalations that this member of staff was paged for, oldest first."""
    paged = select(OutboxMessage.escalation_id).where(
        OutboxMessage.staff_id == staff_id, OutboxMessage.urgency == int(Urgency.PAGE)
    )
    found = select(Escalation).where(Escalation.state == EscalationState.OPEN, Escalation.id.in_(paged))
    return session.scalars(found.order_by(Escalation.opened_at, Escalation.id)).all()


def last_for_member(session: Session, staff_id: int, since: datetime) -> Escalation | None:
    """Return what this member of staff was paged for last since the instant, whoever has it now; None for nothing."""
    paged = (
        select(Escalation)
        .join(OutboxMessage, OutboxMessage.escalation_id == Escalation.id)
        .where(
            OutboxMessage.staff_id == staff_id,
            OutboxMessage.urgency == int(Urgency.PAGE),
            OutboxMessage.attempted_at >= since,
        )
    )
    newest_first = paged.order_by(OutboxMessage.attempted_at.desc(), OutboxMessage.id.desc())
    return session.scalar(newest_first.limit(1))


def has_refused(session: Session, escalation: Escalation, staff_id: int | None, since: datetime) -> bool:
    """Return whether a page of an earlier step of the escalation to the same person was lost since the instant."""
    of_this_step = _of_climb(escalation.id, escalation.climbs)
    other = select(OutboxMessage.id).where(
        OutboxMessage.escalation_id == escalation.id,
        OutboxMessage.staff_id == staff_id,
        OutboxMessage.urgency == int(Urgency.PAGE),
        OutboxMessage.key.not_like(f"{of_this_step}%"),
        OutboxMessage.state.in_(_LOST),
        OutboxMessage.settled_at >= since,
    )
    return session.scalar(other.limit(1)) is not None


def call_now_instead(session: Session, escalation: Escalation, staff_id: int, now: datetime) -> bool:
    """Let the call of the present step leave now, because its text did not arrive; return whether one waits."""
    hastened = session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.key == page_key(escalation.id, escalation.climbs, staff_id, Channel.VOICE),
            OutboxMessage.state == OutboxState.QUEUED,
        )
        .values(try_at=now)
    )
    return bool(hastened.rowcount)  # type: ignore[attr-defined]  # an UPDATE's result has it


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


def cancel_pages_to(session: Session, staff_id: int, now: datetime) -> None:
    """Cancel every page to them that still waits to leave: they are staff no longer."""
    session.execute(
        update(OutboxMessage)
        .where(
            OutboxMessage.staff_id == staff_id,
            OutboxMessage.urgency == int(Urgency.PAGE),
            OutboxMessage.state == OutboxState.QUEUED,
        )
        .values(state=OutboxState.CANCELLED, settled_at=now, remark="They are staff no longer.")
    )
