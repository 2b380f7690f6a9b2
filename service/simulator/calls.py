"""The log of calls, newest first, and the sessions of those that are under way."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from service.simulator.call import OVER, CallStatus, PhoneCall
from service.simulator.session import Session


class CallLog:
    """All calls of the account with what was said in them, safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        # What the handsets do by themselves when they ring; set where the world is put together.
        self.when_ringing: Callable[[str], object] = lambda sid: None
        self._calls: dict[str, PhoneCall] = {}
        self._sessions: dict[str, Session] = {}

    def add(self, call: PhoneCall, session: Session) -> PhoneCall:
        """Store a new call as the newest and return it."""
        with self._lock:
            self._calls[call.sid] = call
            self._sessions[call.sid] = session
            return call

    def get(self, sid: str) -> PhoneCall | None:
        """Return the call as it is now."""
        with self._lock:
            return self._calls.get(sid)

    def session(self, sid: str) -> Session:
        """Return what is going on in a call that exists."""
        with self._lock:
            return self._sessions[sid]

    def change(
        self, sid: str, only_from: Collection[CallStatus] | None = None, **fields: Any
    ) -> PhoneCall | None:
        """Replace fields of a call; return None where it is in none of the statuses given."""
        with self._lock:
            call = self._calls[sid]
            if only_from is not None and call.status not in only_from:
                return None
            self._calls[sid] = changed = replace(call, **fields)
            return changed

    def restore(self, kept: list[tuple[PhoneCall, Session]]) -> None:
        """Fill an empty log with calls of an earlier run, oldest first."""
        for call, session in kept:
            self.add(call, session)

    def newest_first(self, after: str | None = None) -> list[PhoneCall]:
        """Return the calls, newest first; those older than `after` where it is given."""
        with self._lock:
            sids = list(self._calls)
            end = sids.index(after) if after in self._calls else len(sids)
            return [self._calls[sid] for sid in reversed(sids[:end])]

    def oldest_first(self, after: str | None = None) -> list[PhoneCall]:
        """Return the calls, oldest first; those newer than `after` where it is given."""
        with self._lock:
            sids = list(self._calls)
            start = sids.index(after) + 1 if after in self._calls else 0
            return [self._calls[sid] for sid in sids[start:]]

    def live_at(self, handset: str) -> PhoneCall | None:
        """Return the call that rings or is talked on at a handset."""
        live = [call for call in self.newest_first() if call.handset == handset and call.status not in OVER]
        return next((call for call in live if call.status is not CallStatus.QUEUED), None)
