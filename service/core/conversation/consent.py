"""Wishes about the messages themselves: stop, start, help, a wrong number, another language."""

from __future__ import annotations

import re
from typing import Final

from service.core.conversation.talk import ANSWER_WITHIN, Talk
from service.core.decisions import (
    Answer,
    Decision,
    Escalate,
    ExpectAnswer,
    OptIn,
    OptOut,
    SetLanguage,
    WrongNumber,
)
from service.core.words import Disposition, Intent, Language, Urgency

_WISHES: Final[dict[Intent, tuple[Decision, ...]]] = {
    Intent.STOP: (Answer("reply_stopped", Urgency.ANSWER), OptOut()),
    Intent.START: (Answer("reply_started", Urgency.ANSWER), OptIn()),
    Intent.HELP: (Answer("reply_help", Urgency.ANSWER),),
    Intent.WRONG_PERSON: (
        Answer("reply_wrong_person", Urgency.ANSWER),
        WrongNumber(),
        Escalate(Disposition.CALLBACK, "The number seems to belong to somebody else."),
    ),
}
_POLITE: Final = (
    r"(?:(?:in|en|habla|hablo|speak|prefer|prefiero|quiero|i|want|solo|only|please|por favor|pls|no|yes|si|sí)"
    r"\W+)*"
)
_END: Final = r"(?:\W+(?:please|por favor|pls|only|solo|gracias|thanks))*"
_LANGUAGES: Final = {
    Language.SPANISH: re.compile(
        rf"\W*{_POLITE}(?:español|espanol|spanish|castellano){_END}\W*", re.IGNORECASE
    ),
    Language.ENGLISH: re.compile(rf"\W*{_POLITE}(?:english|inglés|ingles){_END}\W*", re.IGNORECASE),
}
_REFUSED: Final = re.compile(r"\bno\W+(?:habla|hablo|speak|english|ingl|espa|spanish)", re.IGNORECASE)


def wish(intent: Intent, *, answered_by_carrier: bool) -> tuple[Decision, ...]:
    """Return what a wish about the messages leads to, its answer first; empty where the reply is none.

    `answered_by_carrier` says that Twilio has itself answered this STOP, START or HELP, so that we must not.
    """
    decisions = _WISHES.get(intent, ())
    if answered_by_carrier:
        return tuple(decision for decision in decisions if not isinstance(decision, Answer))
    return decisions


def language_wished(words: str) -> Language | None:
    """Return the language that a reply asks for, where it asks for nothing else ("español", "in English please")."""
    named = next((language for language, form in _LANGUAGES.items() if form.fullmatch(words)), None)
    if named is not None and _REFUSED.search(words):
        return Language.SPANISH if named is Language.ENGLISH else Language.ENGLISH
    return named


def in_other_language(talk: Talk, language: Language) -> tuple[Decision, ...]:
    """Return the switch, with the question that is in the air said again, or a line that says it is done."""
    if talk.waits:
        symptom = (("symptom", talk.asked.symptom),) if talk.asked.symptom else ()
        again = Answer(talk.prompt or "reply_unclear", Urgency.ANSWER, symptom)
        return SetLanguage(language), again, ExpectAnswer(ANSWER_WITHIN)
    return SetLanguage(language), Answer("reply_language", Urgency.ANSWER)
