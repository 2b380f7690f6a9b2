"""The cookies that Twilio keeps for each pair of numbers, so that texts can have a session."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from http.cookies import CookieError, SimpleCookie

# Twilio forgets them after four hours without a message between the two.
_IDLE = timedelta(hours=4)

Pair = tuple[str, str]


class Cookies:
    """One jar for each pair of numbers."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jars: dict[Pair, tuple[dict[str, str], datetime]] = {}

    def header(self, pair: Pair | None, now: datetime) -> dict[str, str]:
        """Return the `Cookie` header for this pair, or nothing."""
        if pair is None:
            return {}
        with self._lock:
            jar, used = self._jars.get(pair, ({}, now))
        if not jar or now - used > _IDLE:
            return {}
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}

    def keep(self, pair: Pair | None, lines: tuple[str, ...], now: datetime) -> None:
        """Take in the `Set-Cookie` lines of an answer; a line that is no cookie is left out."""
        if pair is None or not lines:
            return
        with self._lock:
            jar, used = self._jars.get(pair, ({}, now))
            kept = {} if now - used > _IDLE else dict(jar)
            for line in lines:
                kept.update(_read(line))
            self._jars[pair] = (kept, now)


def _read(line: str) -> dict[str, str]:
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(line).items()}
    except CookieError:
        return {}
