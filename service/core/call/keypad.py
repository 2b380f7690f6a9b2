"""What a key and a short word mean on the phone: the clinic's reviewed content, not code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from service.core.call.line import Hints
from service.core.words import AskedKind, Language

# As the content writes the name of the patient, in small letters.
_NAME: Final = "name"
_NOT_A_WORD: Final = re.compile(r"[^\w\s*#]+")


class Command(StrEnum):
    """A short word to the call itself rather than an answer to its question."""

    YES = "yes"
    NO = "no"
    NOT_HERE = "not_here"
    WRONG_NUMBER = "wrong_number"
    AGAIN = "again"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Heard:
    """What was heard at one step: the keys, or the words with how sure Twilio is of them (0.0-1.0, None: not said)."""

    keys: str = ""
    words: str = ""
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Keypad:
    """What keys stand for, by question and language, as words that the reader knows; and what short words mean."""

    keys: Mapping[AskedKind, Mapping[Language, Mapping[str, str]]]
    words: Mapping[Language, Mapping[str, Command]]
    likely: Mapping[Hints, Mapping[Language, tuple[str, ...]]]

    def phrase(self, kind: AskedKind, key: str, language: Language) -> str | None:
        """Return the words that a key stands for in answer to a question of this kind, or None."""
        return self.keys.get(kind, {}).get(language, {}).get(key)

    def command(self, words: str, language: Language, name: str = "") -> Command | None:
        """Return what the words mean to the call where they are nothing but such a short word, or None.

        `name` is whom the call asks for: "this is Ana" says yes, and "Ana is not here" does not.
        """
        heard, own = f" {as_heard(words)} ", as_heard(name)
        unnamed = heard.replace(f" {own} ", f" {_NAME} ") if own else heard
        return self.words.get(language, {}).get(unnamed.strip())

    def hints(self, hints: Hints | None, language: Language) -> tuple[str, ...]:
        """Return the words that are likely to be said."""
        return self.likely.get(hints, {}).get(language, ()) if hints is not None else ()


def as_heard(words: str) -> str:
    """Return the words without what a transcript adds: capitals, points, double spaces."""
    return " ".join(_NOT_A_WORD.sub(" ", words.casefold()).split())
