"""Faults that are planted in the service's processes, to see that the harness finds them; the product has no such switch."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from chaos_traces import Trace
from sqlalchemy import insert

from service import clock
from service.carrier.inbound import InboundText
from service.store import inbox, outbox
from service.store.base import Base
from service.store.database import Session
from service.web import inflow
from service.workflows import settle_unknown
from service.workflows.deps import Deps
from service.workflows.receive import store_texts

# Between the answer to Twilio and the commit: long enough that a killed web is sure to be caught in it.
_LATE_SECONDS = 2.0


class Plant(StrEnum):
    """What can be planted. Catch-up makes up for an early answer and repeats without a key, so it goes with both."""

    NO_CATCH_UP = "no_catch_up"
    ACK_BEFORE_COMMIT = "ack_before_commit"
    NO_LOOK_UP = "no_look_up"
    NO_INBOX_KEY = "no_inbox_key"
    NO_OUTBOX_KEY = "no_outbox_key"
    NO_CLIMBING = "no_climbing"


# What each planted fault is found by.
FOUND_BY: Mapping[Plant, Trace] = {
    Plant.NO_CATCH_UP: Trace.NEVER_STORED,
    Plant.ACK_BEFORE_COMMIT: Trace.ANSWERED_AND_LOST,
    Plant.NO_LOOK_UP: Trace.LEFT_TWICE,
    Plant.NO_INBOX_KEY: Trace.TAKEN_IN_TWICE,
    Plant.NO_OUTBOX_KEY: Trace.PROMISED_TWICE,
    Plant.NO_CLIMBING: Trace.TAKEN_BY_NOBODY,
}
# What a plant takes out of the database itself.
STATEMENTS: Mapping[Plant, str] = {
    Plant.NO_INBOX_KEY: "ALTER TABLE inbox DROP CONSTRAINT uq_inbox_sid",
    Plant.NO_OUTBOX_KEY: "ALTER TABLE outbox DROP CONSTRAINT uq_outbox_key",
}


def plant(names: str) -> None:
    """Put the faults of these names, with commas between them, into this process; none where it is empty."""
    for name in filter(None, names.split(",")):
        _PLANTS[Plant(name)]()


def _no_catch_up() -> None:
    vars(clock)["catch_up"] = lambda deps: 0


def _ack_before_commit() -> None:
    _no_catch_up()
    vars(inflow)["store_texts"] = _store_later


def _store_later(deps: Deps, texts: Sequence[InboundText]) -> None:
    def store() -> None:
        time.sleep(_LATE_SECONDS)
        store_texts(deps, texts)

    threading.Thread(target=store, daemon=True).start()


def _no_look_up() -> None:
    vars(settle_unknown)["_in_the_log"] = lambda deps, asked: []


def _no_inbox_key() -> None:
    _no_catch_up()
    vars(inbox)["insert_all_unless_there"] = _blind_inserts


def _no_outbox_key() -> None:
    vars(outbox)["insert_unless_there"] = _blind_insert


def _no_climbing() -> None:
    vars(clock)["ROW_TICKS"] = {**clock.ROW_TICKS, "climb escalations": lambda deps: False}


def _blind_inserts(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]], *_: str) -> int:
    for row in rows:
        _blind_insert(session, table, row)
    return len(rows)


def _blind_insert(session: Session, table: type[Base], row: Mapping[str, Any], *_: str) -> object:
    """Insert without asking whether the key is there."""
    return session.execute(insert(table).returning(table.__table__.c.id), row).scalar_one()


_PLANTS: Mapping[Plant, Callable[[], None]] = {
    Plant.NO_CATCH_UP: _no_catch_up,
    Plant.ACK_BEFORE_COMMIT: _ack_before_commit,
    Plant.NO_LOOK_UP: _no_look_up,
    Plant.NO_INBOX_KEY: _no_inbox_key,
    Plant.NO_OUTBOX_KEY: _no_outbox_key,
    Plant.NO_CLIMBING: _no_climbing,
}
