"""A send whose outcome nobody knows is looked up in Twilio's own log: adopted if it is there, sent again if it is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from service import logs
from service.carrier.gateway import LoggedCall, LoggedText, UnableToAsk
from service.core.words import Channel
from service.store import outbox
from service.store.database import Session
from service.store.outbox import OutboxMessage, OutboxState
from service.workflows.calls.promising import note_placed
from service.workflows.claim_outbox import pause_before
from service.workflows.deps import Deps
from service.workflows.fate import settle_status, tell_staff
from service.workflows.stepping_aside import PAUSE, Turn, set_before_a_person, stepping_aside

_log = logs.get(__name__)

# Our clock and Twilio's may differ a little; a text just created can be missing from the log for some seconds.
_SKEW = timedelta(minutes=2)
_ASK_AGAIN = timedelta(seconds=30)
# A Twilio that can't say for so long leaves somebody without an answer: staff are told, once.
_GIVEN_UP_AFTER = timedelta(hours=1)
_SENDER_DIED = "Whoever was sending it ended before Twilio had answered."
_NOBODY_KNOWS = "Twilio has not been able to say for an hour whether it was sent."
_NEVER_SENT = "It was never sent. Staff had been told by the time that Twilio said so."


def settle_next(deps: Deps) -> bool:
    """Settle the oldest send of unknown outcome whose lease is over; return whether to go on with the next.

    A Twilio that can't be asked ends the turn: the others would wait for as long.
    """
    with stepping_aside(deps, _not_found_out) as turn:
        if not _look_up(deps, turn, deps.now()):
            return False
    return True


def _look_up(deps: Deps, turn: Turn, now: datetime) -> bool:
    with deps.store.transaction() as session:
        message = outbox.claim_abandoned(session, now)
        if message is None:
            return False
        turn.row_id = message.id
        # The claim outlives this transaction as a lease, so that no transaction is open while Twilio is asked.
        if message.state == OutboxState.SENDING:
            message.remark = _SENDER_DIED
        message.state, message.lease_until = OutboxState.UNKNOWN, now + _ASK_AGAIN
        message_id, asked = message.id, _Asked.of(message)
    try:
        found = _in_the_log(deps, asked)
    except UnableToAsk as error:
        _log.warning("outbox.unknown", outbox_id=message_id, remedy=str(error))
        _hand_over(deps, message_id, now)
        return False
    with deps.store.transaction() as session:
        message = session.get_one(OutboxMessage, message_id, with_for_update=True)
        if message.state == OutboxState.UNKNOWN:
            _settle(session, deps, message, found, now)
    return True


def _settle(
    session: Session,
    deps: Deps,
    message: OutboxMessage,
    found: list[LoggedText] | list[LoggedCall],
    now: datetime,
) -> None:
    # The same words may have gone out before, for another purpose: what is adopted must be nobody's yet.
    unclaimed = [logged for logged in found if outbox.by_sid(session, logged.sid) is None]
    if unclaimed:
        _adopt(session, deps, message, unclaimed[0], now)
        _log.info("outbox.adopted", outbox_id=message.id, sid=unclaimed[0].sid)
    elif message.settled_at is not None:
        message.state, message.remark = OutboxState.FAILED, _NEVER_SENT
    else:
        again = now + pause_before(message.attempts, message.id)
        message.state, message.lease_until, message.try_at = OutboxState.QUEUED, None, again
        _log.info("outbox.not_there", outbox_id=message.id)


def _hand_over(deps: Deps, message_id: int, now: datetime) -> None:
    """Bring a message whose fate Twilio has not told for long before a person, once; it is looked up all the same."""
    with deps.store.transaction() as session:
        message = session.get_one(OutboxMessage, message_id, with_for_update=True)
        is_long_ago = now - (message.attempted_at or message.created_at) >= _GIVEN_UP_AFTER
        if message.state != OutboxState.UNKNOWN or message.settled_at is not None or not is_long_ago:
            return
        message.settled_at, message.remark = now, _NOBODY_KNOWS
        tell_staff(session, deps, message, _NOBODY_KNOWS, opted_out=False, now=now)


def _not_found_out(session: Session, deps: Deps, message_id: int, now: datetime) -> None:
    message = session.get_one(OutboxMessage, message_id)
    message.lease_until = now + PAUSE
    if message.patient_id is not None:
        reason = "It could not be found out whether a text was sent; ask the patient, and tell ops."
        set_before_a_person(session, deps, message.patient_id, reason, now)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is looked for in the log: the number, the words of a text, and when the attempt was made."""

    is_call: bool
    recipient: str
    body: str
    attempted_at: datetime

    @classmethod
    def of(cls, message: OutboxMessage) -> _Asked:
        at = message.attempted_at or message.created_at
        return cls(message.channel == Channel.VOICE, message.recipient, message.body, at)


def _in_the_log(deps: Deps, asked: _Asked) -> list[LoggedText] | list[LoggedCall]:
    """Return what Twilio's log holds of this text or call: the oldest text first, or the call nearest to the attempt."""
    since = asked.attempted_at - _SKEW
    if asked.is_call:
        rung = (call for call in deps.carrier.calls_to(asked.recipient, since) if call.direction != "inbound")
        return sorted(rung, key=lambda call: abs(call.created_at - asked.attempted_at))
    texts = deps.carrier.texts_to(asked.recipient, since)
    same = [text for text in texts if text.body == asked.body and text.direction != "inbound"]
    return sorted(same, key=lambda text: text.created_at)


def _adopt(
    session: Session, deps: Deps, message: OutboxMessage, logged: LoggedText | LoggedCall, now: datetime
) -> None:
    if isinstance(logged, LoggedText):
        settle_status(
            session, deps, message, sid=logged.sid, status=logged.status, code=logged.error_code, now=now
        )
        return
    message.state, message.sid, message.lease_until = OutboxState.ACCEPTED, logged.sid, None
    message.remark = None
    note_placed(session, message.reference, logged.sid, now)
