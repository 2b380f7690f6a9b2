"""The fate of a message that was sent, as Twilio tells it: only forwards, and what is lost goes to a person at once."""

from __future__ import annotations

from datetime import datetime, timedelta

from service import logs
from service.carrier.outcome import Refusal, refusal
from service.core.words import Channel, Disposition, Urgency
from service.store import escalations, ways_out
from service.store.database import Session
from service.store.outbox import PROGRESS, OutboxMessage, OutboxState
from service.store.patients import Patient
from service.store.staff import Staff
from service.workflows.deps import Deps
from service.workflows.escalating import escalate
from service.workflows.never_asked import asks, never_arrived, was_answered
from service.workflows.paging import page_was_lost
from service.workflows.remind_owner import owner_was_not_told

_log = logs.get(__name__)

# Twilio's words for the fate of a message, as ours.
_STATES = {
    "accepted": OutboxState.ACCEPTED,
    "queued": OutboxState.ACCEPTED,
    "scheduled": OutboxState.ACCEPTED,
    "sending": OutboxState.ACCEPTED,
    "sent": OutboxState.SENT,
    "delivered": OutboxState.DELIVERED,
    "read": OutboxState.DELIVERED,
    "undelivered": OutboxState.UNDELIVERED,
    "failed": OutboxState.FAILED,
    "canceled": OutboxState.FAILED,
}
_LOST = (OutboxState.UNDELIVERED, OutboxState.FAILED)
# Most phones answer within seconds; where no callback has told the end by then, Twilio is asked.
_FIRST_LOOK = timedelta(hours=2)


def settle_status(
    session: Session,
    deps: Deps,
    message: OutboxMessage,
    *,
    sid: str,
    status: str,
    code: int | None,
    now: datetime,
) -> None:
    """Take what Twilio says of the message, from a callback or from its log."""
    state = _STATES.get(status)
    if state is None:
        _log.warning("status.unheard_of", status=status, outbox_id=message.id)
        return
    message.sid = message.sid or sid
    message.error_code = code if code is not None else message.error_code
    if PROGRESS[state] <= PROGRESS[OutboxState(message.state)]:
        return
    # What was known of an attempt before this one is true no more.
    message.state, message.lease_until, message.remark = state, None, None
    if message.channel != Channel.VOICE:
        # A call is followed by its own reports.
        message.look_at = message.look_at or first_look(session, now)
    if state in (OutboxState.DELIVERED, *_LOST):
        message.settled_at, message.look_at = now, None
    if state in _LOST:
        _lost(session, deps, message, now)
    elif state is not OutboxState.ACCEPTED:
        goes_on(session, message)
    _log.info("outbox.status", outbox_id=message.id, state=str(state), code=code)


def first_look(session: Session, now: datetime) -> datetime:
    """Return when Twilio is asked what became of texts just accepted; soon, where they may be the end of a stop."""
    is_stopped = Channel.SMS in ways_out.stopped_channels(session)
    return now + (ways_out.PROBE_EVERY if is_stopped else _FIRST_LOOK)


def stand_still(session: Session, message: OutboxMessage, why: str, now: datetime) -> None:
    """Let nothing leave on the message's channel but one try a minute, and let everybody see it."""
    ways_out.stop(session, message.channel, why, now)
    _log.error("carrier.configuration", code=message.error_code, remedy=why)


def goes_on(session: Session, message: OutboxMessage) -> None:
    """End the stop if there is one, now that a message tried since has gone through.

    A text that was only accepted proves little: that a number is not registered is found out after that.
    """
    if message.attempted_at and ways_out.go_on(session, message.channel, message.attempted_at):
        _log.info("carrier.goes_on", channel=message.channel)


def _lost(session: Session, deps: Deps, message: OutboxMessage, now: datetime) -> None:
    kind, reason = refusal(message.error_code)
    message.remark = f"{reason[0].upper()}{reason[1:]}."
    if kind is Refusal.CONFIGURATION:
        stand_still(session, message, message.remark, now)
    else:
        goes_on(session, message)
    tell_staff(session, deps, message, message.remark, opted_out=kind is Refusal.OPTED_OUT, now=now)


def tell_staff(
    session: Session, deps: Deps, message: OutboxMessage, sentence: str, *, opted_out: bool, now: datetime
) -> None:
    """Bring a message that will never arrive before a person; a page that failed lets its ladder climb at once."""
    if message.staff_id is not None:
        _climb_on(session, deps, message, sentence, opted_out=opted_out, now=now)
        return
    if message.patient_id is None:
        return
    patient = session.get_one(Patient, message.patient_id)
    if opted_out and patient.opted_out_at is None:
        patient.opted_out_at = now
    if not opted_out and was_answered(session, message):
        return
    may_call = not opted_out and message.state != OutboxState.UNKNOWN
    if never_arrived(session, message, now, may_call=may_call):
        return
    lost = (
        "The patient could not be called"
        if message.channel == Channel.VOICE
        else "A text could not be delivered"
    )
    what = "A check-in never reached the patient" if asks(message) else lost
    escalate(
        session,
        deps,
        patient=patient,
        message=None,
        disposition=Disposition.CALLBACK,
        reason=f"{what}: {sentence}",
        now=now,
    )


def _climb_on(
    session: Session, deps: Deps, message: OutboxMessage, sentence: str, *, opted_out: bool, now: datetime
) -> None:
    member = session.get_one(Staff, message.staff_id)
    if opted_out and member.sms_refused_at is None:
        member.sms_refused_at = now
    if message.urgency != Urgency.PAGE:
        owner_was_not_told(session, deps, message, member, now)
    if message.escalation_id is None or message.urgency != Urgency.PAGE:
        return
    words = f"The page did not reach {member.name}: {sentence}"
    escalations.record_event(session, message.escalation_id, "page_failed", words, now, staff_id=member.id)
    page_was_lost(session, message, now)
