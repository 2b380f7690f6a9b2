"""The watchdog's thread: every web process looks at the clock's heartbeat every few seconds, and says when it stops."""

from __future__ import annotations

import threading
from datetime import datetime
from typing import Final

from service import logs
from service.workflows.deps import Deps
from service.workflows.watchdog import look

_log = logs.get(__name__)

_LOOKS_EVERY_SECONDS: Final = 20.0


def start_watchdog(
    deps: Deps, *, every_seconds: float = _LOOKS_EVERY_SECONDS, stopping: threading.Event | None = None
) -> threading.Thread:
    """Start looking, in a thread that ends with its process; gunicorn's workers each start one as they load the app."""
    until = stopping or threading.Event()
    thread = threading.Thread(target=_watch, args=(deps, every_seconds, until), name="watchdog", daemon=True)
    thread.start()
    return thread


def _watch(deps: Deps, every_seconds: float, stopping: threading.Event) -> None:
    seen: datetime | None = None
    while not stopping.wait(every_seconds):
        try:
            seen = look(deps, seen)
        except Exception as error:  # noqa: BLE001 -- a watchdog that a lost database kills would be gone when it is needed
            _log.error("watchdog.failed", exc_info=error, remedy="It looks again; check the database.")
