"""A check-in whose text never reached the patient was never asked: no silence of the patient's, but ours."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from service import logs
from service.core.words import Channel, Urgency
from service.store import patients
from service.store.check_ins import CheckIn, CheckInState
from service.store.database import Session
from service.store.outbox import OutboxMessage

_log = logs.get(__name__)

# A phone that was off, or a carrier that gave no reason: the reminder two hours later may arrive.
# https://www.twilio.com/docs/api/errors/30003, …/30008
_MAY_PASS: Final = frozenset({30003, 30008})


def asks(message: OutboxMessage) -> bool:
    """Return whether the message is the text or call that asks a check-in; its reminder is not."""
    return message.check_in_id is not None and message.key == f"check-in:{message.check_in_id}"


def was_answered(session: Session, message: OutboxMessage) -> bool:
    """Return whether the message asks for what the patient has answered meanwhile, by another way."""
    if message.check_in_id is None or message.urgency != Urgency.CHECK_IN:
        return False
    return session.get_one(CheckIn, message.check_in_id).state == CheckInState.ANSWERED


def never_asked(session: Session, message: OutboxMessage, now: datetime) -> None:
    """Let the check-in count as missed by us whose text became too old before it could leave."""
    row = _open_check_in(session, message)
    if row is not None:
        _miss(row, "Its window had closed before it could be sent.", now)


def never_arrived(session: Session, message: OutboxMessage, now: datetime, *, may_call: bool) -> bool:
    """Settle the check-in whose text was not delivered; return whether a call takes its place, at once.

    None does where it may not: who has opted out wants no call, and what may have arrived is not asked twice. Without
    a call it is for staff to reach the patient. Where the fault may pass, the reminder still goes out.
    """
    row = _open_check_in(session, message)
    if row is None:
        return False
    if may_call and row.call_at is not None and message.channel == Channel.SMS:
        row.call_at, row.nudge_at = now, None
        _log.info("check_in.called_instead", check_in_id=row.id, patient_id=row.patient_id)
        return True
    if message.error_code not in _MAY_PASS:
        what = "call" if message.channel == Channel.VOICE else "text"
        _miss(row, f"Its {what} never reached the patient.", now)
    return False


def _open_check_in(session: Session, message: OutboxMessage) -> CheckIn | None:
    if not asks(message):
        return None
    if message.patient_id is not None:
        patients.hold(session, message.patient_id)
    row = session.get_one(CheckIn, message.check_in_id, with_for_update=True)
    return row if row.state == CheckInState.SENT else None


def _miss(row: CheckIn, why: str, now: datetime) -> None:
    row.state, row.settled_at, row.why = CheckInState.MISSED, now, why
    row.nudge_at = row.call_at = None
    _log.warning("check_in.never_asked", check_in_id=row.id, patient_id=row.patient_id, why=why)
