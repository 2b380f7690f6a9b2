"""The second pass for red flags: blind to denial, spacing and spelling, so that it can only raise.

It looks for a few letters in a row in the text without its spaces. What it catches and the explained
reading did not account for is never less than a callback.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from service.core.reply.layout import Layout
from service.core.reply.normalize import Text


def cast(
    text: Text, layout: Layout, net: Mapping[str, tuple[str, ...]], accounted: Iterable[str]
) -> frozenset[str]:
    """Return the red-flag symptoms that the net caught and that the reading says nothing about."""
    explained = frozenset(accounted)
    raw_water, repaired_water = _closed_up(text.folded), _closed_up("".join(layout.words))
    caught: set[str] = set()
    for symptom, strings in net.items():
        if symptom in explained:
            continue
        for string in strings:
            if string in raw_water or string in repaired_water:
                caught.add(symptom)
                break
    return frozenset(caught)


def _closed_up(folded: str) -> str:
    return folded.translate(_NOISE) if folded.isascii() else "".join(filter(str.isalnum, folded))


_NOISE: Final = {code: None for code in range(128) if not chr(code).isalnum()}
