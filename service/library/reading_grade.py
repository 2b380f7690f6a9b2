"""The school grade that a text asks of its reader, so that no message asks for more than the sixth.

English: Flesch-Kincaid grade (Kincaid et al. 1975). Spanish: years of school by Crawford (1985), of the
formulas for Spanish the one that yields a grade. Syllables are counted by rule, without a dictionary.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from service.core.words import Language

_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*|\d+")
_SENTENCE_END: Final = re.compile(r"[.!?]+(?=\s|$)")
_ENGLISH_VOWELS: Final = re.compile(r"[aeiouy]+")
_ENGLISH_SILENT: Final = re.compile(
    r"(?:[^aeiouylr]e|[aeiouy][lr]e|[^aeiouytd]ed|[^aeiouysxzcgh]es|[aeiouy][bdfklmnprtv]es)$"
)
_ENGLISH_BARE_M: Final = re.compile(r"[st]h?ms?$")
_SPANISH_NUCLEUS: Final = re.compile(
    r"[iuü]?[aeoáéó](?:[iuy](?![aeiouáéíóú]))?|[íú]|[iuü]+y?|y(?![aeiouáéíóú])"
)


def reading_grade(text: str, language: Language) -> float:
    """Return the grade, 0 for a text without words; it can fall below 0 for very short sentences."""
    words = _WORD.findall(text.replace("’", "'").lower())
    if not words:
        return 0.0
    sentences = max(1, len(_SENTENCE_END.findall(text.strip())))
    spoken = sum(_SYLLABLES[language](word) for word in words)
    return _GRADES[language](len(words), sentences, spoken)


def _english_grade(words: int, sentences: int, spoken: int) -> float:
    return 0.39 * words / sentences + 11.8 * spoken / words - 15.59


def _spanish_grade(words: int, sentences: int, spoken: int) -> float:
    return -0.205 * 100 * sentences / words + 0.049 * 100 * spoken / words - 3.407


def _english_syllables(word: str) -> int:
    if word.isdigit():
        return len(word)
    groups = len(_ENGLISH_VOWELS.findall(word))
    silent = 1 if groups > 1 and _ENGLISH_SILENT.search(word) else 0
    return max(1, groups - silent + (1 if _ENGLISH_BARE_M.search(word) else 0))


def _spanish_syllables(word: str) -> int:
    return len(word) if word.isdigit() else max(1, len(_SPANISH_NUCLEUS.findall(_without_silent_u(word))))


def _without_silent_u(word: str) -> str:
    return re.sub(r"([gq])u(?=[eiéí])", r"\1", word)


_SYLLABLES: Final[dict[Language, Callable[[str], int]]] = {
    Language.ENGLISH: _english_syllables,
    Language.SPANISH: _spanish_syllables,
}
_GRADES: Final[dict[Language, Callable[[int, int, int], float]]] = {
    Language.ENGLISH: _english_grade,
    Language.SPANISH: _spanish_grade,
}
