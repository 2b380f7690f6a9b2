"""What our messages invite patients to reply is understood: the words in capitals, the letters and the numbers."""

from pathlib import Path

import pytest

from service.core.findings import Status
from service.core.interpretation import Interpretation, interpret
from service.core.words import Asked, Disposition, Intent, Language
from service.library.triage import load_triage
from service.library.wording import load_wording

ROOT = Path(__file__).parents[2]
GUIDE = load_triage(ROOT / "schedules")
TEXTS = load_wording(ROOT / "templates" / "texts")
ENGLISH, SPANISH = Language.ENGLISH, Language.SPANISH
RED_FLAGS = ("spasm", "headache", "urinary")


def reading(text: str, asked: str, language: Language) -> Interpretation:
    return interpret(text, Asked.parse(asked), 24, language, GUIDE)


def invites(name: str, language: Language, word: str) -> bool:
    return word in TEXTS.render(name, language, clinic="Elm", phone="+12025550123", symptom="headache")


@pytest.mark.parametrize("name", ["check_in_opening", "check_in_nudge", "reply_unclear"])
@pytest.mark.parametrize(("language", "word"), [(ENGLISH, "NONE"), (SPANISH, "NADA")])
def test_a_well_patient_answers_with_one_word(name: str, language: Language, word: str) -> None:
    assert invites(name, language, word)

    assert reading(word, "opening", language).judgement.disposition is Disposition.OK


@pytest.mark.parametrize("symptom", RED_FLAGS)
@pytest.mark.parametrize(("language", "yes", "no"), [(ENGLISH, "Y", "N"), (SPANISH, "SI", "NO")])
def test_yes_to_a_red_flag_pages_staff_and_no_does_not(
    symptom: str, language: Language, yes: str, no: str
) -> None:
    assert [invites(f"ask_redflag_{symptom}", language, f" {word}") for word in (f"{yes} o", f"{no}.")] == [
        True
    ] * 2

    assert reading(yes, f"redflag:{symptom}", language).judgement.disposition.needs_paging
    assert not reading(no, f"redflag:{symptom}", language).judgement.disposition.needs_paging


@pytest.mark.parametrize(
    ("language", "word", "accepted"),
    [
        (ENGLISH, "BETTER", {Disposition.OK, Disposition.CALLBACK}),
        (ENGLISH, "SAME", {Disposition.OK, Disposition.CALLBACK}),
        (ENGLISH, "WORSE", {Disposition.CALLBACK, Disposition.URGENT}),
        (SPANISH, "MEJOR", {Disposition.OK, Disposition.CALLBACK}),
        (SPANISH, "IGUAL", {Disposition.OK, Disposition.CALLBACK}),
        (SPANISH, "PEOR", {Disposition.CALLBACK, Disposition.URGENT}),
    ],
)
def test_better_same_and_worse_are_told_apart(
    language: Language, word: str, accepted: set[Disposition]
) -> None:
    assert invites("recheck", language, word)

    assert reading(word, "recheck:headache", language).judgement.disposition in accepted


@pytest.mark.parametrize("symptom", ["spasm", "headache", "urinary", "memory"])
@pytest.mark.parametrize("language", list(Language))
def test_a_number_is_how_bad_it_is(symptom: str, language: Language) -> None:
    none, worst = (reading(number, f"severity:{symptom}", language) for number in ("0", "10"))

    assert [(f.symptom, f.status) for f in none.findings] == [(symptom, Status.ABSENT)]
    assert [(f.symptom, f.status, f.severity) for f in worst.findings] == [(symptom, Status.PRESENT, 10)]
    assert worst.judgement.disposition.rank >= Disposition.CALLBACK.rank


@pytest.mark.parametrize(
    ("language", "name", "word", "intent"),
    [
        (ENGLISH, "reply_help", "STOP", Intent.STOP),
        (ENGLISH, "welcome", "HELP", Intent.HELP),
        (ENGLISH, "reply_stopped", "START", Intent.START),
        (SPANISH, "reply_help", "ALTO", Intent.STOP),
        (SPANISH, "welcome", "AYUDA", Intent.HELP),
        (SPANISH, "reply_stopped", "START", Intent.START),
    ],
)
def test_the_keywords_that_we_name_do_what_we_say(
    language: Language, name: str, word: str, intent: Intent
) -> None:
    assert invites(name, language, word)

    assert reading(word, "opening", language).intent is intent
