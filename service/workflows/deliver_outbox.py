"""The outbox is delivered: claim and commit, call the carrier with no transaction open, settle and commit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from service import logs
from service.carrier.gateway import Accepted, Outcome, OutgoingCall, OutgoingText, Refused
from service.carrier.outcome import Refusal
from service.core.words import Channel, Urgency
from service.store import outbox, ways_out
from service.store.check_ins import CheckIn, CheckInState
from service.store.database import Session
from service.store.escalations import Escalation, EscalationState
from service.store.outbox import OutboxMessage, OutboxState
from service.store.patients import Patient
from service.workflows.calls.promising import note_placed
from service.workflows.deps import Deps
from service.workflows.fate import first_look, goes_on, stand_still, tell_staff
from service.workflows.never_asked import never_asked

_log = logs.get(__name__)

Claim = Callable[[Session, datetime], OutboxMessage | None]

# A sender that has said nothing for this long is dead: Twilio's call itself times out far sooner.
LEASE = timedelta(minutes=2)
_LONGEST_PAUSE = timedelta(minutes=10)
# A call waits while another rings at its phone, which would be busy by our own doing, or may ring; but no longer than
# two that far apart can be mistaken for each other, and a page is heard and answered. So do the same words by text.
_BETWEEN_TWO = timedelta(seconds=5)
_BLOCKS_THE_PHONE = timedelta(minutes=1)
# A page or a safety line that Twilio can't deliver within this time is better sent anew by the ladder.
_WORTH = {Urgency.SAFETY: timedelta(hours=1), Urgency.PAGE: timedelta(minutes=30)}
_WORTH_ELSE = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class _Claimed:
    """A message claimed from the outbox; `outgoing` is None where it was cancelled instead of sent."""

    message_id: int
    outgoing: OutgoingText | OutgoingCall | None


def deliver_next(deps: Deps, claim: Claim | None = None) -> bool:
    """Deliver the most urgent message that waits, or of those that `claim` picks; return whether there was one.

    The attempt is on record before the call, the outcome after it; a crash between the two is found by its lease.
    """
    claimed = _claim(deps, claim)
    if claimed is None:
        return False
    if claimed.outgoing is not None:
        _settle(deps, claimed.message_id, _attempt(deps, claimed.outgoing))
    return True


def _attempt(deps: Deps, outgoing: OutgoingText | OutgoingCall) -> Outcome:
    if isinstance(outgoing, OutgoingCall):
        return deps.carrier.place_call(outgoing)
    return deps.carrier.send_text(outgoing)


def _claim(deps: Deps, claim: Claim | None) -> _Claimed | None:
    now = deps.now()
    with deps.store.transaction() as session:
        ahead = deps.pace.ahead if deps.pace else None
        message = claim(session, now) if claim else outbox.claim_waiting(session, now, ahead)
        if message is None:
            return None
        if not _may_leave(session, message, now):
            return _Claimed(message.id, None)
        if _waits_for_another(session, message, now):
            message.try_at = now + _BETWEEN_TWO
            return _Claimed(message.id, None)
        if not _has_its_turn(session, deps, message, now):
            return None
        message.state, message.attempted_at, message.lease_until = OutboxState.SENDING, now, now + LEASE
        message.attempts += 1
        return _Claimed(message.id, _outgoing(message, now))


def _outgoing(message: OutboxMessage, now: datetime) -> OutgoingText | OutgoingCall:
    if message.channel == Channel.VOICE:
        return OutgoingCall(message.recipient, message.reference)
    usual = _WORTH.get(Urgency(message.urgency), _WORTH_ELSE)
    worth = message.not_after - now if message.not_after else usual
    return OutgoingText(message.recipient, message.body, message.reference, worth)


def _waits_for_another(session: Session, message: OutboxMessage, now: datetime) -> bool:
    """Return whether a call to the same phone, or the same words, were attempted just now, and may not be over.

    Twilio's log tells two calls to one phone, or two texts of the same words, apart by their time alone: sent at once,
    one could be taken for the other, and the other be sent again.
    """
    if message.channel == Channel.VOICE:
        ways_out.hold(session, Channel.VOICE)
        return outbox.is_call_under_way(session, message, now - _BLOCKS_THE_PHONE)
    if not outbox.same_words(session, message, OutboxState.QUEUED, OutboxState.SENDING, OutboxState.UNKNOWN):
        return False
    ways_out.hold(session, message.channel)
    open_ones = outbox.same_words(session, message, OutboxState.SENDING, OutboxState.UNKNOWN)
    tried = (other.attempted_at for other in open_ones)
    return any(at is not None and at > now - _BLOCKS_THE_PHONE for at in tried)


def _has_its_turn(session: Session, deps: Deps, message: OutboxMessage, now: datetime) -> bool:
    """Return whether Twilio's queue has room: what is handed over faster than it sends leaves in no order of urgency."""
    pace = deps.pace if message.channel == Channel.SMS else None
    return ways_out.take_turn(
        session,
        message.channel,
        now,
        every=pace.every if pace else None,
        ahead=pace.ahead if pace else timedelta(),
        waits=message.urgency > Urgency.PAGE,
    )


def _may_leave(session: Session, message: OutboxMessage, now: datetime) -> bool:
    """Cancel what is too old, and what its patient no longer wants; what was asked just now is answered (law 5)."""
    why = None
    if message.not_after is not None and now > message.not_after:
        why = "It had become too old to be sent."
        never_asked(session, message, now)
    elif message.patient_id is not None and message.staff_id is None and message.urgency == Urgency.CHECK_IN:
        patient = session.get_one(Patient, message.patient_id)
        if not patient.may_be_contacted:
            why = "The patient may not be texted."
        elif message.channel == Channel.VOICE and not _is_awaited(session, message):
            why = "Nobody waits for its answer any more."
    elif _is_moot(session, message):
        why = "Somebody has it already."
    if why is None:
        return True
    message.state, message.settled_at, message.remark = OutboxState.CANCELLED, now, why
    return False


def _is_awaited(session: Session, message: OutboxMessage) -> bool:
    """Return whether what a call would ask is still open: a text may have answered it while the call waited."""
    row = session.get(CheckIn, message.check_in_id) if message.check_in_id is not None else None
    return row is None or row.state == CheckInState.SENT


def _is_moot(session: Session, message: OutboxMessage) -> bool:
    """Return whether it is a page that came back to be tried again after somebody had taken what it is about."""
    if message.urgency != Urgency.PAGE or message.escalation_id is None:
        return False
    return session.get_one(Escalation, message.escalation_id).state != EscalationState.OPEN


def _settle(deps: Deps, message_id: int, outcome: Outcome) -> None:
    now = deps.now()
    with deps.store.transaction() as session:
        message = session.get_one(OutboxMessage, message_id, with_for_update=True)
        if message.state != OutboxState.SENDING:
            # A status callback was faster than the answer to our own request; it knows more.
            return
        if isinstance(outcome, Accepted):
            message.state, message.sid, message.lease_until = OutboxState.ACCEPTED, outcome.sid, None
            message.look_at = first_look(session, message, now)
            if message.channel == Channel.VOICE:
                note_placed(session, message.reference, outcome.sid, now)
                goes_on(session, message)
        elif isinstance(outcome, Refused):
            _refused(session, deps, message, outcome, now)
        else:
            message.state, message.remark = OutboxState.UNKNOWN, outcome.sentence
            message.lease_until = now + timedelta(seconds=15)
        state, code = message.state, message.error_code
    _log.info("outbox.attempted", outbox_id=message_id, state=str(state), code=code)


def pause_before(attempts: int, message_id: int) -> timedelta:
    """Return how long to wait before the next try: doubling, up to ten minutes.

    A part of it differs from message to message, so that a backlog does not come back all at once.
    """
    pause = min(timedelta(seconds=2.0**attempts), _LONGEST_PAUSE)
    return pause * (0.75 + 0.5 * (message_id * 0.618 % 1))


def _refused(session: Session, deps: Deps, message: OutboxMessage, refused: Refused, now: datetime) -> None:
    message.error_code, message.remark, message.lease_until = refused.code, refused.sentence, None
    if refused.kind is Refusal.PASSING:
        message.state, message.try_at = OutboxState.QUEUED, now + pause_before(message.attempts, message.id)
        return
    if refused.kind is Refusal.CONFIGURATION:
        # Behind the others of its urgency, so that another is tried first: it may be this one's own fault.
        message.state, message.try_at = OutboxState.QUEUED, now + ways_out.PROBE_EVERY
        stand_still(session, message, refused.sentence, now)
        return
    message.state, message.settled_at = OutboxState.FAILED, now
    tell_staff(session, deps, message, refused.sentence, opted_out=refused.kind is Refusal.OPTED_OUT, now=now)
