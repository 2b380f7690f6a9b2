"""Texts and calls that came while our webhook could not answer are found in Twilio's log: it delivers only once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from service import logs
from service.carrier.gateway import LoggedText, UnableToAsk
from service.store import heartbeats, inbox
from service.store.database import INTERRUPTED
from service.workflows.calls.missed import note_missed
from service.workflows.deps import Deps

_log = logs.get(__name__)

TICK = "catch up"
# Each look reaches back over the one before: a text may show in the log late.
_OVERLAP = timedelta(minutes=10)
_FURTHEST = timedelta(days=7)
# A text stands in the log before its words do.
_STILL_COMING_IN = "receiving"
_WORDS_MAY_FOLLOW = timedelta(minutes=1)


def catch_up(deps: Deps, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Store what Twilio received since the last look and we lack; return how many texts and calls that were.

    The next look begins where this one did, where a process was asked to stop between two of them, where Twilio could
    not be asked, or where one could not be stored: the others are, and the watch tells that the work is not finished.
    """
    now = deps.now()
    with deps.store.reading() as session:
        last = heartbeats.beats(session).get(TICK)
    since = max(last - _OVERLAP, now - _FURTHEST) if last else now - _FURTHEST
    taken_in, failed = 0, 0
    try:
        for take_in in _received(deps, since, now):
            if is_stopping():
                return taken_in
            try:
                taken_in += take_in()
            except INTERRUPTED:
                raise
            except Exception as error:  # noqa: BLE001 -- the others are taken in, and this one at the next look
                failed += 1
                _log.error(
                    "catch_up.not_stored", exc_info=error, remedy="It is tried again; see docs/runbook.md."
                )
    except UnableToAsk as error:
        _log.warning("catch_up.failed", remedy=str(error))
        return taken_in
    if taken_in:
        _log.warning("catch_up.took_in", taken_in=taken_in)
    if not failed:
        with deps.store.transaction() as session:
            heartbeats.beat(session, TICK, now)
    return taken_in


def _received(deps: Deps, since: datetime, now: datetime) -> Iterator[Callable[[], bool]]:
    # Twilio's log begins with the newest; what was written first is read first.
    for text in sorted(deps.carrier.texts_received(since), key=lambda text: text.created_at):
        if _is_whole(text, now):
            yield partial(_store_text, deps, text)
    for call in deps.carrier.calls_received(since):
        yield partial(note_missed, deps, call)


def _is_whole(text: LoggedText, now: datetime) -> bool:
    """Return whether all of the text is in the log; stored without its words, it would keep them out for ever."""
    if text.status == _STILL_COMING_IN:
        return False
    return bool(text.body) or now - text.created_at >= _WORDS_MAY_FOLLOW


def _store_text(deps: Deps, text: LoggedText) -> bool:
    with deps.store.transaction() as session:
        raw = inbox.raw_message(
            session,
            sid=text.sid,
            sender=text.sender,
            body=text.body,
            form={"CaughtUp": "true", "MessageSid": text.sid},
            received_at=text.created_at,
        )
        return inbox.store_messages(session, [raw]) > 0
