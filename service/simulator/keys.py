"""Who may use the account: its auth tokens, which can be rotated, and its API keys."""

from __future__ import annotations

import hmac
import threading


class Keys:
    """The account's credentials; the primary token signs webhooks until the secondary is promoted."""

    def __init__(self, account_sid: str, token: str, api_keys: tuple[tuple[str, str], ...] = ()) -> None:
        self._lock = threading.Lock()
        self._account_sid = account_sid
        self._primary = token
        self._secondary: str | None = None
        self._api_keys = dict(api_keys)

    @property
    def primary(self) -> str:
        """Return the token that signs."""
        with self._lock:
            return self._primary

    def admit(self, user: str, secret: str) -> bool:
        """Return whether Basic auth with this pair opens the account."""
        with self._lock:
            if user == self._account_sid:
                valid = [self._primary, *([self._secondary] if self._secondary else [])]
            else:
                valid = [self._api_keys[user]] if user in self._api_keys else []
        return any(hmac.compare_digest(secret.encode(), token.encode()) for token in valid)

    def make_secondary(self, token: str) -> None:
        """Let a second token in beside the first."""
        with self._lock:
            self._secondary = token

    def drop_secondary(self) -> bool:
        """Take the second token away; return whether there was one."""
        with self._lock:
            had, self._secondary = self._secondary is not None, None
            return had

    def promote(self) -> str | None:
        """Make the second token the first, which ends the first; return it, or None where there is none."""
        with self._lock:
            if self._secondary is None:
                return None
            self._primary, self._secondary = self._secondary, None
            return self._primary
