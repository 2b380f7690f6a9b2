"""How many segments a text takes on the air: 160/153 characters in GSM-7, 70/67 code units in UCS-2."""

from __future__ import annotations

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[]~|€\f")


def count_segments(text: str) -> int:
    """Return the number of segments, at least one."""
    if all(character in _BASIC or character in _EXTENDED for character in text):
        return _fill([2 if character in _EXTENDED else 1 for character in text], single=160, joined=153)
    return _fill([len(character.encode("utf-16-be")) // 2 for character in text], single=70, joined=67)


def _fill(widths: list[int], *, single: int, joined: int) -> int:
    """Pack characters that may not be cut in two into segments of the given size."""
    if sum(widths) <= single:
        return 1
    segments, used = 1, 0
    for width in widths:
        if used + width > joined:
            segments, used = segments + 1, 0
        used += width
    return segments
