"""A signed webhook arrived: store the text raw, in a commit of its own; understanding comes later."""

from __future__ import annotations

from collections.abc import Mapping

from service import logs
from service.carrier.inbound import InboundText
from service.store import inbox
from service.workflows.deps import Deps

_log = logs.get(__name__)


def store_text(deps: Deps, text: InboundText, form: Mapping[str, str]) -> int | None:
    """Store the text; return its id, or None where the same MessageSid was stored before."""
    now = deps.now()
    with deps.store.transaction() as session:
        message_id = inbox.store_message(
            session, sid=text.sid, sender=text.sender, body=text.body, form=form, received_at=now
        )
    _log.info("inbox.stored" if message_id else "inbox.repeated", sid=text.sid, message_id=message_id)
    return message_id
