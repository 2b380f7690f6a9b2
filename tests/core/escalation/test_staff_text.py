"""What a text from staff asks for, however it is written."""

from __future__ import annotations

import itertools

import pytest

from service.core.escalation import CODE_DIGITS, CODE_LETTERS, StaffAsk, StaffText, is_code, read_staff_text


@pytest.mark.parametrize(
    "text",
    [
        "K7R2",
        "k7r2",
        " ack k7r2 ",
        "k7r2 taken",
        "K 7 R 2",
        "k7 r2",
        "ok, K7R2!",
        "mine: k7r2",
        "K7R2\n",
        "k-7-r-2",
        "K7RZ",
        "taking k7r2, give me a minute",
        "Liked “Dripline: URGENT K7R2. A patient needs you now. Reply K7R2 to take it.”",
        "👍 to “Dripline: URGENT K7R2. A patient needs you now.”",
    ],
)
def test_a_code_takes_however_it_is_written(text: str) -> None:
    assert read_staff_text(text) == StaffText(StaffAsk.TAKE_CODE, "K7R2")


@pytest.mark.parametrize(
    "text",
    [
        "ok",
        "OK.",
        "Yes",
        "1",
        "got it",
        "on it!",
        "sí",
        "mine",
        "I'll take it",
        "ok I've got this one",
        "👍🏽",
    ],
)
def test_a_bare_yes_takes_the_only_one(text: str) -> None:
    assert read_staff_text(text) == StaffText(StaffAsk.TAKE_ONLY)


@pytest.mark.parametrize(
    "text",
    [
        "can't take k7r2",
        "no k7r2",
        "K7R2 I’m busy, cannot",
        "pass k7r2",
        "who has k7r2",
        "k7r2?",
        "Disliked “Dripline: URGENT K7R2. A patient needs you now.”",
        "Questioned “Dripline: URGENT K7R2. A patient needs you now.”",
    ],
)
def test_who_says_that_they_can_not_never_becomes_its_owner(text: str) -> None:
    assert read_staff_text(text) == StaffText(StaffAsk.PASS_CODE, "K7R2")


@pytest.mark.parametrize("text", ["2", "pass", "Next", "no", "I can't", "sorry, I can’t take it", "not me"])
def test_a_bare_pass_passes_the_only_one_on(text: str) -> None:
    assert read_staff_text(text) == StaffText(StaffAsk.PASS_ONLY)


def test_release_and_give_name_the_code_and_the_colleague() -> None:
    assert read_staff_text("release k7r2") == StaffText(StaffAsk.RELEASE, "K7R2")
    assert read_staff_text("Give K7R2 to Noor.") == StaffText(StaffAsk.HAND_OVER, "K7R2", "noor")
    assert read_staff_text("give k 7 r 2 to Dr. Dube") == StaffText(StaffAsk.HAND_OVER, "K7R2", "dr dube")
    assert read_staff_text("hand k7r2 Noor") == StaffText(StaffAsk.HAND_OVER, "K7R2", "noor")
    assert read_staff_text("give k7r2") == StaffText(StaffAsk.HAND_OVER, "K7R2", None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "my legs hurt",
        "okay so what is this",
        "K7Q",
        "7K2R",
        "🙂",
        "have I got it?",
        "you take it",
        "who?",
        "2024",
        "0730",
        "uses",
        "no?",
        "thank you",
    ],
)
def test_anything_else_asks_for_nothing(text: str) -> None:
    assert read_staff_text(text) == StaffText(StaffAsk.NOTHING)


@pytest.mark.parametrize(("text", "read_as"), [("K7Q2", "K7Q2"), ("ok O7R2", "O7R2"), ("07r2", "07R2")])
def test_what_only_looks_like_a_code_is_read_as_one(text: str, read_as: str) -> None:
    assert read_staff_text(text) == StaffText(StaffAsk.TAKE_CODE, read_as)
    assert not is_code(read_as)


def test_every_code_reads_as_itself_and_is_none_of_the_words_that_mean_something() -> None:
    codes = [
        "".join(signs) for signs in itertools.product(CODE_LETTERS, CODE_DIGITS, CODE_LETTERS, CODE_DIGITS)
    ]

    assert [
        code for code in codes[::97] if read_staff_text(code) != StaffText(StaffAsk.TAKE_CODE, code)
    ] == []
    assert not is_code("PASS")
