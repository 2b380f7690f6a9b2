"""What must hold of every reading, whatever a patient types: courtesy, case, spacing and noise lower nothing."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.core.findings import Interpretation
from service.core.interpretation import TriageGuide, interpret
from service.core.words import OPENING, UNSOLICITED, Asked, Language
from service.library.triage import load_triage

TraceFunction = Callable[[FrameType, str, object], object]
GUIDE: TriageGuide = load_triage(Path("schedules"))
CONCERNS = (
    "I can't breathe",
    "chest pain",
    "my legs are locked and I can't walk",
    "worst headache of my life",
    "blood in my urine",
    "I want to kill myself",
    "he had a seizure",
    "my face is drooping on one side",
    "I passed out in the shower",
    "can't keep anything down",
    "headache 8 out of 10",
    "no puedo respirar",
    "me duele el pecho",
    "tengo espasmos en todo el cuerpo",
    "no puedo orinar",
    "leg cramps, about a 5",
    "burning when I pee",
)
COURTESY = (
    "thanks",
    "thank you so much!",
    "hi there,",
    "good morning",
    "please",
    "gracias",
    "have a nice day",
    "🙏",
    "😊",
)
QUESTIONS = (
    OPENING,
    UNSOLICITED,
    Asked.parse("severity:spasm"),
    Asked.parse("redflag:headache"),
    Asked.parse("recheck:mood"),
)


def read(text: str, asked: Asked = OPENING, hours: float = 24) -> Interpretation:
    return interpret(text, asked, hours, Language.ENGLISH, GUIDE)


def rank(text: str) -> int:
    return read(text).judgement.disposition.rank


@given(st.sampled_from(CONCERNS), st.sampled_from(COURTESY), st.booleans())
def test_courtesy_and_emoji_lower_no_disposition(concern: str, courtesy: str, first: bool) -> None:
    text = f"{courtesy} {concern}" if first else f"{concern}. {courtesy}"

    assert rank(text) >= rank(concern)


@given(st.sampled_from(CONCERNS), st.sampled_from((str.upper, str.lower, str.title, str.swapcase)))
def test_case_changes_no_disposition(concern: str, change: object) -> None:
    assert callable(change)
    assert rank(change(concern)) == rank(concern)


@given(st.sampled_from(CONCERNS), st.integers(2, 5), st.booleans())
def test_spaces_lower_no_disposition(concern: str, width: int, around: bool) -> None:
    spread = concern.replace(" ", " " * width)

    assert rank(f"  {spread}\n" if around else spread) >= rank(concern)


@given(st.sampled_from(CONCERNS), st.data())
def test_one_doubled_letter_lowers_no_disposition(concern: str, data: st.DataObject) -> None:
    letters = [place for place, letter in enumerate(concern) if letter.isalpha()]
    place = data.draw(st.sampled_from(letters))

    assert rank(concern[: place + 1] + concern[place] * 2 + concern[place + 1 :]) >= rank(concern)


@given(
    st.sampled_from(CONCERNS), st.sampled_from(CONCERNS), st.sampled_from((". ", "\n", " and ", ", ", " y "))
)
def test_two_concerns_together_are_at_least_the_higher(one: str, other: str, between: str) -> None:
    assert rank(one + between + other) >= max(rank(one), rank(other))


@given(st.text(max_size=400), st.sampled_from(QUESTIONS))
@example("\x00", OPENING)
@example("İ" * 50, OPENING)
@example("ﬁne", OPENING)
@example("7" * 300, Asked.parse("severity:spasm"))
@example("²/10 ⑦ ٣", Asked.parse("severity:spasm"))
@settings(max_examples=400, deadline=None)
def test_no_text_breaks_the_reader_and_its_evidence_is_in_the_text(text: str, asked: Asked) -> None:
    for finding in read(text, asked).findings:
        for evidence in finding.evidence:
            assert text[evidence.start : evidence.end] == evidence.text


@given(st.text(max_size=200), st.sampled_from(QUESTIONS), st.floats(0, 1000))
@settings(max_examples=100, deadline=None)
def test_the_same_reply_is_read_the_same_twice(text: str, asked: Asked, hours: float) -> None:
    assert read(text, asked, hours) == read(text, asked, hours)


LONG = (
    "a" * 10_000,
    "no " * 3_333,
    "headache " * 1_111,
    "what if i have a seizure " * 400,
    "my mom has a headache but im fine now " * 263,
    "gone no my head hurts but 7 " * 357,
    "7 " * 5_000,
    "1 yes 2 no " * 909,
    "\x00" * 10_000,
    "".join(chr(33 + (place * 7919) % 40_000) for place in range(10_000)),
    " ".join(f"zqx{place:x}wv" for place in range(1_250)),
    "cantbreathe" * 909,
    "h e l p " * 1_250,
    "stop " * 2_000,
)


@pytest.mark.parametrize("text", LONG, ids=range(len(LONG)))
def test_ten_thousand_characters_take_less_than_fifty_milliseconds(text: str) -> None:
    taken = []
    for _ in range(3):
        start = time.process_time()
        read(text)
        taken.append(time.process_time() - start)

    assert min(taken) < 0.05


def lines_run(text: str) -> int:
    """Count the lines of code that reading a text runs: the same on every machine, whatever else it is doing."""
    count = 0

    def step(frame: FrameType, event: str, _: object) -> TraceFunction:
        nonlocal count
        count += event == "line"
        return step

    before = sys.gettrace()
    sys.settrace(step)
    try:
        read(text)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("text", LONG, ids=range(len(LONG)))
def test_four_times_as_much_text_takes_no_more_than_four_times_the_steps(text: str) -> None:
    short, long = text[:400], text[:1600]
    read(long)

    assert lines_run(long) < 5 * lines_run(short) + 2000


@pytest.mark.parametrize("word", ["aab" * 3_333, "nno" * 3_333, "ab" * 5_000])
def test_a_word_without_end_is_not_repaired_letter_by_letter(word: str) -> None:
    assert lines_run(word) < 2 * len(word)
