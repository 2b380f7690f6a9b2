"""Keys and short words on a call: each mistake in the file has its line, and each key is read as it is meant."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from builders import the_library

from service.core.call import Command
from service.core.findings import Interpretation, Status
from service.core.interpretation import interpret
from service.core.words import OPENING, Asked, AskedKind, Disposition, Language
from service.library.errors import LibraryError
from service.library.keypad import KEYS_FILE, load_keypad

SHIPPED = Path(__file__).parents[2] / "templates" / "voice" / KEYS_FILE
ENGLISH, SPANISH = Language.ENGLISH, Language.SPANISH
SYMPTOMS = ("spasm", "headache", "urinary")
KINDS = "'opening', 'severity', 'redflag', 'recheck' or 'unsolicited'"
SOUND = """keys:
  opening: {en: {"0": none}, es: {"0": ninguno}}
  redflag: {en: {"1": "yes"}, es: {"1": sí}}
  recheck: {en: {"1": better}, es: {"1": mejor}}
words:
  "yes": {en: [yeah], es: [claro]}
  "no": {en: [nope], es: [no]}
  not_here: {en: [not here], es: [no está]}
  wrong_number: {en: [wrong number], es: [equivocado]}
  again: {en: [repeat], es: [repita]}
  operator: {en: [a person], es: [una persona]}
likely:
  yes_no: {en: ["yes"], es: [sí]}
  number: {en: [one], es: [uno]}
  complaint: {en: [spasm], es: [espasmo]}
  recheck: {en: [better], es: [mejor]}
"""


def read(key: str, asked: Asked, language: Language) -> Interpretation:
    library = the_library()
    phrase = library.keypad.phrase(asked.kind, key, language)
    assert phrase is not None
    return interpret(phrase, asked, 24, language, library.guide)


def present(interpretation: Interpretation) -> list[str]:
    return [found.symptom for found in interpretation.findings if found.status is Status.PRESENT]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("key", "symptom"), [("1", "spasm"), ("2", "headache"), ("3", "urinary")])
def test_a_key_at_the_opening_tells_of_its_symptom(key: str, symptom: str, language: Language) -> None:
    meant = read(key, OPENING, language)

    assert present(meant) == [symptom]
    assert meant.judgement.disposition is Disposition.CALLBACK


@pytest.mark.parametrize("language", list(Language))
def test_zero_at_the_opening_says_that_there_is_nothing(language: Language) -> None:
    meant = read("0", OPENING, language)

    assert [(found.symptom, found.status) for found in meant.findings] == [
        (symptom, Status.ABSENT) for symptom in SYMPTOMS
    ]
    assert meant.judgement.disposition is Disposition.OK


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("symptom", SYMPTOMS)
def test_one_at_the_red_flags_escalates_and_two_does_not(symptom: str, language: Language) -> None:
    asked = Asked(AskedKind.REDFLAG, symptom)

    assert read("1", asked, language).judgement.disposition is Disposition.URGENT
    assert present(read("1", asked, language)) == [symptom]
    assert read("2", asked, language).judgement.disposition is Disposition.CALLBACK
    assert present(read("2", asked, language)) == []


@pytest.mark.parametrize("language", list(Language))
def test_the_keys_of_a_recheck_are_better_the_same_and_worse(language: Language) -> None:
    asked = Asked(AskedKind.RECHECK, "spasm")

    assert [read(key, asked, language).judgement.disposition for key in "123"] == [
        Disposition.OK,
        Disposition.CALLBACK,
        Disposition.URGENT,
    ]


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("symptom", SYMPTOMS)
@pytest.mark.parametrize("number", range(11))
def test_a_number_by_key_is_how_bad_it_is(number: int, symptom: str, language: Language) -> None:
    asked = Asked(AskedKind.SEVERITY, symptom)
    [found] = interpret(str(number), asked, 24, language, the_library().guide).findings

    assert found.symptom == symptom
    assert found.severity == number or (number == 0 and found.status is Status.ABSENT)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(
    ("template", "kind"),
    [
        ("check_in_opening", AskedKind.OPENING),
        ("recheck", AskedKind.RECHECK),
        *((f"ask_redflag_{symptom}", AskedKind.REDFLAG) for symptom in SYMPTOMS),
    ],
)
def test_a_question_offers_the_keys_that_answer_it(
    template: str, kind: AskedKind, language: Language
) -> None:
    library = the_library()
    offered = re.findall(r"\d", library.voice.source(template, language))

    assert sorted(offered) == sorted(library.keypad.keys[kind][language])


@pytest.mark.parametrize(
    ("said", "language", "command"),
    [
        ("Yes.", ENGLISH, Command.YES),
        ("That's right!", ENGLISH, Command.YES),
        ("No", ENGLISH, Command.NO),
        ("Wrong  number.", ENGLISH, Command.WRONG_NUMBER),
        ("OPERATOR", ENGLISH, Command.OPERATOR),
        ("What?", ENGLISH, Command.AGAIN),
        ("¿Mande?", SPANISH, Command.AGAIN),
        ("Sí.", SPANISH, Command.YES),
        ("No está.", SPANISH, Command.NOT_HERE),
        ("Una persona", SPANISH, Command.OPERATOR),
        ("yes but my legs cramp", ENGLISH, None),
        ("operator", SPANISH, None),
        ("", ENGLISH, None),
        ("?", SPANISH, None),
    ],
)
def test_short_words_mean_something_to_the_call_only_by_themselves(
    said: str, language: Language, command: Command | None
) -> None:
    assert the_library().keypad.command(said, language) is command


def test_what_is_likely_to_be_said_is_in_the_callers_language() -> None:
    keypad = load_keypad(SHIPPED)

    assert {len(languages) for languages in keypad.likely.values()} == {2}
    assert keypad.hints(None, ENGLISH) == ()


@pytest.mark.parametrize(
    ("right", "wrong", "mistakes"),
    [
        ("  redflag:", "  redflg:", [f"3: keys.redflg is 'redflg'; it must be one of {KINDS}."]),
        (
            '{en: {"1": "yes"}, es: {"1": sí}}',
            '{en: {x: "yes"}, es: {x: sí}}',
            [f"3: keys.redflag.{language}.x is 'x'; a key is one of 0 to 9." for language in ("en", "es")],
        ),
        (
            '  redflag: {en: {"1"',
            '  redflag: {en: {"2"',
            ["3: keys.redflag has other keys in another language; they must be the same."],
        ),
        (
            "es: [equivocado]",
            "es: [claro]",
            ["9: words.wrong_number.es[0] is 'claro', which already means 'yes'."],
        ),
        (
            "en: [nope]",
            'en: ["?"]',
            ["7: words.no.en[0] is '?', which nobody can say; silence would mean 'no'."],
        ),
        ("en: [nope]", 'en: [""]', ["7: words.no.en[0] must not be empty."]),
        ('{"0": none}', '{"0": ""}', ["2: keys.opening.en.0 must not be empty."]),
        ("es: [mejor]}", "xx: [mejor]}", ["16: likely.recheck.xx is 'xx'; it must be one of 'en' or 'es'."]),
        (", es: [uno]}", "}", ["14: likely.number lacks the language 'es'."]),
        (
            "  recheck: {en: {",
            "  severity: {en: {",
            [
                "4: keys.severity is answered by a number or in words; no key stands for them.",
                "1: keys lacks 'recheck'.",
            ],
        ),
        ("  again: {en: [repeat], es: [repita]}\n", "", ["5: words lacks 'again'."]),
        (
            "en: [spasm]",
            'en: ["spasm, cramp"]',
            ["15: likely.complaint.en[0] holds a comma, which parts two hints; give two."],
        ),
        ('{"0": none}', "{0: none}", ["2: keys.opening.en[0] must be text."]),
        (
            "likely:",
            "unlikely:",
            [
                "1: likely is missing; add it.",
                "12: unlikely is not a field known here; check its spelling or remove it.",
            ],
        ),
    ],
)
def test_a_mistake_has_its_line_and_a_sentence(
    tmp_path: Path, right: str, wrong: str, mistakes: list[str]
) -> None:
    file = tmp_path / KEYS_FILE
    file.write_text(SOUND.replace(right, wrong, 1), encoding="utf-8")

    with pytest.raises(LibraryError) as refused:
        load_keypad(file)

    assert [f"{one.line}: {one.field} {one.sentence}" for one in refused.value.problems] == mistakes


def test_a_file_without_mistakes_is_read(tmp_path: Path) -> None:
    file = tmp_path / KEYS_FILE
    file.write_text(SOUND, encoding="utf-8")

    assert load_keypad(file).phrase(AskedKind.OPENING, "0", SPANISH) == "ninguno"
