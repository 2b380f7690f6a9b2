"""The second pass for red flags: blind to denial, spacing and spelling, so that it can only raise.

It looks for a few letters in a row in the text without its spaces. What it catches and the explained
reading did not account for is never less than a callback.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final


class Net:
    """The letters to look for, filed by short pieces so that a look at every few letters of a text finds them all."""

    def __init__(self, strings: Mapping[str, tuple[str, ...]]) -> None:
        """Take the strings of letters of each symptom."""
        meant = [(string, symptom) for symptom, listed in strings.items() for string in listed if string]
        shortest = min((len(string) for string, _ in meant), default=1)
        self._width = (shortest * 2 + 1) // 3
        # Of any string found, one of its first pieces begins where the text is looked at.
        self._step = shortest - self._width + 1
        self._meshes: dict[str, tuple[tuple[str, str], ...]] = {}
        for string, symptom in meant:
            for piece in {string[start : start + self._width] for start in range(self._step)}:
                self._meshes[piece] = (*self._meshes.get(piece, ()), (string, symptom))

    def cast(self, folded: str, words: Iterable[str]) -> set[str]:
        """Return the symptoms whose letters stand in the text as it was written, or in its words as repaired."""
        written, repaired = _closed_up(folded), _closed_up("".join(words))
        return self._catch(written if repaired == written else f"{written} {repaired}")

    def _catch(self, water: str) -> set[str]:
        width = self._width
        pieces = {water[start : start + width] for start in range(0, len(water), self._step)}
        near = pieces & self._meshes.keys()
        return {symptom for piece in near for string, symptom in self._meshes[piece] if string in water}


def _closed_up(folded: str) -> str:
    if folded.isascii():
        return folded.encode().translate(None, _NOISE).decode()
    return "".join(filter(str.isalnum, folded))


_NOISE: Final = bytes(code for code in range(128) if not chr(code).isalnum())
