"""Every message written with its longest values: its parts, alphabet and grade, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from service.core.words import Language
from service.library.errors import Problem
from service.library.reading_grade import reading_grade
from service.library.segments import Encoding, foreign_characters, segments
from service.library.wording import Wording

MOST_PARTS: Final = 2
HIGHEST_GRADE: Final = 6.0
LONGEST_CLINIC_NAME: Final = 32

# What each value can be at its longest, and as people read it, where the grade is judged.
_LONGEST: Final[Mapping[str, object]] = {
    "clinic": "Riverside Health and Care Center"[:LONGEST_CLINIC_NAME],
    "phone": "+12025550123",
    "code": "W7W7",
    "codes": ", ".join(["W7W7"] * 6),
    "level": "emergency",
    "by": "Maximiliana Villavicencio",
    "count": 188,
    "strangers": 188,
    "missed": 188,
    "tier": "physician",
    "since": "Wed, Sep 30 11:30 PM",
    "until": "Thu, Oct 1 11:30 PM",
    "names": "1 Maximiliana, 2 Maximiliano",
}
_READ: Final[Mapping[str, object]] = {
    **_LONGEST,
    "clinic": "Elm",
    "phone": "555",
    "by": "Ana",
    "names": "1 Ana, 2 Ben",
}
_STAFF: Final = ("page_", "ack_", "digest", "notice_")
_STAFF_MAY_READ: Final = frozenset(
    {"code", "codes", "level", "by", "count", "strangers", "missed", "tier", "since", "until"}
)
_PATIENTS_MAY_READ: Final = frozenset({"clinic", "phone", "symptom", "names"})
# Who writes to us from a number that we do not know learns nothing of the clinic.
_WITHOUT_CLINIC: Final = ("reply_unknown_sender",)
TELLING: Final = re.compile(r"ketamin|spravato|infusi|depress|depresi|cystitis|cistitis|bipolar|ptsd", re.I)


@dataclass(frozen=True, slots=True)
class WrittenMessage:
    """A message at its longest: characters, parts and alphabet; and the grade of it as people read it."""

    name: str
    language: Language
    characters: int
    parts: int
    encoding: Encoding
    grade: float


@dataclass(frozen=True, slots=True)
class WordingReport:
    """All messages as written, and the problems found in them."""

    messages: tuple[WrittenMessage, ...]
    problems: tuple[Problem, ...]


def check_wording(wording: Wording) -> WordingReport:
    """Write every message in every language at its longest; name each that must not leave as it is."""
    messages: list[WrittenMessage] = []
    problems: list[Problem] = []
    for name in sorted(wording.names):
        for language in Language:
            unknown = tuple(_unknown_values(wording, name, language))
            problems += unknown
            if not unknown:
                message = _written(wording, name, language)
                messages.append(message)
                problems += _problems(wording, message)
    return WordingReport(tuple(messages), tuple(problems))


def is_for_staff(name: str) -> bool:
    """Return whether the message goes to staff; every other one goes to a patient."""
    return name.startswith(_STAFF)


def _unknown_values(wording: Wording, name: str, language: Language) -> Iterator[Problem]:
    known = _STAFF_MAY_READ if is_for_staff(name) else _PATIENTS_MAY_READ
    for variable in sorted(wording.variables(name, language) - known):
        sentence = f"needs {variable!r}, which is not given here; it may use {', '.join(sorted(known))}."
        yield _problem(wording, name, language, sentence)


def _written(wording: Wording, name: str, language: Language) -> WrittenMessage:
    texts = [wording.render(name, language, symptom=code, **_LONGEST) for code in wording.symptoms]
    # A sign outside GSM-7 in the name of one symptom costs more than the length of another's.
    text = max(texts, key=lambda text: (segments(text).parts, len(text)))
    parts, encoding = segments(text)
    read = wording.render(name, language, symptom="spasm", **_READ)
    return WrittenMessage(name, language, len(text), parts, encoding, reading_grade(read, language))


def _problems(wording: Wording, message: WrittenMessage) -> Iterator[Problem]:
    name, language = message.name, message.language
    source = wording.source(name, language)
    if message.parts > MOST_PARTS:
        signs = foreign_characters(source)
        cause = f" The signs {signs} make it {message.encoding}." if signs else ""
        yield _problem(
            wording, name, language, f"takes {message.parts} parts; {MOST_PARTS} are the most.{cause}"
        )
    if message.grade > HIGHEST_GRADE:
        sentence = f"reads at grade {message.grade:.1f}; write shorter words and sentences, grade 6 at most."
        yield _problem(wording, name, language, sentence)
    if telling := TELLING.search(source):
        yield _problem(wording, name, language, f"says {telling.group()!r}; name no drug and no diagnosis.")
    if not (is_for_staff(name) or name in _WITHOUT_CLINIC or source.startswith("{{ clinic }}: ")):
        yield _problem(wording, name, language, 'does not begin with "{{ clinic }}: ".')


def _problem(wording: Wording, name: str, language: Language, sentence: str) -> Problem:
    return Problem(wording.folder / language / f"{name}.txt", 1, name, sentence)
