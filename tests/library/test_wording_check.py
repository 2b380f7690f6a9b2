"""The check of all messages: it passes the shipped ones, and finds each thing that must not leave."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.core.words import Language
from service.library.reading_grade import reading_grade
from service.library.wording import load_wording
from service.library.wording_check import HIGHEST_GRADE, MOST_PARTS, check_wording

ROOT = Path(__file__).parents[2]
ENGLISH, SPANISH = Language.ENGLISH, Language.SPANISH


def problems(folder: Path, **messages: str) -> list[str]:
    """Return what is found in a folder of two sound messages with some of them replaced."""
    sound = {
        "en_hello": "{{ clinic }}: Are you well?",
        "es_hello": "{{ clinic }}: ¿Va todo bien?",
        "en_page_x": "{{ code }}",
        "es_page_x": "{{ code }}",
    }
    for name, text in (sound | messages).items():
        language, _, stem = name.partition("_")
        (folder / language).mkdir(exist_ok=True)
        (folder / language / f"{stem}.txt").write_text(text, encoding="utf-8")
    (folder / "symptoms.yaml").write_text("symptoms:\n  spasm: {en: spasm, es: el espasmo}\n")
    report = check_wording(load_wording(folder))
    return [f"{one.path.relative_to(folder)}: {one.field} {one.sentence}" for one in report.problems]


def test_the_shipped_messages_fit_read_easily_and_tell_nothing() -> None:
    report = check_wording(load_wording(ROOT / "templates" / "texts"))

    assert report.problems == ()
    assert len(report.messages) == len(list((ROOT / "templates" / "texts").glob("*/*.txt"))) > 50
    assert max(message.parts for message in report.messages) <= MOST_PARTS
    assert max(message.grade for message in report.messages) <= HIGHEST_GRADE


def test_sound_messages_have_no_problems(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


def test_a_value_that_nobody_gives_is_found(tmp_path: Path) -> None:
    assert problems(tmp_path, en_hello="{{ clinic }}: Hello {{ name }}") == [
        "en/hello.txt: hello needs 'name', which is not given here; it may use clinic, names, phone, symptom."
    ]


def test_a_symptom_in_a_page_to_staff_is_found(tmp_path: Path) -> None:
    assert problems(tmp_path, en_page_x="{{ code }}: {{ symptom }}") == [
        "en/page_x.txt: page_x needs 'symptom', which is not given here; "
        "it may use by, code, codes, count, level, missed, since, strangers, tier, until."
    ]


def test_a_message_that_does_not_name_the_clinic_first_is_found(tmp_path: Path) -> None:
    assert problems(tmp_path, es_hello="¿Va todo bien? {{ clinic }}") == [
        'es/hello.txt: hello does not begin with "{{ clinic }}: ".'
    ]


@pytest.mark.parametrize("telling", ["ketamine", "Esketamina", "infusion", "depression", "cistitis"])
def test_a_drug_or_a_diagnosis_is_found(tmp_path: Path, telling: str) -> None:
    [found] = problems(tmp_path, en_hello=f"{{{{ clinic }}}}: Are you well now, or is it the {telling}?")

    assert found.endswith("; name no drug and no diagnosis.")


def test_a_long_message_is_found_with_the_signs_that_make_it_long(tmp_path: Path) -> None:
    words = "Va bien. " * 13

    assert problems(tmp_path, es_hello=f"{{{{ clinic }}}}: {words}") == []
    assert problems(tmp_path, es_hello=f"{{{{ clinic }}}}: {words} ¿Sí?") == [
        "es/hello.txt: hello takes 3 parts; 2 are the most. The signs í make it UCS-2."
    ]


def test_a_message_that_is_hard_to_read_is_found(tmp_path: Path) -> None:
    [found] = problems(
        tmp_path,
        en_hello="{{ clinic }}: Notify administration immediately of deteriorating neurological symptoms.",
    )

    assert "write shorter words and sentences" in found


@pytest.mark.parametrize(
    ("text", "language", "grade"),
    [
        # Counted by hand: words, sentences, syllables into the published formula.
        ("The cat sat on the mat.", ENGLISH, 0.39 * 6 + 11.8 * 1 - 15.59),
        ("Call us. We are here.", ENGLISH, 0.39 * 5 / 2 + 11.8 * 1 - 15.59),
        ("A nurse will telephone tomorrow.", ENGLISH, 0.39 * 5 + 11.8 * 9 / 5 - 15.59),
        ("La casa es de mi hermana.", SPANISH, -20.5 / 6 + 4.9 * 9 / 6 - 3.407),
        ("Tome agua. Descanse hoy.", SPANISH, -20.5 * 2 / 4 + 4.9 * 8 / 4 - 3.407),
    ],
)
def test_the_grade_is_that_of_the_formula(text: str, language: Language, grade: float) -> None:
    assert reading_grade(text, language) == pytest.approx(grade)


@given(st.text(max_size=300), st.sampled_from(list(Language)))
def test_any_text_has_a_grade(text: str, language: Language) -> None:
    assert -20 < reading_grade(text, language) < 2000


def test_longer_words_and_sentences_raise_the_grade() -> None:
    grade: Callable[[str], float] = lambda text: reading_grade(text, ENGLISH)  # noqa: E731 -- a short name here

    assert grade("Call us. We help.") < grade("Call us and we help.") < grade("Telephone us and we assist.")
