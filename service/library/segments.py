"""How many parts a text is sent in: GSM-7 where every character has a place in it, UCS-2 otherwise.

Source: 3GPP TS 23.038 (the alphabet and its extension table); 160 or 70 characters in one part, 153 or 67
in each of several, because each part then carries a header.
"""

from __future__ import annotations

from enum import StrEnum
from math import ceil
from typing import Final, NamedTuple

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")


class Encoding(StrEnum):
    """The two alphabets of a text message."""

    GSM7 = "GSM-7"
    UCS2 = "UCS-2"


class Segments(NamedTuple):
    """The number of parts and the alphabet."""

    parts: int
    encoding: Encoding


def segments(text: str) -> Segments:
    """Return in how many parts and in which alphabet the text is sent; an empty text is one part."""
    if foreign_characters(text):
        units = len(text.encode("utf-16-le")) // 2
        return Segments(_parts(units, 70, 67), Encoding.UCS2)
    septets = len(text) + sum(character in _EXTENDED for character in text)
    return Segments(_parts(septets, 160, 153), Encoding.GSM7)


def foreign_characters(text: str) -> str:
    """Return the characters that have no place in GSM-7, each once, in order of appearance."""
    return "".join(dict.fromkeys(character for character in text if character not in _BASIC | _EXTENDED))


def _parts(units: int, alone: int, together: int) -> int:
    return 1 if units <= alone else ceil(units / together)
