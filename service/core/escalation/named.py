"""Whom and which tier the words of a calendar's event name."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

# They stand beside many names and tell nobody apart.
_TITLES: Final = frozenset({"dr", "mr", "ms", "mrs", "md", "rn", "np", "pa", "do"})


@dataclass(frozen=True, slots=True)
class Named:
    """A member of staff as an event may name them."""

    staff_id: int
    name: str
    login: str


def tiers_named(texts: Iterable[str], tiers: Iterable[str]) -> tuple[str, ...]:
    """Return the tiers whose name stands in one of the texts as a word, in any case."""
    words = {word for text in texts for word in _words(text)}
    return tuple(tier for tier in tiers if set(_words(tier)) <= words)


def people_named(texts: Iterable[str], people: Iterable[Named], tiers: Iterable[str]) -> tuple[int, ...]:
    """Return the ids of the people named, by their whole names where one is there, else by sign-in names.

    Else a word counts that is in one name alone; one that is a tier ("nurse"), or a title, names nobody.
    """
    found, everybody = [_words(text) for text in texts], tuple(people)
    for is_called in (_by_name, _by_login):
        certain = tuple(one.staff_id for one in everybody if any(is_called(one, words) for words in found))
        if certain:
            return certain
    idle = _TITLES | {word for tier in tiers for word in _words(tier)}
    named: list[int] = []
    for word in dict.fromkeys(word for words in found for word in words if word not in idle):
        owners = [one.staff_id for one in everybody if word in _words(one.name)]
        if len(owners) == 1 and owners[0] not in named:
            named.append(owners[0])
    return tuple(named)


def _by_name(one: Named, words: list[str]) -> bool:
    name = _words(one.name)
    return any(words[at : at + len(name)] == name for at in range(len(words)))


def _by_login(one: Named, words: list[str]) -> bool:
    return one.login.lower() in words


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
