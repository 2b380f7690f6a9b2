"""The keys of the encrypted columns: sealing, opening, and the keyed hash by which a phone number is looked up."""

from __future__ import annotations

import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class UnableToOpen(Exception):
    """A sealed column was written with a key that is gone from ENCRYPTION_KEYS; put it back, after the new one."""


class Keyring:
    """Seals with the newest key, opens with any of them, and hashes for look-up with a key of its own."""

    def __init__(self, encryption_keys: str, lookup_key: str) -> None:
        self._sealer = MultiFernet([Fernet(key.strip()) for key in encryption_keys.split(",") if key.strip()])
        self._lookup_key = lookup_key.encode()

    def seal(self, text: str) -> bytes:
        """Return the text encrypted; two seals of one text differ. A lone surrogate is kept as sent."""
        return self._sealer.encrypt(text.encode("utf-8", "surrogatepass"))

    def unseal(self, sealed: bytes) -> str:
        """Return the text.

        Raises:
            UnableToOpen: where none of the keys fits.
        """
        try:
            return self._sealer.decrypt(bytes(sealed)).decode("utf-8", "surrogatepass")
        except InvalidToken:
            raise UnableToOpen(UnableToOpen.__doc__) from None

    def lookup(self, value: str) -> str:
        """Return the keyed hash under which a value, such as a number in E.164, is found without being readable."""
        return hmac.new(self._lookup_key, value.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
