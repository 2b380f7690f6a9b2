"""Signed webhooks arrived: store the texts raw, in a commit of their own; understanding comes later."""

from __future__ import annotations

from collections.abc import Sequence

from service import logs
from service.carrier.inbound import InboundText
from service.store import inbox
from service.workflows.deps import Deps

_log = logs.get(__name__)


def store_texts(deps: Deps, texts: Sequence[InboundText]) -> int:
    """Store the texts, all of them or none; return how many are new, and no repetition of a MessageSid."""
    now = deps.now()
    with deps.store.transaction() as session:
        raw = [
            inbox.raw_message(
                session, sid=text.sid, sender=text.sender, body=text.body, form=text.form, received_at=now
            )
            for text in texts
        ]
        new = inbox.store_messages(session, raw)
    _log.info("inbox.stored", sids=[text.sid for text in texts], new=new)
    return new
