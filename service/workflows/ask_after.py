"""What Twilio accepted and nobody has told the end of is asked after: a status callback comes once, or never."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from service import logs
from service.carrier.gateway import UnableToAsk
from service.store import outbox, ways_out
from service.store.outbox import OutboxMessage
from service.workflows.deps import Deps
from service.workflows.fate import settle_status

_log = logs.get(__name__)

_ASK_AGAIN: Final = timedelta(hours=6)
_SOON: Final = timedelta(minutes=5)
# Some carriers never tell; Twilio itself gives a text up within ten hours.
_LONGEST: Final = timedelta(days=2)


def ask_after_next(deps: Deps) -> bool:
    """Ask Twilio for one message that has been on its way for hours; return whether to go on with the next.

    A Twilio that can't be asked ends the turn: the others would wait for as long.
    """
    now = deps.now()
    with deps.store.transaction() as session:
        message = outbox.claim_unsettled(session, now)
        if message is None:
            return False
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


def _ask_soon(deps: Deps, message_id: int) -> None:
    with deps.store.transaction() as session:
        message = session.get_one(OutboxMessage, message_id, with_for_update=True)
        if message.look_at is not None:
            message.look_at = min(message.look_at, deps.now() + _SOON)
