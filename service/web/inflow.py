"""Replies come in: stored before Twilio has its answer, and then read, answered and escalated beside the requests."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

from service import logs
from service.carrier.inbound import InboundText
from service.store.database import INTERRUPTED
from service.web.threads import Beside, Together
from service.workflows.deliver_outbox import deliver_next
from service.workflows.deps import Deps
from service.workflows.read_inbox import read_together
from service.workflows.receive import store_texts

_log = logs.get(__name__)

# What one reply leads to is two or three messages; a backlog is the clock's work.
_MOST_DELIVERIES: Final = 10
# A Twilio that is slow must not hold the thread that the next answer leaves by.
_LONGEST_DELIVERY_SECONDS: Final = 1.0


# Nobody notices it, and replies that come as close together as this are read together.
_LINGER_SECONDS: Final = 0.1


class Inflow:
    """Where replies come in: each is stored before this returns, and what follows from it is left to `follow_up`."""

    def __init__(self, deps: Deps, follow_up: Callable[[], None]) -> None:
        self._store: Together[InboundText] = Together(
            lambda texts: store_texts(deps, texts), nobodys=INTERRUPTED
        )
        self._follow_up = follow_up

    def take(self, text: InboundText) -> None:
        """Store a text, together with others that come at the same time; raise where it could not be stored."""
        self._store(text)
        self._follow_up()


def follow_up_at_once(deps: Deps) -> Callable[[], None]:
    """Return what reads and delivers before it returns: where one thread is all there is, as in a test."""

    def work() -> None:
        read_what_waits(deps, lambda: deliver_what_follows(deps))

    return work


def follow_up_beside(deps: Deps) -> Callable[[], None]:
    """Return what lets replies be read by one thread, many together where many have come, and delivers by another."""
    deliver = Beside("deliver", lambda: deliver_what_follows(deps))
    return Beside("read", lambda: read_what_waits(deps, deliver), linger=_LINGER_SECONDS)


def read_what_waits(deps: Deps, deliver: Callable[[], None]) -> None:
    """Read every reply that waits; each is stored, and what fails here the clock does again."""
    try:
        while read_together(deps):
            deliver()
    except Exception as error:  # noqa: BLE001 -- the replies are stored, and the clock reads them again
        _log.error("webhook.not_read", exc_info=error, remedy="The clock reads them again.")
        deliver()


def deliver_what_follows(deps: Deps) -> None:
    """Let what has just been decided leave at once, as long as that takes no time from what is decided next."""
    patience = time.monotonic() + _LONGEST_DELIVERY_SECONDS
    try:
        for _ in range(_MOST_DELIVERIES):
            if time.monotonic() > patience or not deliver_next(deps):
                return
    except Exception as error:  # noqa: BLE001 -- the replies are read, and the clock delivers the rest
        _log.error("webhook.not_delivered", exc_info=error, remedy="The clock delivers it.")
