"""The documents of a call, held against what Twilio allows: verbs, nesting, attributes, lengths, and a way on from each."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from builders import the_library
from hypothesis import example, given
from hypothesis import strategies as st
from twilio.twiml.voice_response import Dial, VoiceResponse

from service.carrier.twiml import Listening, Ringing, Spoken, call_document, connect
from service.core.words import Language
from service.simulator.voice_twiml import gather_of, read_voice_twiml

ENGLISH, SPANISH = Language.ENGLISH, Language.SPANISH
NEXT = "/twilio/calls/reference-1/turns/3"
HELLO = (Spoken(ENGLISH, "Hello."),)
VALUES = {
    "clinic": "Willow & Sons <Clinic>",
    "name": "Ana",
    "phone": "+12025550199",
    "symptom": "spasm",
    "words": "my legs cramp",
    "code": "K7Q2",
    "level": "urgent",
    "minutes": 12,
    "by": "Ben",
}
SIGNATURES: dict[str, Callable[..., object]] = {
    "Say": VoiceResponse.say,
    "Gather": VoiceResponse.gather,
    "Dial": VoiceResponse.dial,
    "Number": Dial.number,
    "Redirect": VoiceResponse.redirect,
    "Hangup": VoiceResponse.hangup,
}
INSIDE = {"Response": set(SIGNATURES) - {"Number"}, "Gather": {"Say"}, "Dial": {"Number"}}
# By these a call goes on, or is over; nothing that stands after one is ever reached.
LAST = {"Gather", "Dial", "Redirect", "Hangup"}
# The pairs that Twilio's list of voices has.
VOICES = {("Polly.Joanna", "en-US"), ("Polly.Lupe", "es-US")}


def attributes_of(verb: str) -> set[str]:
    """Return the attributes that the SDK knows for a verb, as they are written in TwiML."""
    parts = [name.split("_") for name in inspect.signature(SIGNATURES[verb]).parameters]
    return {first + "".join(map(str.capitalize, rest)) for first, *rest in parts}


def opened(document: str) -> Element:
    """Return the root of a document in which there is nothing that Twilio would refuse."""
    assert len(document.encode()) <= 64_000
    root = ElementTree.fromstring(document)
    assert root.tag == "Response"
    assert root.attrib == {}
    for element in root.iter():
        assert {child.tag for child in element} <= INSIDE.get(element.tag, set())
        if element is not root:
            assert set(element.attrib) <= attributes_of(element.tag)
            check_verb(element)
    assert [element.tag for element in root if element.tag in LAST] == [root[-1].tag]
    assert read_voice_twiml(document.encode()).warnings == ()
    return root


def check_verb(element: Element) -> None:
    assert all(len(value) <= 4000 for name, value in element.attrib.items() if name in ("action", "url"))
    if element.tag == "Say":
        assert len("".join(element.itertext())) <= 3000
        assert (element.get("voice"), element.get("language")) in VOICES
    elif element.tag == "Gather":
        hints = (element.get("hints") or "").split(",")
        assert len(hints) <= 500
        assert max(map(len, hints)) <= 100
        assert element.get("actionOnEmptyResult") == "true"
        assert element.get("action")
    elif element.tag == "Dial":
        assert 1 <= len(element) <= 10
        assert element.get("action")
    elif element.tag == "Redirect":
        assert element.text


def listening(**changes: Any) -> Listening:
    """Return a question for one key or speech."""
    fields: dict[str, Any] = {"language": ENGLISH, "keys": 1, "speech": True, "seconds": 6}
    return Listening(**(fields | {"hints": ("yes", "no")} | changes))


RINGING = Ringing((("+12025550111", "/a"), ("+12025550112", "/b")), 20)


@pytest.mark.parametrize("then", [listening(), RINGING, None], ids=["listening", "ringing", "goodbye"])
@pytest.mark.parametrize("language", list(Language))
def test_everything_that_is_ever_said_makes_a_document_that_twilio_takes(
    language: Language, then: Listening | Ringing | None
) -> None:
    voice = the_library().voice
    for name in sorted(voice.names):
        words = voice.render(name, language, **VALUES)
        root = opened(call_document((Spoken(language, words),), then, next_url=NEXT))

        [said] = root.iter("Say")
        assert said.text == words


@pytest.mark.parametrize("language", list(Language))
def test_every_list_of_likely_words_is_within_twilios_limits(language: Language) -> None:
    keypad = the_library().keypad
    for hints in keypad.likely:
        likely = keypad.hints(hints, language)
        root = opened(call_document((), listening(language=language, hints=likely), next_url=NEXT))

        assert root[0].get("hints") == ",".join(likely)


def test_a_question_is_asked_inside_its_gather_so_that_a_key_cuts_it_short() -> None:
    root = opened(call_document(HELLO, listening(), next_url=NEXT))

    assert [element.tag for element in root] == ["Gather"]
    assert root[0].attrib == {
        "action": NEXT,
        "method": "POST",
        "actionOnEmptyResult": "true",
        "timeout": "6",
        "finishOnKey": "#",
        "numDigits": "1",
        "input": "dtmf speech",
        "speechTimeout": "auto",
        "profanityFilter": "false",
        "language": "en-US",
        "hints": "yes,no",
    }


def test_a_question_for_keys_hears_no_speech() -> None:
    [verb] = read_voice_twiml(call_document(HELLO, listening(speech=False), next_url=NEXT).encode()).verbs
    asked = gather_of(verb, "")

    assert (asked.takes_keys, asked.takes_speech, asked.most_digits) == (True, False, 1)
    assert (asked.action, asked.method, asked.timeout, asked.asks_when_empty) == (NEXT, "POST", 6, True)


def test_a_number_of_two_keys_ends_with_pound() -> None:
    [verb] = read_voice_twiml(call_document(HELLO, listening(keys=None), next_url=NEXT).encode()).verbs
    asked = gather_of(verb, "")

    assert (asked.most_digits, asked.finish_key) == (None, "#")


def test_staff_are_rung_at_once_and_each_is_asked_for_a_key() -> None:
    root = opened(call_document(HELLO, RINGING, next_url=NEXT))

    assert [element.tag for element in root] == ["Say", "Dial"]
    assert root[1].attrib == {"action": NEXT, "method": "POST", "timeout": "20"}
    assert [(number.text, number.get("url")) for number in root[1]] == list(RINGING.numbers)


def test_no_more_than_ten_are_rung() -> None:
    many = tuple((f"+120255501{place:02}", f"/{place}") for place in range(12))
    root = opened(call_document(HELLO, Ringing(many, 20), next_url=NEXT))

    assert [number.text for number in root[1]] == [number for number, _ in many[:10]]


def test_a_goodbye_goes_on_to_a_document_that_hangs_up() -> None:
    assert [(element.tag, element.text) for element in opened(call_document(HELLO, None, next_url=NEXT))] == [
        ("Say", "Hello."),
        ("Redirect", NEXT),
    ]
    assert [element.tag for element in opened(call_document((), None))] == ["Hangup"]


def test_who_was_rung_and_pressed_the_key_is_connected_by_an_empty_document() -> None:
    assert list(ElementTree.fromstring(connect())) == []


def test_each_language_is_said_in_a_voice_of_its_own() -> None:
    lines = (Spoken(ENGLISH, "Hello."), Spoken(SPANISH, "Hola."))

    assert [said.attrib for said in opened(call_document(lines, None, next_url=NEXT)).iter("Say")] == [
        {"language": "en-US", "voice": "Polly.Joanna"},
        {"language": "es-US", "voice": "Polly.Lupe"},
    ]


@given(st.text(st.characters(codec=None), max_size=80), st.sampled_from([listening(), RINGING, None]))
@example("\x00\x1b\ud800\ufffe & <Say>", None)
@example("so " * 2000, listening())
@example("]]>", RINGING)
def test_whatever_was_heard_can_be_said_back(words: str, then: Listening | Ringing | None) -> None:
    root = opened(call_document((Spoken(ENGLISH, words),), then, next_url=NEXT))

    assert len(list(root.iter("Say"))) == 1


@given(st.lists(st.text("aé -", min_size=1, max_size=300), max_size=600))
def test_whatever_is_likely_to_be_said_stays_within_twilios_limits(likely: list[str]) -> None:
    opened(call_document((), listening(hints=tuple(likely)), next_url=NEXT))
