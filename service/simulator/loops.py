"""Twilio's guard against two machines that answer each other: too many quick replies are stopped."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

_MOST_REPLIES = 30
_QUICK = timedelta(seconds=30)


class LoopGuard:
    """Counts the replies between two numbers that follow each other within half a minute."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._streaks: dict[tuple[str, str], tuple[int, datetime]] = {}

    def allows(self, sender: str, to: str, now: datetime) -> bool:
        """Return whether one more reply may go; a refused one does not prolong the ban."""
        with self._lock:
            count, last = self._streaks.get((sender, to), (0, now))
            count = count + 1 if now - last < _QUICK else 1
            if count > _MOST_REPLIES:
                return False
            self._streaks[sender, to] = (count, now)
            return True
