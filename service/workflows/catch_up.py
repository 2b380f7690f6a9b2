"""Texts and calls that came while our webhook could not answer are found in Twilio's log: it delivers only once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from service import logs
from service.carrier.gateway import UnableToAsk
from service.store import heartbeats, inbox
from service.workflows.calls.missed import note_missed
from service.workflows.deps import Deps

_log = logs.get(__name__)

TICK = "catch up"
# Each look reaches back over the one before: a text may show in the log late.
_OVERLAP = timedelta(minutes=10)
_FURTHEST = timedelta(days=7)


def catch_up(deps: Deps, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Store what Twilio received since the last look and we lack; return how many texts and calls that were.

    A process that is asked to stop leaves off between two of them, and the next look begins where this one did.
    """
    now = deps.now()
    with deps.store.reading() as session:
        last = heartbeats.beats(session).get(TICK)
    since = max(last - _OVERLAP, now - _FURTHEST) if last else now - _FURTHEST
    taken_in = 0
    try:
        # Twilio's log begins with the newest; what was written first is read first.
        for text in sorted(deps.carrier.texts_received(since), key=lambda text: text.created_at):
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
        for call in deps.carrier.calls_received(since):
            if is_stopping():
                return taken_in
            taken_in += note_missed(deps, call)
    except UnableToAsk as error:
        _log.warning("catch_up.failed", remedy=str(error))
        return taken_in
    with deps.store.transaction() as session:
        heartbeats.beat(session, TICK, now)
    if taken_in:
        _log.warning("catch_up.took_in", taken_in=taken_in)
    return taken_in
