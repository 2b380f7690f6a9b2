"""Two patients on one number: whose answer it is, from a first name or a number, or the question that asks it."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+|\d+")
_PICKS: Final = 4


def first_name(name: str) -> str:
    """Return the name that a family calls the patient by."""
    return name.split()[0] if name.split() else name


def list_of_names(names: tuple[str, ...]) -> str:
    """Return the choice as the text offers it: "1 Ana, 2 Ben"."""
    return ", ".join(f"{place} {first_name(name)}" for place, name in enumerate(names, start=1))


def whose(words: str, names: tuple[str, ...], *, was_asked: bool) -> int | None:
    """Return the place (from 0) of the one patient whom the reply names, or None where it names none or several.

    A bare "1" or "2" picks only where the question `was_asked`; anywhere else it may be how bad something is.
    """
    said = [_plain(word) for word in _WORD.findall(words)]
    named = {place for place, name in enumerate(names) if _plain(first_name(name)) in said}
    if len({_plain(first_name(name)) for name in names}) < len(names):
        named = set()
    if len(named) == 1:
        return named.pop()
    if was_asked and not named and len(said) <= _PICKS and said and said[0].isdigit():
        place = int(said[0]) - 1
        return place if 0 <= place < len(names) else None
    return None


def only_names(words: str, names: tuple[str, ...]) -> bool:
    """Return whether the reply says whose it is and nothing else ("Ana", "2", "it's Ben", "es Ana")."""
    filler = {
        "it",
        "s",
        "is",
        "its",
        "es",
        "this",
        "for",
        "me",
        "soy",
        "i",
        "m",
        "am",
        "de",
        "para",
        "the",
        "mine",
    }
    allowed = filler | {_plain(part) for name in names for part in name.split()}
    return all(_plain(word) in allowed or word.isdigit() for word in _WORD.findall(words))


def _plain(word: str) -> str:
    split = unicodedata.normalize("NFD", word.casefold())
    return "".join(sign for sign in split if not unicodedata.combining(sign))
