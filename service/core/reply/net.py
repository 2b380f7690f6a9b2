"""The second pass for red flags: blind to denial, spacing and spelling, so that it can only raise.

It looks for a few letters in a row in the text without its spaces. What it catches and the explained
reading did not account for is never less than a callback.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from service.core.reply.layout import Layout
from service.core.reply.normalize import Text, fold


def cast(
    text: Text, layout: Layout, net: Mapping[str, tuple[str, ...]], accounted: Iterable[str]
) -> frozenset[str]:
    """Return the red-flag symptoms that the net caught and that the reading says nothing about."""
    explained = frozenset(accounted)
    waters = (_closed_up(fold(text.raw)), "".join(text.words))
    caught: set[str] = set()
    for symptom, strings in net.items():
        if symptom not in explained and any(string in water for string in strings for water in waters):
            caught.add(symptom)
    return frozenset(caught)


def _closed_up(folded: str) -> str:
    if folded.isalpha():
        return folded
    return "".join(filter(str.isalnum, folded)) if not folded.isascii() else folded.translate(_NOISE)


_NOISE = {code: None for code in range(128) if not chr(code).isalnum()}
