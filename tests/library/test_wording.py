"""Messages by name and language: what is written, what is refused, and what the shipped ones promise."""

from pathlib import Path

import pytest

from service.core.words import Language
from service.library.errors import LibraryError
from service.library.wording import Wording, WordingError, load_wording

ROOT = Path(__file__).parents[2]
SHIPPED = load_wording(ROOT / "templates" / "texts")
ENGLISH, SPANISH = Language.ENGLISH, Language.SPANISH


def a_folder(folder: Path, **messages: str) -> Path:
    """Write messages named "en_hello" or "es_hello", and two symptoms."""
    for language in Language:
        (folder / language).mkdir()
    for name, text in messages.items():
        language, _, stem = name.partition("_")
        (folder / language / f"{stem}.txt").write_text(text, encoding="utf-8")
    (folder / "symptoms.yaml").write_text(
        "symptoms:\n  spasm: {en: muscle spasm, es: los espasmos}\n  fever: {en: fever, es: la fiebre}\n",
        encoding="utf-8",
    )
    return folder


def test_a_message_is_written_in_the_language_of_the_patient() -> None:
    assert SHIPPED.render("reply_emergency", ENGLISH, clinic="Elm Clinic") == (
        "Elm Clinic: This may be an emergency. Call 911 now, or ask someone near you to call. "
        "Do not drive. We are telling our staff right now."
    )
    assert SHIPPED.render("reply_emergency", SPANISH, clinic="Elm Clinic") == (
        "Elm Clinic: Esto puede ser una emergencia. Llame ya al 911, o pida que alguien llame. "
        "No maneje. Estamos avisando a nuestro equipo."
    )


def test_a_symptom_given_by_its_code_is_written_by_its_name() -> None:
    written = [SHIPPED.render("recheck", language, clinic="Elm", symptom="headache") for language in Language]

    assert written == [
        "Elm: You told us about your headache before. Is it BETTER, the SAME, or WORSE? Emergency? Call 911.",
        "Elm: Nos dijo algo sobre el dolor de cabeza. ¿Va MEJOR, IGUAL o PEOR? ¿Emergencia? Llame al 911.",
    ]


def test_a_patients_words_are_written_as_they_are(tmp_path: Path) -> None:
    wording = load_wording(a_folder(tmp_path, en_hello="{{ clinic }}: hello", es_hello="{{ clinic }}: hola"))

    assert (
        wording.render("hello", ENGLISH, clinic="O'Hara & <Sons> {{ 7 }}") == "O'Hara & <Sons> {{ 7 }}: hello"
    )


def test_a_value_that_is_not_given_is_refused_and_named() -> None:
    with pytest.raises(WordingError, match=r"'recheck' \(en\) lacks a value: 'clinic' is undefined"):
        SHIPPED.render("recheck", ENGLISH, symptom="spasm")


def test_a_message_that_does_not_exist_is_refused() -> None:
    with pytest.raises(WordingError, match="There is no message 'goodbye'"):
        SHIPPED.render("goodbye", ENGLISH)


def test_the_values_that_a_message_needs_are_known() -> None:
    assert SHIPPED.variables("ask_severity", SPANISH) == {"clinic", "symptom"}


def test_a_message_that_lacks_a_language_is_a_mistake(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, en_hello="hello", es_hello="hola", en_bye="bye")

    with pytest.raises(LibraryError) as caught:
        load_wording(folder)

    [problem] = caught.value.problems
    assert problem.path == folder / "es" / "bye.txt"
    assert problem.sentence == "is missing; every message is in every language."


def test_a_message_that_is_no_template_is_a_mistake_on_its_line(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, en_hello="hello\n{{ clinic", es_hello="hola {% if %}")

    with pytest.raises(LibraryError) as caught:
        load_wording(folder)

    assert [(problem.path.parent.name, problem.line) for problem in caught.value.problems] == [
        ("en", 2),
        ("es", 1),
    ]


def test_a_message_that_is_not_in_utf_8_is_a_mistake(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, en_hello="hello", es_hello="hola")
    (folder / "es" / "hello.txt").write_bytes("¿Qué tal?".encode("latin-1"))

    with pytest.raises(LibraryError, match=r"hello\.txt:1: \(file\) is not in UTF-8; save it so\."):
        load_wording(folder)


def test_a_symptom_that_lacks_a_language_is_a_mistake(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, en_hello="hello", es_hello="hola")
    (folder / "symptoms.yaml").write_text("symptoms:\n  spasm: {en: muscle spasm}\n")

    with pytest.raises(LibraryError, match=r"symptoms\.yaml:2: symptoms\.spasm\.es is missing; add it\."):
        load_wording(folder)


@pytest.mark.parametrize(
    ("code", "count", "text"),
    [
        (ENGLISH, 1, "Dripline: 1 patient to call today. See your worklist."),
        (ENGLISH, 2, "Dripline: 2 patients to call today. See your worklist."),
        (SPANISH, 1, "Dripline: hoy hay 1 paciente por llamar. Vea su lista."),
        (SPANISH, 2, "Dripline: hoy hay 2 pacientes por llamar. Vea su lista."),
    ],
)
def test_one_is_one_and_two_are_two(code: Language, count: int, text: str) -> None:
    nothing_else = {"strangers": 0, "missed": 0, "since": "", "until": ""}
    assert SHIPPED.render("digest", code, count=count, **nothing_else) == text


@pytest.mark.parametrize("level", ["urgent", "URGENT"])
def test_a_page_says_level_and_code_and_nothing_of_the_patient(level: str) -> None:
    assert SHIPPED.render("page_staff", ENGLISH, level=level, code="K7Q2") == (
        "Dripline: URGENT K7Q2. A patient needs you now. Reply K7Q2 to take it. Details are on your worklist."
    )
    assert SHIPPED.render("page_staff", SPANISH, level=level, code="K7Q2").startswith(
        "Dripline: URGENTE K7Q2."
    )
    assert SHIPPED.variables("page_staff", ENGLISH) == {"level", "code"}


SAFETY = (
    "check_in_opening",
    "check_in_nudge",
    "reply_ok",
    "reply_unclear",
    "reply_callback",
    "reply_urgent",
    "reply_emergency",
    "reply_self_harm",
    "reply_unknown_sender",
    "reply_taken",
    "reply_help",
    "reply_stopped",
    "reply_started",
    "welcome",
)


def written(wording: Wording, name: str, language: Language) -> str:
    return wording.render(name, language, clinic="Elm", phone="+12025550123", symptom="spasm")


@pytest.mark.parametrize("name", SAFETY)
@pytest.mark.parametrize("language", list(Language))
def test_every_answer_to_a_patient_tells_of_911(name: str, language: Language) -> None:
    assert "911" in written(SHIPPED, name, language)


@pytest.mark.parametrize("language", list(Language))
def test_thoughts_of_suicide_are_answered_with_988_first_and_911(language: Language) -> None:
    text = written(SHIPPED, "reply_self_harm", language)

    assert 0 < text.index("988") < text.index("911")


@pytest.mark.parametrize(
    ("name", "english", "spanish"),
    [
        (
            "check_in_opening",
            ("spasm", "headache", "pee", "NONE", "0 to 10"),
            ("espasm", "cabeza", "orinar", "NADA"),
        ),
        ("ask_severity", ("0 (none)", "10 (the worst"), ("0 (nada)", "10 (lo peor")),
        (
            "ask_redflag_spasm",
            (
                "Whole body",
                "both sides",
                "Can't move",
                "Jaw",
                "throat",
                "breathing",
                "Passed out",
                "confused",
                "Y or N",
            ),
            (
                "Todo el cuerpo",
                "dos lados",
                "mover",
                "Boca",
                "garganta",
                "aire",
                "desmayado",
                "confunde",
                "SI o NO",
            ),
        ),
        (
            "ask_redflag_headache",
            (
                "at once",
                "worst",
                "Fever",
                "stiff neck",
                "sight",
                "Weak",
                "numb",
                "confused",
                "Throwing up",
                "Y or N",
            ),
            (
                "golpe",
                "peor",
                "Fiebre",
                "cuello",
                "Ve mal",
                "fuerza",
                "dormido",
                "confunde",
                "Vomita",
                "SI o NO",
            ),
        ),
        (
            "ask_redflag_urinary",
            ("Blood", "Can't pee", "Fever", "chills", "back", "side", "Y or N"),
            ("Sangre", "No puede orinar", "Fiebre", "temblores", "espalda", "lado", "SI o NO"),
        ),
        ("recheck", ("BETTER", "SAME", "WORSE"), ("MEJOR", "IGUAL", "PEOR")),
        # The specialist's intake for spasm: limbs, spread, length, awareness, pain, onset, witnesses, history.
        (
            "ask_intake_where",
            ("arms or legs", "All of them, or part", "all at once, or spread"),
            ("brazos o piernas", "todo o en parte", "golpe"),
        ),
        (
            "ask_intake_how",
            ("How long", "awake and clear", "pain", "tight"),
            ("dura", "cuenta", "Duele", "aprieta"),
        ),
        (
            "ask_intake_when",
            ("after your visit", "at the visit", "nurse see"),
            ("tras su visita", "en la visita", "vio"),
        ),
        (
            "ask_intake_before",
            ("first time", "How often", "other meds"),
            ("primera vez", "cada mes", "medicinas"),
        ),
    ],
)
def test_a_question_names_all_that_the_triage_guide_asks(
    name: str, english: tuple[str, ...], spanish: tuple[str, ...]
) -> None:
    for language, parts in ((ENGLISH, english), (SPANISH, spanish)):
        text = written(SHIPPED, name, language)
        assert [part for part in parts if part not in text] == []
