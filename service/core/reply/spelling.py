"""Repair what thumbs do to words, towards the words of the lexicon and never away from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Final

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from service.core.reply.normalize import Text
from service.core.reply.remembered import Remembered

# Shorter words are too close to each other: "see" is one letter from "pee", "will" from "kill".
_SHORTEST_REPAIRED: Final = 4
_SHORTEST_NEW_FIRST: Final = 5
_SHORTEST_TWO_SLIPS: Final = 9
_LONGEST_REPAIRED: Final = 24
_LONGEST_SPLIT: Final = 40
_MOST_REMEMBERED: Final = 8192
_STRETCHED: Final = re.compile(r"(.)\1\1+")


class Speller:
    """Knows the words worth repairing to, the words to leave alone, and how to part glued words."""

    def __init__(
        self,
        targets: Iterable[str],
        protected: frozenset[str],
        fixes: Mapping[str, str],
        contractions: frozenset[str],
        knows: Callable[[str], bool],
    ) -> None:
        """Take repair targets, everyday words that stay as they are, fixed repairs, and the lexicon's test."""
        self._known = knows
        self._protected = protected
        self._contractions = contractions
        self._fixes = fixes
        self._targets = frozenset(
            word for word in targets if len(word) >= _SHORTEST_REPAIRED and word.isalpha()
        )
        self._parts = frozenset(targets) | {word for word in protected if len(word) > 1}
        self._by_letter = _shelved(self._targets, slice(1))
        self._by_beginning = _shelved(self._targets, slice(2))
        self._by_ending = _shelved(self._targets, slice(-2, None))
        self.repaired = Remembered(self._repair, _MOST_REMEMBERED)
        self.settled = Remembered(self._is_settled, _MOST_REMEMBERED)

    def is_word(self, word: str) -> bool:
        """Return whether the word needs no repair."""
        if word in self._parts:
            return True
        # "seizzure" begins like a word that the lexicon knows and is none: a letter was typed twice.
        return self._known(word) and not any(one == other for one, other in pairwise(word))

    def is_listed(self, word: str) -> bool:
        """Return whether the word stands in the lexicon as it is, not by a stem alone."""
        return word in self._parts

    def _is_settled(self, word: str) -> bool:
        """Return whether the word stays as it is: it is no word of letters, or one that needs no repair."""
        if word in self._fixes or "'" in word:
            return len(word) == 1
        if len(word) == 1:
            return word in _LONE_LETTERS_THAT_ARE_WORDS or not word.isalpha()
        return not word.isalpha() or (self.is_word(word) and self._slipped(word) is None)

    def _repair(self, word: str) -> tuple[str, ...]:
        """Return the word as the lexicon would spell it: one word, several where it was glued, or unchanged."""
        if word.endswith("'s"):
            whole = word.replace("'", "")
            return (whole,) if whole in self._contractions else (*self._repair(word[:-2]), "s")
        if word in self._fixes:
            return tuple(self._fixes[word].split())
        if not 3 <= len(word) <= _LONGEST_SPLIT or not word.isalpha():
            return (word,)
        if self.is_word(word):
            return (self._slipped(word) or word,)
        single = self._swapped(word) or self._unstretched(word)
        if single is not None:
            return (single,)
        if self._known(word):
            return (word,)
        if len(word) >= _SHORTEST_REPAIRED and len(word) <= _LONGEST_REPAIRED:
            near = self._undiminished(word) or self._nearest(word)
            if near is not None:
                return (near,)
        return self._split(word) or (word,)

    def _slipped(self, word: str) -> str | None:
        """Return "headache" for "headcahe" and "seizure" for "seizue": of these the lexicon knows no more than a stem."""
        if word in self._parts or len(word) < _SHORTEST_NEW_FIRST:
            return None
        return self._swapped(word) or _closest(word, self._by_beginning.get((word[:2], len(word) + 1), ()), 1)

    def _swapped(self, word: str) -> str | None:
        """Return "breath" for "breaht", the commonest slip; the first letter seldom takes part."""
        if len(word) < _SHORTEST_NEW_FIRST:
            return None
        places = range(1, len(word) - 1)
        swapped = (word[:place] + word[place + 1] + word[place] + word[place + 2 :] for place in places)
        return next((one for one in swapped if one in self._targets), None)

    def _unstretched(self, word: str) -> str | None:
        """Return "headache" for "headdddache" and "heeadache": letters that were held down or typed twice."""
        squeezed_to = (_STRETCHED.sub(r"\1" * width, word) for width in (1, 2))
        known = [one for one in squeezed_to if one != word and (self.is_listed(one) or self._known(one))]
        if known:
            # "drooooping" is "drooping", although "droping" begins like "drop".
            return max(known, key=self._listed_beginning)
        word = _STRETCHED.sub(r"\1\1", word)
        for index in range(1, len(word)):
            if word[index] == word[index - 1]:
                shorter = word[:index] + word[index + 1 :]
                if self.is_word(shorter):
                    return shorter
        squeezed = "".join(
            letter for index, letter in enumerate(word) if index == 0 or letter != word[index - 1]
        )
        return squeezed if squeezed != word and self.is_word(squeezed) else None

    def _undiminished(self, word: str) -> str | None:
        """Return "asco" for "asquito" and "ardor" for "ardorcito": Spanish makes any word a small one."""
        ending = next((ending for ending in _SMALL if word.endswith(ending)), None)
        if ending is None:
            return None
        stem = word.removesuffix(ending)
        stems = [stem, *(stem.removesuffix(end) + plain for end, plain in _STEM_ENDS if stem.endswith(end))]
        return next((one + tail for one in stems for tail in _TAILS if self.is_listed(one + tail)), None)

    def _listed_beginning(self, word: str) -> int:
        """Return how many of the word's first letters are a word of the lexicon."""
        return next((end for end in range(len(word), 0, -1) if word[:end] in self._parts), 0)

    def _nearest(self, word: str) -> str | None:
        if len(word) >= _SHORTEST_TWO_SLIPS:
            best = _closest(word, _about_as_long(word, self._by_letter, word[0], 2), 2)
            if best is not None:
                return best
        # One slip leaves the first two or the last two letters alone, unless it swaps the middle of four.
        near = _about_as_long(word, self._by_beginning, word[:2], 1)
        near += _about_as_long(word, self._by_ending, word[-2:], 1)
        if len(word) < _SHORTEST_NEW_FIRST:
            swapped = word[0] + word[2] + word[1] + word[3]
            near += [swapped] if swapped in self._targets else []
            near = [one for one in near if one[0] == word[0]]
        return _closest(word, near, 1)

    def _split(self, word: str) -> tuple[str, ...] | None:
        """Part words that were written as one, where every part is a word and the whole is none."""
        if not 6 <= len(word) <= _LONGEST_SPLIT:
            return None
        best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
        for end in range(2, len(word) + 1):
            for start in range(max(0, end - 14), end - 1):
                before = best[start]
                part = word[start:end]
                if before is not None and part in self._parts:
                    found = best[end]
                    if found is None or len(before) + 1 < len(found):
                        best[end] = (*before, part)
        whole = best[len(word)]
        if whole is None or len(whole) > 6 or not any(len(part) > 3 and self._known(part) for part in whole):
            return None
        return whole


# How Spanish makes words small: "asc-o" becomes "asqu-ito", "cabez-a" "cabec-ita", "dolor" "dolor-c-ito".
_SMALL: Final = ("ititos", "ititas", "itito", "itita", "itos", "itas", "itin", "ito", "ita")
_STEM_ENDS: Final = (("qu", "c"), ("gu", "g"), ("c", "z"), ("c", ""), ("ec", ""))
_TAILS: Final = ("o", "a", "", "e", "os", "as")

_Shelves = Mapping[tuple[str, int], Sequence[str]]


def _shelved(words: Iterable[str], part: slice) -> _Shelves:
    """Sort words by some of their letters and by their length, so that a search need not look at them all."""
    shelves: dict[tuple[str, int], list[str]] = {}
    for word in words:
        shelves.setdefault((word[part], len(word)), []).append(word)
    return shelves


def _about_as_long(word: str, shelves: _Shelves, letters: str, slips: int) -> list[str]:
    lengths = range(len(word) - slips, len(word) + slips + 1)
    return [near for length in lengths for near in shelves.get((letters, length), ())]


def _closest(word: str, candidates: Sequence[str], slips: int) -> str | None:
    near = extract(word, candidates, scorer=OSA.distance, score_cutoff=slips, limit=None)
    # Last letters are seldom mistyped, and letters are left out more often than added.
    ranked = [
        (_strangeness(word, choice), slip, choice[-1] != word[-1], -len(choice), choice)
        for choice, slip, _ in near
    ]
    return min(ranked)[-1] if ranked else None


def _strangeness(word: str, choice: str) -> int:
    """Return how odd a slip would be by its place: first letters are seldom mistyped, left out or swapped."""
    if choice[0] == word[0]:
        return 0
    if choice[1] == word[1]:
        return 1
    return 2 if choice[1] == word[0] else 3


# A message that is all unknown words is no message; past this many the rest stays as it is.
_MOST_REPAIRS: Final = 300
_LONE_LETTERS_THAT_ARE_WORDS: Final = frozenset("aiyonukr")


def respell(text: Text, speller: Speller) -> Text:
    """Return the text with its words repaired, parted or joined; every word keeps its place in the raw text."""
    settled = [*map(speller.settled.__getitem__, text.words)]
    if all(settled):
        return text
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    repairs = 0
    place = 0
    while place < len(text.words):
        word, start, end = text.words[place], text.starts[place], text.ends[place]
        # Of two words that a space cut apart one is no word.
        joined = None if all(settled[place : place + 2]) else _joined(text, place, speller)
        place += 1
        if joined is not None:
            word, end = joined, text.ends[place]
            place += 1
        pieces: tuple[str, ...] = (word,)
        if repairs < _MOST_REPAIRS and not speller.settled[word]:
            pieces = speller.repaired[word]
            repairs += 1
        words += pieces
        starts += [start] * len(pieces)
        ends += [end] * len(pieces)
    return Text(text.raw, text.folded, tuple(words), tuple(starts), tuple(ends))


def _joined(text: Text, place: int, speller: Speller) -> str | None:
    """Return the word that a stray space cut in two ("breath e", "can t"), if the two make one."""
    if place + 1 >= len(text.words) or text.starts[place + 1] != text.ends[place] + 1:
        return None
    one, other = text.words[place], text.words[place + 1]
    if not (one.isalpha() and other.isalpha()) or text.raw[text.ends[place]] not in " '’":
        return None
    if not (_is_fragment(one, speller) or _is_fragment(other, speller)):
        return None
    whole = one + other
    return whole if len(whole) > 3 and speller.is_listed(whole) else None


def _is_fragment(word: str, speller: Speller) -> bool:
    if len(word) == 1:
        return word not in _LONE_LETTERS_THAT_ARE_WORDS
    return not speller.is_word(word)
