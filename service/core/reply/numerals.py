"""Write numbers that stand in several words ("one eighty", "ciento diez", "ninety nine point five") in digits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from service.core.reply.lexicon import Group
from service.core.reply.normalize import Text

_TENS: Final = 10
_HUNDRED: Final = 100
_THOUSAND: Final = 1000
# "One eighty" is 180 and "two ten" is 210; nobody's pressure begins with a three.
_SAID_WITHOUT_HUNDRED: Final = 2


def join_numerals(
    text: Text, values: Mapping[str, float], large: frozenset[str], groups: Mapping[Group, frozenset[str]]
) -> Text:
    """Return the text with each number of several words as one word of digits; `large` are the words from ten up."""
    if large.isdisjoint(text.words):
        return text
    return _Joiner(text, values, groups).join()


class _Joiner:
    def __init__(
        self, text: Text, values: Mapping[str, float], groups: Mapping[Group, frozenset[str]]
    ) -> None:
        self.text = text
        self.words = text.words
        self.values = values
        self.groups = groups

    def join(self) -> Text:
        words: list[str] = []
        starts: list[int] = []
        ends: list[int] = []
        place = 0
        while place < len(self.words):
            value, end = self._number(place)
            alone = end - place <= 1
            words.append(self.words[place] if alone else f"{value:g}")
            end = place + 1 if alone else end
            starts.append(self.text.starts[place])
            ends.append(self.text.ends[end - 1])
            place = end
        return Text(self.text.raw, self.text.folded, tuple(words), tuple(starts), tuple(ends))

    def _value(self, place: int) -> float:
        return self.values.get(self.words[place], 0) if place < len(self.words) else 0

    def _is(self, place: int, group: Group) -> bool:
        return place < len(self.words) and self.words[place] in self.groups[group]

    def _number(self, place: int) -> tuple[float, int]:
        """Return the number that begins at a place and where it ends; it ends there where none begins."""
        value = self._value(place)
        if not value:
            return 0, place
        value, end = self._whole(place, value)
        if value >= _TENS and self._is(end, Group.POINT_WORD):
            tenth = self._tenth(end + 1)
            if tenth is not None:
                return value + tenth / _TENS, end + 2
        return value, end

    def _tenth(self, place: int) -> float | None:
        word = self.words[place] if place < len(self.words) else ""
        digit = float(word) if word.isdigit() and word.isascii() else self.values.get(word)
        return digit if digit is not None and digit < _TENS else None

    def _whole(self, place: int, value: float) -> tuple[float, int]:
        following = self._value(place + 1)
        if value < _TENS and following == _HUNDRED:
            return self._with_rest(value * _HUNDRED, place + 2)
        if _HUNDRED <= value < _THOUSAND:
            return self._with_rest(value, place + 1)
        if value <= _SAID_WITHOUT_HUNDRED:
            if _TENS <= following < _HUNDRED:
                rest, end = self._below_hundred(place + 1)
                return value * _HUNDRED + rest, end
            if self._is(place + 1, Group.ZERO_WORD) and 0 < self._value(place + 2) < _TENS:
                return value * _HUNDRED + self._value(place + 2), place + 3
        return self._below_hundred(place)

    def _with_rest(self, hundreds: float, place: int) -> tuple[float, int]:
        """Read what follows "hundred": "and ten", "eighty five", or nothing."""
        rest = place + 1 if self._is(place, Group.AND_WORD) else place
        if 0 < self._value(rest) < _HUNDRED:
            value, end = self._below_hundred(rest)
            return hundreds + value, end
        return hundreds, place

    def _below_hundred(self, place: int) -> tuple[float, int]:
        value = self._value(place)
        if value < 2 * _TENS or value % _TENS:
            return value, place + 1
        joined = place + 1
        if self._is(joined, Group.AND_WORD) or (joined < len(self.words) and self.words[joined] == "-"):
            joined += 1
        unit = self._value(joined)
        if 0 < unit < _TENS and self._value(joined + 1) < _TENS:
            return value + unit, joined + 1
        return value, place + 1
