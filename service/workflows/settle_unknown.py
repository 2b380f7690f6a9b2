"""A send whose outcome nobody knows is looked up in Twilio's own log: adopted if it is there, sent again if it is not."""

from __future__ import annotations

from datetime import datetime, timedelta

from service import logs
from service.carrier.gateway import LoggedText, UnableToAsk
from service.store import outbox
from service.store.outbox import OutboxMessage, OutboxState
from service.workflows.deps import Deps
from service.workflows.fate import settle_status

_log = logs.get(__name__)

# Our clock and Twilio's may differ a little; a text just created can be missing from the log for some seconds.
_SKEW = timedelta(minutes=2)
_ASK_AGAIN = timedelta(seconds=30)


def settle_next(deps: Deps) -> bool:
    """Settle the oldest send of unknown outcome whose lease is over; return whether there was one."""
    now = deps.now()
    with deps.store.transaction() as session:
        message = outbox.claim_abandoned(session, now)
        if message is None:
            return False
        # The claim outlives this transaction as a lease, so that no transaction is open while Twilio is asked.
        message.state, message.lease_until = OutboxState.UNKNOWN, now + _ASK_AGAIN
        message_id, recipient, body = message.id, message.recipient, message.body
        attempted_at = message.attempted_at or message.created_at
    try:
        found = _in_the_log(deps, recipient, body, attempted_at)
    except UnableToAsk as error:
        _log.warning("outbox.unknown", outbox_id=message_id, remedy=str(error))
        return True
    with deps.store.transaction() as session:
        message = session.get_one(OutboxMessage, message_id, with_for_update=True)
        if message.state != OutboxState.UNKNOWN:
            return True
        # The same words may have gone out before, for another purpose: what is adopted must be nobody's yet.
        unclaimed = [text for text in found if outbox.by_sid(session, text.sid) is None]
        if unclaimed:
            text = unclaimed[0]
            settle_status(
                session, deps, message, sid=text.sid, status=text.status, code=text.error_code, now=now
            )
            _log.info("outbox.adopted", outbox_id=message_id, sid=text.sid)
        else:
            message.state, message.lease_until, message.try_at = OutboxState.QUEUED, None, now
            _log.info("outbox.not_there", outbox_id=message_id)
    return True


def _in_the_log(deps: Deps, recipient: str, body: str, attempted_at: datetime) -> list[LoggedText]:
    """Return what Twilio's log holds of this text, oldest first."""
    texts = deps.carrier.texts_to(recipient, attempted_at - _SKEW)
    same = [text for text in texts if text.body == body and text.direction != "inbound"]
    return sorted(same, key=lambda text: text.created_at)
