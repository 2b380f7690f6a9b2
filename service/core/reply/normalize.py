"""Turn a patient's characters into plain words, each of which still knows where it stood in the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from service.core.reply.remembered import Remembered

# A comma between digits parts the items of "0,0,0" and the whole from the tenths of "38,5".
_WORDS: Final = re.compile(
    r"[^\W\d_]+(?:['*@$!0-9]+[^\W\d_]+)*|(?<!\d,)\d+,\d+(?!,\d)|\d+(?:\.\d+)?|[^\w\s]|\n"
)
_STRETCHED: Final = re.compile(r"(.)\1\1+")
_SPELLED_OUT: Final = re.compile(r"(?<![^\W_])(?:[^\W\d_][ .\-]){3,}[^\W\d_](?![^\W_])")
_FEWEST_SPELLED_OUT: Final = 4
_HYPHEN: Final = re.compile(r"(?<=[^\W\d_])-(?=[^\W\d_])")
# Lookalikes inside a word: people mask words from filters, and thumbs slip to the row above.
_MASKS: Final = str.maketrans(
    {"1": "i", "0": "o", "3": "e", "4": "a", "5": "s", "@": "a", "$": "s", "!": "i", "*": None}
)
_PLAIN: Final = str.maketrans("’‘`´ʼ＇“”„«»–—−‐…¿¡\u00a0\u2009\u202f", "''''''\"\"\"\"\"----.  " + "   ")
_JOINERS: Final = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad")
# Ten text messages at their longest. Beyond this the net alone looks, and a person reads what is left.
# No word is longer; what is, was held down on a key.
_LONGEST_WORD: Final = 24
MOST_WORDS: Final = 1600
# How many characters and how many words are remembered with their plain forms.
_MOST_REMEMBERED: Final = 4096


@dataclass(frozen=True, slots=True)
class Text:
    """A text as words: `words[i]` is what stands at raw[starts[i]:ends[i]], folded to plain lower case as `folded` is."""

    raw: str
    folded: str
    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]


def _fold_character(character: str) -> str:
    if character in _JOINERS:
        return ""
    plain = unicodedata.normalize("NFKD", character.translate(_PLAIN)).lower()
    return "".join(piece for piece in plain if not unicodedata.combining(piece))


def fold(text: str) -> str:
    """Return the text in lower case without accents, fancy quotes or invisible characters."""
    if text.isascii():
        return text.lower()
    return "".join(map(_FOLDED.__getitem__, text))


def normalize(raw: str, emoji: Mapping[str, str]) -> Text:
    """Return the words of a text with their places; emoji become the words that the lexicon gives them."""
    folded, origins = _fold_with_origins(raw, emoji)
    if "-" in folded:
        # "Self-harm" and "light-headed" are read as they are written elsewhere, in two words.
        folded = _HYPHEN.sub(" ", folded)
    text = _cut(raw, folded, origins)
    if [*map(len, text.words)].count(1) >= _FEWEST_SPELLED_OUT and _SPELLED_OUT.search(folded):
        text = _cut(raw, *_close_up(folded, origins))
    return text


def _cut(raw: str, folded: str, origins: list[int] | None) -> Text:
    found = list(islice(_WORDS.finditer(folded), MOST_WORDS))
    words = tuple(map(_PLAIN_WORDS.__getitem__, map(re.Match.group, found)))
    starts, ends = tuple(map(re.Match.start, found)), tuple(map(re.Match.end, found))
    if origins is not None:
        starts = tuple(origins[start] for start in starts)
        ends = tuple(origins[end - 1] + 1 for end in ends)
    return Text(raw, folded, words, starts, ends)


def _plain_word(word: str) -> str:
    if word.isalpha():
        return _unstretch(word) if len(word) > _LONGEST_WORD else word
    if word[0].isalpha():
        if word.endswith("'s") and word[:-2].isalpha():
            return word
        return _unstretch(word.replace("'", "").translate(_MASKS))
    return word


def _unstretch(word: str) -> str:
    return _STRETCHED.sub(r"\1\1", word) if _STRETCHED.search(word) else word


def _fold_with_origins(raw: str, emoji: Mapping[str, str]) -> tuple[str, list[int] | None]:
    if raw.isascii():
        return raw.lower(), None
    pieces = [f" {emoji[sign]} " if sign in emoji else _FOLDED[sign] for sign in raw]
    lengths = set(map(len, pieces))
    origins = None if lengths == {1} else [place for place, piece in enumerate(pieces) for _ in piece]
    return "".join(pieces), origins


def _close_up(folded: str, origins: list[int] | None) -> tuple[str, list[int]]:
    """Write letters that stand one by one ("h e l p") as the word they spell."""
    old = origins if origins is not None else list(range(len(folded)))
    pieces: list[str] = []
    kept: list[int] = []
    position = 0
    for found in _SPELLED_OUT.finditer(folded):
        pieces.append(folded[position : found.start()])
        kept += old[position : found.start()]
        for index in range(found.start(), found.end()):
            if folded[index].isalpha():
                pieces.append(folded[index])
                kept.append(old[index])
        position = found.end()
    pieces.append(folded[position:])
    kept += old[position:]
    return "".join(pieces), kept


_FOLDED: Final = Remembered(_fold_character, _MOST_REMEMBERED)
_PLAIN_WORDS: Final = Remembered(_plain_word, _MOST_REMEMBERED)
