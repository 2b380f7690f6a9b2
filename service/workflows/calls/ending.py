"""A call is over: what it said is kept, what it could not say leaves as a text, and what it was for goes on."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from service.carrier.outcome import call_failed
from service.core.conversation.talk import Talk
from service.core.words import Channel
from service.store import calls, conversations, escalations, outbox
from service.store.calls import Call, CallPurpose, CallStatus
from service.store.check_ins import CheckIn, CheckInState
from service.store.database import Session
from service.store.escalations import Escalation, EscalationState
from service.store.outbox import OutboxMessage, OutboxState
from service.store.patients import Patient
from service.store.staff import Staff
from service.workflows.deps import Deps
from service.workflows.fate import tell_staff
from service.workflows.paging import page_was_lost

# Who could not be reached may be on the way home, or at work; three calls a check-in are enough for anybody.
_CALL_AGAIN_AFTER: Final = timedelta(hours=1)
_MOST_CALLS: Final = 3
_MACHINES: Final = ("machine", "fax")
_WHY_NOT: Final = {
    CallStatus.BUSY: "the line is busy",
    CallStatus.NO_ANSWER: "nobody picked up",
    CallStatus.CANCELED: "it was called off",
}


def call_is_over(
    session: Session, deps: Deps, call: Call, message: OutboxMessage | None, now: datetime
) -> None:
    """Settle what the call was for; `message` is the row of the outbox that rang the phone, None for who rang us."""
    let_the_unsaid_leave(session, call, now)
    if message is None:
        return
    if call.purpose == CallPurpose.PAGE:
        _settle_page(session, call, message, now)
    else:
        _settle_check_in(session, deps, call, message, now)


def is_machine(answered_by: str) -> bool:
    """Return whether Twilio says that a voicemail or a fax took the call; unsure counts as a person."""
    return answered_by.startswith(_MACHINES)


def why_not_reached(call: Call) -> str | None:
    """Return why nobody was spoken with, as the end of a sentence; None where somebody picked up."""
    if is_machine(call.answered_by):
        return "a voicemail answered"
    if call.status == CallStatus.FAILED:
        return call_failed(call.error_code)
    return _WHY_NOT.get(CallStatus(call.status))


def let_the_unsaid_leave(session: Session, call: Call, now: datetime) -> None:
    """Send as texts the answers that the call did not live to say; a landline only the safety lines, just in case."""
    patient = session.get(Patient, call.patient_id) if call.patient_id is not None else None
    takes_texts = patient is None or patient.channel == Channel.SMS
    for turn in calls.turns_of(session, call.id):
        if turn.inbox_id is not None:
            outbox.let_unsaid_leave(session, turn.inbox_id, now, safety_alone=not takes_texts)


def _settle_page(session: Session, call: Call, message: OutboxMessage, now: datetime) -> None:
    escalation = escalations.held(session, call.escalation_id) if call.escalation_id is not None else None
    if escalation is None or _was_answered(session, escalation, call):
        heard = why_not_reached(call) is None
        remark = "The page was heard." if heard else "Somebody had it before it was heard."
        _settle(message, OutboxState.DELIVERED, remark, now)
        return
    why = why_not_reached(call) or "nobody pressed a key"
    failed = call.status == CallStatus.FAILED
    _settle(message, OutboxState.FAILED if failed else OutboxState.UNDELIVERED, f"Not taken: {why}.", now)
    member = session.get_one(Staff, call.staff_id)
    words = f"The call to {member.name} was not taken: {why}."
    escalations.record_event(session, escalation.id, "page_failed", words, now, staff_id=member.id)
    session.flush()
    page_was_lost(session, message, now)


def _was_answered(session: Session, escalation: Escalation, call: Call) -> bool:
    if escalation.state != EscalationState.OPEN:
        return True
    return call.staff_id in escalations.passed_on(session, escalation.id, call.created_at)


def _settle_check_in(session: Session, deps: Deps, call: Call, message: OutboxMessage, now: datetime) -> None:
    why = why_not_reached(call)
    if call.status == CallStatus.FAILED:
        _settle(message, OutboxState.FAILED, f"Not reached: {why}.", now)
        tell_staff(session, deps, message, f"{why}.", opted_out=False, now=now)
        return
    state = OutboxState.DELIVERED if why is None else OutboxState.UNDELIVERED
    _settle(message, state, "" if why is None else f"Not reached: {why}.", now)
    _call_again_later(session, call, now)


def _call_again_later(session: Session, call: Call, now: datetime) -> None:
    """Plan another call where the question was not answered, and nothing else is planned to break the silence."""
    row = session.get(CheckIn, call.check_in_id) if call.check_in_id is not None else None
    if row is None or row.state != CheckInState.SENT or row.nudge_at is not None or row.call_at is not None:
        return
    conversation = conversations.of_check_in(session, row.id)
    talk: Talk | None = conversations.talk_of(conversation) if conversation is not None else None
    untouched = talk is not None and talk.waits and not talk.questions and not talk.unclear
    later = now + _CALL_AGAIN_AFTER
    if untouched and later < row.missed_at and len(calls.calls_for_check_in(session, row.id)) < _MOST_CALLS:
        row.call_at = later


def _settle(message: OutboxMessage, state: OutboxState, remark: str, now: datetime) -> None:
    if outbox.PROGRESS[state] > outbox.PROGRESS[OutboxState(message.state)]:
        message.state, message.settled_at, message.lease_until = state, now, None
        message.remark = remark or message.remark
