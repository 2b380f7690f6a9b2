"""A correction: "sorry, I meant 3 not 8" is about the last answer, and its wrong number is read by nobody."""

from __future__ import annotations

import re
from typing import Final

from service.core.conversation.joining import is_number
from service.core.conversation.talk import Talk
from service.core.words import UNSOLICITED, Asked, AskedKind

_CUE: Final = re.compile(
    r"\b(meant|i mean|typo|oops|whoops|correction|mistyped|wrong number|quise decir|quer[ií]a decir|me equivoqu"
    r"|correcci[oó]n|error)|\b\d+,? (not|no) (a |an |un )?\d+|\bnot (a |an )?\d+,? (it'?s |but )?\d+",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"\b\d{1,2}\b")
_WRONG: Final = re.compile(
    r"\b(?:not|no|instead of|en vez de|rather than) (?:a |an |un )?\d{1,2}\b", re.IGNORECASE
)


def is_correction(words: str) -> bool:
    """Return whether the reply puts a number right that was given before."""
    return bool(_CUE.search(words) and _NUMBER.search(words))


def corrected(words: str) -> str:
    """Return the reply with the wrong number blanked out, each other sign in its place."""
    return _WRONG.sub(lambda found: " " * len(found.group()), words)


def read_against(talk: Talk, words: str) -> tuple[str, Asked]:
    """Return the words to read and the question to read them against.

    A correction's is how bad the last complaint is, and so is a bare number's that comes after the questions are over.
    """
    if talk.last_symptom is None:
        return words, talk.asked
    if is_correction(words):
        return corrected(words), Asked(AskedKind.SEVERITY, talk.last_symptom)
    if talk.asked == UNSOLICITED and is_number(words):
        return words, Asked(AskedKind.SEVERITY, talk.last_symptom)
    return words, talk.asked
