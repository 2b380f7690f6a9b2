"""What is said on calls: codes and numbers sign by sign, nothing private too early, and 9 1 1 aloud."""

import shutil
from pathlib import Path

import pytest

from service.core.words import Language
from service.library.speech import spelled, spoken_number
from service.library.voice_check import check_voice
from service.library.wording import Wording, load_wording

ROOT = Path(__file__).parents[2]
SYMPTOMS = ROOT / "templates" / "texts" / "symptoms.yaml"
TEXTS = load_wording(ROOT / "templates" / "texts")
VOICE = load_wording(ROOT / "templates" / "voice", SYMPTOMS)
ENGLISH, SPANISH = Language.ENGLISH, Language.SPANISH


@pytest.fixture
def spoiled(tmp_path: Path) -> Path:
    """A copy of the spoken messages that a test may spoil."""
    return Path(shutil.copytree(ROOT / "templates" / "voice", tmp_path / "voice"))


def problems(folder: Path) -> list[str]:
    report = check_voice(load_wording(folder, SYMPTOMS), TEXTS)
    return [f"{one.path.relative_to(folder)}: {one.field} {one.sentence}" for one in report.problems]


def test_a_code_is_spelled() -> None:
    assert spelled("K7Q2") == "K 7 Q 2"


@pytest.mark.parametrize(
    ("phone", "spoken"),
    [
        ("+12025550123", "2 0 2, 5 5 5, 0 1 2 3"),
        ("2025550123", "2 0 2, 5 5 5, 0 1 2, 3"),
        ("+442079460123", "4 4 2, 0 7 9, 4 6 0, 1 2 3"),
        ("", ""),
    ],
)
def test_a_number_is_said_sign_by_sign(phone: str, spoken: str) -> None:
    assert spoken_number(phone) == spoken


def test_the_spoken_messages_are_short_easy_and_safe_to_overhear() -> None:
    report = check_voice(VOICE, TEXTS)

    assert report.problems == ()
    assert len(report.messages) == 2 * len(VOICE.names)


def test_a_page_says_its_level_its_code_and_how_long_it_has_waited() -> None:
    said = VOICE.render("page_staff", ENGLISH, level="URGENT", code="K7Q2", minutes=3)

    assert said == (
        "This is Dripline. Urgent page, code K 7 Q 2. A patient needs you now. It has waited 3 minutes. "
        "To take it, press 1. To pass it on, press 2. To hear this again, press 9."
    )
    assert "waited 1 minute." in VOICE.render("page_staff", ENGLISH, level="urgent", code="K7Q2", minutes=1)
    assert "waited less than a minute." in VOICE.render(
        "page_staff", ENGLISH, level="urgent", code="K7Q2", minutes=0
    )
    assert "waited 20 hours." in VOICE.render(
        "page_staff", ENGLISH, level="urgent", code="K7Q2", minutes=1201
    )
    assert "Aviso de emergencia, clave K 7 Q 2." in VOICE.render(
        "page_staff", SPANISH, level="emergency", code="K7Q2", minutes=1
    )


def test_a_call_asks_for_the_patient_before_anything_private() -> None:
    said = VOICE.render("call_greeting", ENGLISH, clinic="Elm Clinic", name="Ana")

    assert said == (
        "Hello. This is Elm Clinic with a call for Ana. If you are Ana, press 1 or say yes. "
        "If Ana can't come to the phone, press 2. If this is the wrong number, press 9."
    )


def test_a_voicemail_holds_a_name_and_a_number_and_nothing_of_health() -> None:
    said = VOICE.render("call_voicemail", ENGLISH, clinic="Elm Clinic", name="Ana", phone="+12025550123")

    assert said == (
        "Hello. This is Elm Clinic with a message for Ana. Please call us back at 2 0 2, 5 5 5, 0 1 2 3. "
        "Once more, 2 0 2, 5 5 5, 0 1 2 3. Thank you. Goodbye."
    )


def said(wording: Wording, name: str, language: Language) -> str:
    return wording.render(name, language, clinic="Elm", name="Ana", phone="+12025550123", symptom="spasm")


SAFETY = (
    "inbound_greeting",
    "reply_callback",
    "reply_emergency",
    "reply_self_harm",
    "reply_unclear",
    "reply_urgent",
)


@pytest.mark.parametrize("name", SAFETY)
@pytest.mark.parametrize("language", list(Language))
def test_every_path_tells_of_911(name: str, language: Language) -> None:
    assert "9 1 1" in said(VOICE, name, language)


@pytest.mark.parametrize(("name", "number"), [("reply_emergency", "9 1 1"), ("reply_self_harm", "9 8 8")])
@pytest.mark.parametrize("language", list(Language))
def test_the_safety_line_is_said_twice(name: str, number: str, language: Language) -> None:
    assert said(VOICE, name, language).count(number) == 2


@pytest.mark.parametrize("symptom", ["spasm", "headache", "urinary"])
@pytest.mark.parametrize("language", list(Language))
def test_a_red_flag_question_is_answered_by_1_and_2_or_aloud(symptom: str, language: Language) -> None:
    text = said(VOICE, f"ask_redflag_{symptom}", language)

    assert text.index(" 1 ") < text.index(" 2 ")
    assert {"en": ("say yes", "say no"), "es": ("diga sí", "diga no")}[language][1] in text


def test_a_text_that_has_no_speech_is_found(spoiled: Path) -> None:
    for language in Language:
        (spoiled / language / "reply_urgent.txt").unlink()

    assert problems(spoiled) == [
        "en/reply_urgent.txt: reply_urgent is missing; a call has to say what the text says."
    ]


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        (
            "reply_ok",
            "If it gets worse, call 911. Thank you.",
            "has 911 or 988 in one; write 9 1 1 or 9 8 8, to be said so.",
        ),
        ("reply_ok", "How was the infusion?", "names a drug or a diagnosis; say neither."),
        ("reply_ok", "Thank you. " * 48, "is 96 words long; 95 are the most."),
        (
            "reply_ok",
            "Notify administration immediately.",
            "is of grade 36.7; use shorter words and sentences, grade 6 at most.",
        ),
        (
            "call_voicemail",
            "Ana, how is your headache?",
            "speaks of health before it is known who listens; leave that out.",
        ),
        (
            "page_staff",
            "{{ name }} needs you.",
            "needs 'name', which is not given here; it may use by, clinic, code, level, minutes.",
        ),
    ],
)
def test_what_must_not_be_said_is_found(spoiled: Path, name: str, text: str, sentence: str) -> None:
    (spoiled / "en" / f"{name}.txt").write_text(text)

    assert problems(spoiled) == [f"en/{name}.txt: {name} {sentence}"]
