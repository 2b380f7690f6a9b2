"""What Twilio accepted and nobody has told the end of is asked after: a status callback comes once, or never."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from service import logs
from service.carrier.gateway import UnableToAsk
from service.store import outbox, ways_out
from service.store.database import Session
from service.store.outbox import OutboxMessage
from service.workflows.deps import Deps
from service.workflows.fate import settle_status
from service.workflows.stepping_aside import Turn, set_before_a_person, stepping_aside

_log = logs.get(__name__)

_ASK_AGAIN: Final = timedelta(hours=6)
_SOON: Final = timedelta(minutes=5)
# Some carriers never tell; Twilio itself gives a text up within ten hours.
_LONGEST: Final = timedelta(days=2)


def ask_after_next(deps: Deps) -> bool:
    """Ask Twilio for one message that has been on its way for hours; return whether to go on with the next.

    A Twilio that can't be asked ends the turn: the others would wait for as long.
    """
    with stepping_aside(deps, _not_noted) as turn:
        if not _ask_after(deps, turn, deps.now()):
            return False
    return True


def _ask_after(deps: Deps, turn: Turn, now: datetime) -> bool:
    with deps.store.transaction() as session:
        message = outbox.claim_unsettled(session, now)
        if message is None:
            return False
        turn.row_id = message.id
        accepted_at = message.attempted_at or message.created_at
        is_probe = any(way.channel == message.channel for way in ways_out.stopped(session))
        again = now + (ways_out.PROBE_EVERY if is_probe else _ASK_AGAIN)
        # Also the claim: no other process asks meanwhile.
        message.look_at = again if now - accepted_at < _LONGEST else None
        message_id, sid = message.id, message.sid
    return sid is None or _ask(deps, message_id, sid)


def _ask(deps: Deps, message_id: int, sid: str) -> bool:
    try:
        text = deps.carrier.text_named(sid)
    except UnableToAsk as error:
        _log.warning("outbox.not_asked_after", outbox_id=message_id, remedy=str(error))
        _ask_soon(deps, message_id)
        return False
    with deps.store.transaction() as session:
        message = session.get_one(OutboxMessage, message_id, with_for_update=True)
        settle_status(
            session, deps, message, sid=sid, status=text.status, code=text.error_code, now=deps.now()
        )
    return True


def _not_noted(session: Session, deps: Deps, message_id: int, now: datetime) -> None:
    """A page moves on by its own deadline; of a patient's text a person finds out what became of it."""
    message = session.get_one(OutboxMessage, message_id)
    message.look_at = now + _ASK_AGAIN
    if message.patient_id is not None:
        reason = "It could not be noted what became of a text; ask the patient, and tell ops."
        set_before_a_person(session, deps, message.patient_id, reason, now)


def _ask_soon(deps: Deps, message_id: int) -> None:
    with deps.store.transaction() as session:
        message = session.get_one(OutboxMessage, message_id, with_for_update=True)
        if message.look_at is not None:
            message.look_at = min(message.look_at, deps.now() + _SOON)
