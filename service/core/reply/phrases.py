"""The small language that lexicon phrases are written in, parsed into values: words, sets, choices, gaps."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from service.core.reply.remembered import Remembered


class PhraseError(ValueError):
    """A phrase that cannot be read; the message is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word, or with `stem` every word that begins with it."""

    text: str
    stem: bool = False


@dataclass(frozen=True, slots=True)
class SetName:
    """Any member of a named set of words."""

    name: str


@dataclass(frozen=True, slots=True)
class Gap:
    """Up to three words of any kind that do not end the thought."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several sequences, or none of them where `optional`."""

    options: tuple[tuple[Item, ...], ...]
    optional: bool = False


Item = Word | SetName | Gap | Choice
Phrase = tuple[Item, ...]

# Wide enough for "my legs have both been cramping", narrow enough not to tie two thoughts together.
GAP_WIDTH: Final = 4
# Some hundred words make most of the phrases.
_MOST_REMEMBERED: Final = 16_384
_PIECES: Final = re.compile(r"\.\.\.|<[a-z_]+>|[()|?&]|[^\s()|?&<>]+|.")


def parse_phrase(text: str) -> Phrase:
    """Read one phrase, already folded to plain lower-case letters; raise PhraseError with a sentence."""
    if text.replace(" ", "").isalnum():
        return tuple([_SINGLES[word] for word in text.split()])
    halves = text.split("&")
    if len(halves) > 2:
        raise PhraseError(f"{text!r} has more than one '&'; write two phrases.")
    if len(halves) == 1:
        return _parse(text)
    one, other = _parse(halves[0]), _parse(halves[1])
    return (Choice(((*one, Gap(), *other), (*other, Gap(), *one))),)


def _parse(text: str) -> Phrase:
    pieces = [piece for piece in _PIECES.findall(text) if not piece.isspace()]
    items, end = _sequence(pieces, 0, text)
    if end != len(pieces):
        raise PhraseError(f"{text!r} closes a parenthesis that was never opened.")
    if not items:
        raise PhraseError(f"{text!r} has no words.")
    return items


def _sequence(pieces: list[str], position: int, text: str) -> tuple[Phrase, int]:
    items: list[Item] = []
    while position < len(pieces) and pieces[position] not in "|)":
        piece = pieces[position]
        position += 1
        if piece == "(":
            choice, position = _choice(pieces, position, text)
            items.append(choice)
        elif piece == "?":
            items.append(_make_optional(items, text))
        else:
            items.append(_SINGLES[piece])
    return tuple(items), position


def _choice(pieces: list[str], position: int, text: str) -> tuple[Choice, int]:
    options: list[Phrase] = []
    while True:
        items, position = _sequence(pieces, position, text)
        if not items:
            raise PhraseError(f"{text!r} has an empty choice; mark what may be missing with '?'.")
        options.append(items)
        if position >= len(pieces):
            raise PhraseError(f"{text!r} opens a parenthesis that is never closed.")
        position += 1
        if pieces[position - 1] == ")":
            return Choice(tuple(options)), position


def _make_optional(items: list[Item], text: str) -> Choice:
    if not items:
        raise PhraseError(f"{text!r} has a '?' after nothing.")
    last = items.pop()
    if isinstance(last, Choice):
        return Choice(last.options, optional=True)
    return Choice(((last,),), optional=True)


def _single(piece: str) -> Item:
    if piece == "...":
        return Gap()
    if piece.startswith("<") and len(piece) > 2:
        return SetName(piece[1:-1])
    stem = piece.endswith("*")
    word = piece.removesuffix("*").replace("'", "")
    if len(word) < 3 and stem:
        raise PhraseError(f"{piece!r} is too short for a stem; give at least three letters before '*'.")
    if not word or not (word.isalnum() or len(word) == 1):
        raise PhraseError(f"{piece!r} is not a word.")
    return Word(word, stem)


_SINGLES: Final = Remembered(_single, _MOST_REMEMBERED)
