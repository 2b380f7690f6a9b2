"""What the simulator is told when it starts: the account, its numbers, and where the service answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the simulator knows of the world before the first message.

    `service_url` is the service's public address without a path. `sms_url` and `voice_url` are what the
    account's numbers are configured with (fragments such as `#rc=3&rp=all` included); empty means the
    service's default webhooks. `zone` is the IANA zone that the page shows times in. `delay` is how long a
    message stays in each status, in seconds;
    `speaking` is how long a spoken character takes. `api_keys` are pairs of `SK…` and its secret.
    """

    service_url: str
    account_sid: str
    auth_token: str = field(repr=False)
    numbers: tuple[str, ...]
    zone: str = "America/New_York"
    sms_url: str = ""
    voice_url: str = ""
    fallback_url: str = ""
    service_sid: str = ""
    clock_file: Path | None = None
    state_file: Path | None = None
    delay: float = 0.3
    speaking: float = 0.06
    own_url: str = "http://127.0.0.1:5001"
    api_keys: tuple[tuple[str, str], ...] = field(default=(), repr=False)

    @property
    def text_webhook(self) -> str:
        """Return the address that is called for each text that reaches one of the account's numbers."""
        return self.sms_url or f"{self.service_url}/twilio/text"

    @property
    def voice_webhook(self) -> str:
        """Return the address that is called for each call that reaches one of the account's numbers."""
        return self.voice_url or f"{self.service_url}/twilio/voice"
