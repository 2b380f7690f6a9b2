"""What Twilio took in while our webhook could not answer is fetched from its log: Twilio itself delivers only once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from service import logs
from service.carrier.gateway import UnableToAsk
from service.store import heartbeats, inbox
from service.workflows.deps import Deps

_log = logs.get(__name__)

TICK = "catch up"
# Each look reaches back over the one before: a text may show in the log late.
_OVERLAP = timedelta(minutes=10)
_FURTHEST = timedelta(days=7)


def catch_up(deps: Deps, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Store what Twilio received since the last look and the inbox lacks; return how many texts that were.

    A process that is asked to stop leaves off between two texts, and the next look begins where this one did.
    """
    now = deps.now()
    with deps.store.reading() as session:
        last = heartbeats.beats(session).get(TICK)
    since = max(last - _OVERLAP, now - _FURTHEST) if last else now - _FURTHEST
    taken_in = 0
    try:
        for text in deps.carrier.texts_received(since):
            if is_stopping():
                return taken_in
            with deps.store.transaction() as session:
                stored = inbox.store_message(
                    session,
                    sid=text.sid,
                    sender=text.sender,
                    body=text.body,
                    form={"CaughtUp": "true", "MessageSid": text.sid},
                    received_at=text.created_at,
                )
            taken_in += stored is not None
    except UnableToAsk as error:
        _log.warning("catch_up.failed", remedy=str(error))
        return taken_in
    with deps.store.transaction() as session:
        heartbeats.beat(session, TICK, now)
    if taken_in:
        _log.warning("catch_up.took_in", texts=taken_in)
    return taken_in
