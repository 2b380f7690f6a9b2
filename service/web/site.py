"""What the web edge is told about where it stands: its address, its secrets, and the demo's doors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class SkipReport:
    """A skip of the demo's clock: the new instant (UTC), how far it went in seconds, and what fell due."""

    now: datetime
    skipped_seconds: float
    what: str


@dataclass(frozen=True, slots=True)
class Site:
    """The deployment as the web edge sees it.

    `public_base_url` is the address that Twilio calls, without a slash at its end; `auth_tokens` are two while
    one is being rotated. `skip_ahead` and `simulator_url` exist in the demo alone.
    """

    secret_key: str
    public_base_url: str
    auth_tokens: tuple[str, ...]
    account_sid: str
    is_demo: bool = False
    skip_ahead: Callable[[], SkipReport] | None = None
    simulator_url: str = ""

    @property
    def is_https(self) -> bool:
        """Return whether a proxy that speaks TLS stands in front of us; gunicorn itself speaks plain HTTP."""
        return self.public_base_url.startswith("https://")
