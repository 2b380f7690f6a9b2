"""Every message as it is spoken: short, easy, safe to overhear, and there for each text it stands for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from service.core.words import Language
from service.library.errors import Problem
from service.library.reading_grade import reading_grade
from service.library.wording import Wording
from service.library.wording_check import HIGHEST_GRADE, TELLING

# About 45 seconds at the 130 words a minute of a slow voice; who is unwell does not listen longer.
MOST_WORDS: Final = 95
_VALUES: Final[Mapping[str, object]] = {
    "clinic": "Elm",
    "name": "Ana",
    "phone": "+12025550123",
    "words": "my legs cramp",
    "code": "K7Q2",
    "level": "urgent",
    "minutes": 12,
    "by": "Ben",
}
_STAFF_MAY_HEAR: Final = frozenset({"code", "level", "minutes", "by", "clinic"})
_PATIENTS_MAY_HEAR: Final = frozenset({"clinic", "name", "phone", "symptom", "words"})
# What a stranger or a machine may hear in the patient's place: no question, no symptom, nothing of care.
_BEFORE_WE_KNOW_WHO: Final = (
    "call_connecting",
    "call_goodbye",
    "call_greeting",
    "call_greeting_again",
    "call_nobody_free",
    "call_not_heard",
    "call_not_there",
    "call_voicemail",
    "call_wrong_number",
    "inbound_greeting",
)
_OF_HEALTH: Final = re.compile(
    r"symptom|síntoma|spasm|espasm|head|cabeza|bladder|vejiga|pee\b|orinar|pain|dolor|nurse|enfermer|feel|siente",
    re.I,
)
_RUN_TOGETHER: Final = re.compile(r"\b(?:911|988)\b")
# Only texts leave by these: they come unasked for, or answer a text from somebody unknown.
_TEXT_ONLY: Final = frozenset(
    {
        "welcome",
        "check_in_nudge",
        "reminder_tests",
        "reply_unknown_sender",
        "reply_taken",
        "digest",
        "ask_whose",
        # The call says how many minutes it has waited.
        "page_staff_late",
    }
)


@dataclass(frozen=True, slots=True)
class SpokenMessage:
    """A message as a voice says it: its length in words, and its grade."""

    name: str
    language: Language
    words: int
    grade: float


@dataclass(frozen=True, slots=True)
class VoiceReport:
    """All messages as spoken, and the problems found in them."""

    messages: tuple[SpokenMessage, ...]
    problems: tuple[Problem, ...]


def check_voice(voice: Wording, texts: Wording) -> VoiceReport:
    """Speak every message in every language; name each that must not be said so, or is not there."""
    messages: list[SpokenMessage] = []
    problems = [
        Problem(
            voice.folder / "en" / f"{name}.txt", 1, name, "is missing; a call has to say what the text says."
        )
        for name in sorted(texts.names - voice.names - _TEXT_ONLY)
        if not name.startswith(("ack_", "notice_"))
    ]
    for name in sorted(voice.names):
        for language in Language:
            found = [*_unknown_values(voice, name, language)]
            if not found:
                text = voice.render(name, language, symptom="spasm", **_VALUES)
                messages.append(
                    SpokenMessage(name, language, len(text.split()), reading_grade(text, language))
                )
                found += _problems(voice, messages[-1], text)
            problems += found
    return VoiceReport(tuple(messages), tuple(problems))


def _unknown_values(voice: Wording, name: str, language: Language) -> Iterator[Problem]:
    known = _STAFF_MAY_HEAR if name.startswith("page_") else _PATIENTS_MAY_HEAR
    for variable in sorted(voice.variables(name, language) - known):
        sentence = f"needs {variable!r}, which is not given here; it may use {', '.join(sorted(known))}."
        yield _problem(voice, name, language, sentence)


def _problems(voice: Wording, message: SpokenMessage, text: str) -> Iterator[Problem]:
    sentences = (
        (message.words > MOST_WORDS, f"is {message.words} words long; {MOST_WORDS} are the most."),
        (
            message.grade > HIGHEST_GRADE,
            f"is of grade {message.grade:.1f}; use shorter words and sentences, grade 6 at most.",
        ),
        (bool(TELLING.search(text)), "names a drug or a diagnosis; say neither."),
        (bool(_RUN_TOGETHER.search(text)), "has 911 or 988 in one; write 9 1 1 or 9 8 8, to be said so."),
        (
            message.name in _BEFORE_WE_KNOW_WHO and bool(_OF_HEALTH.search(text)),
            "speaks of health before it is known who listens; leave that out.",
        ),
    )
    for is_wrong, sentence in sentences:
        if is_wrong:
            yield _problem(voice, message.name, message.language, sentence)


def _problem(voice: Wording, name: str, language: Language, sentence: str) -> Problem:
    return Problem(voice.folder / language / f"{name}.txt", 1, name, sentence)
