"""Which strings are phone numbers to Twilio, and the magic numbers that always fail."""

from __future__ import annotations

import re
from typing import Final

_E164: Final = re.compile(r"\+[1-9]\d{6,14}")
_NORTH_AMERICAN: Final = re.compile(r"\+1[2-9]\d{2}[2-9]\d{6}")
_PUNCTUATION: Final = str.maketrans("", "", " -().")

MAGIC_TEXT_TO: Final = {
    "+15005550001": 21211,
    "+15005550002": 21612,
    "+15005550003": 21408,
    "+15005550004": 21610,
    "+15005550009": 21614,
}
MAGIC_TEXT_FROM: Final = {"+15005550001": 21212, "+15005550007": 21606, "+15005550008": 21611}
MAGIC_CALL_TO: Final = {
    "+15005550001": 21217,
    "+15005550002": 21214,
    "+15005550003": 21215,
    "+15005550004": 21216,
}
MAGIC_CALL_FROM: Final = {"+15005550001": 21212}


def dialled(text: str) -> str | None:
    """Return the number in E.164, or None where the string is no phone number.

    Ten digits, or eleven that start with 1, are taken as North American, as the API does for a US account.
    """
    digits = text.translate(_PUNCTUATION)
    if re.fullmatch(r"\d{10}", digits):
        digits = f"+1{digits}"
    elif re.fullmatch(r"1\d{10}", digits):
        digits = f"+{digits}"
    if not _E164.fullmatch(digits):
        return None
    return digits if not digits.startswith("+1") or _NORTH_AMERICAN.fullmatch(digits) else None
