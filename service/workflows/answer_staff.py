"""A text from staff: the code in it takes an escalation, and whatever it says gets a sentence back."""

from __future__ import annotations

from datetime import datetime

from service.core.escalation import StaffAsk, read_staff_text
from service.core.words import Channel, Language, Urgency
from service.store import escalations, outbox, staff
from service.store.clinics import the_clinic
from service.store.database import Session
from service.store.escalations import Escalation, EscalationState
from service.store.inbox import InboxMessage
from service.store.staff import Staff
from service.workflows.deps import Deps
from service.workflows.escalating import take


def answer_staff(
    session: Session, deps: Deps, member: Staff, message: InboxMessage, now: datetime, *, is_patient_too: bool
) -> bool:
    """Answer a text from a member of staff; return False where it is to be read as a patient's instead.

    Someone who is staff and patient on one number is answered as staff only where the text names a code, or says
    "ok" while a page waits for them: anything else might be a symptom.
    """
    asked = read_staff_text(message.body)
    if asked.ask is StaffAsk.TAKE_CODE and asked.code is not None:
        found = escalations.by_code(session, asked.code)
        if found is None:
            _say(session, deps, member, message, now, "ack_unknown_code", code=asked.code)
            return True
        message.escalation_id = found.id
        _take(session, deps, member, message, found, now)
        return True
    waiting = _paged_and_open(session, member)
    if asked.ask is StaffAsk.TAKE_ONLY and len(waiting) == 1:
        message.escalation_id = waiting[0].id
        _take(session, deps, member, message, waiting[0], now)
        return True
    if is_patient_too:
        return False
    if waiting:
        _say(session, deps, member, message, now, "ack_which_code", codes=", ".join(e.code for e in waiting))
    else:
        _say(session, deps, member, message, now, "ack_none_open")
    return True


def _paged_and_open(session: Session, member: Staff) -> list[Escalation]:
    """Return the open escalations that this member of staff was paged for."""
    return [
        escalation
        for escalation in escalations.live_escalations(session)
        if escalation.state == EscalationState.OPEN
        and any(page.staff_id == member.id for page in outbox.pages_of(session, escalation.id))
    ]


def _take(
    session: Session, deps: Deps, member: Staff, message: InboxMessage, escalation: Escalation, now: datetime
) -> None:
    if take(session, deps, escalation, member, "text", now):
        _say(session, deps, member, message, now, "ack_taken", code=escalation.code)
        return
    session.refresh(escalation)
    if escalation.state == EscalationState.CLOSED:
        _say(session, deps, member, message, now, "ack_closed", code=escalation.code)
        return
    owner = session.get(Staff, escalation.acknowledged_by)
    by = "you" if owner is not None and owner.id == member.id else owner.name if owner else "somebody"
    _say(session, deps, member, message, now, "ack_already_taken", code=escalation.code, by=by)


def _say(
    session: Session,
    deps: Deps,
    member: staff.Staff,
    message: InboxMessage,
    now: datetime,
    template: str,
    **values: str,
) -> None:
    outbox.enqueue(
        session,
        key=f"staff-answer:{message.id}",
        reference=deps.new_reference(),
        urgency=Urgency.ANSWER,
        channel=Channel.SMS,
        recipient=member.phone,
        body=deps.library.wording.render(
            template, Language.ENGLISH, clinic=the_clinic(session).name, **values
        ),
        now=now,
        staff_id=member.id,
        escalation_id=message.escalation_id,
    )
