"""A record of every webhook that was tried, by the message or call it was about, for the ledger."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try: the address, and its outcome: a status such as `200`, or `ct`, `rt`, `partial`, `dropped`."""

    url: str
    outcome: str


class Attempts:
    """All tries, safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_subject: dict[str, list[Attempt]] = defaultdict(list)

    def add(self, subject: str, url: str, outcome: str) -> None:
        """Record one try."""
        with self._lock:
            self._by_subject[subject].append(Attempt(url, outcome))

    def about(self, subject: str) -> tuple[Attempt, ...]:
        """Return the tries for one message or call, oldest first."""
        with self._lock:
            return tuple(self._by_subject.get(subject, ()))
