"""How fast messages move: the delay between statuses, a sender's rate with its queue, and speech."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

# Twilio queues at most ten hours of a sender's traffic.
LONGEST_QUEUE = timedelta(hours=10)


class Pace:
    """Hands out a sender's turns; without a rate there is no queue."""

    def __init__(self, delay: float, speaking: float = 0.0) -> None:
        self._lock = threading.Lock()
        self._free: dict[str, datetime] = {}
        self.delay = delay
        self.speaking = speaking
        self.rate: float | None = None

    def backlog(self, sender: str, now: datetime) -> timedelta:
        """Return how long a message that comes now would wait for its turn."""
        with self._lock:
            return max(self._free.get(sender, now) - now, timedelta(0))

    def take_turn(self, sender: str, segments: int, now: datetime) -> timedelta:
        """Queue a message of so many segments and return how long it waits."""
        with self._lock:
            if self.rate is None:
                return timedelta(0)
            turn = max(self._free.get(sender, now), now)
            self._free[sender] = turn + timedelta(seconds=segments / self.rate)
            return turn - now
