"""A call that pages staff: a key takes it or passes it on; silence, a machine and a wrong code never do."""

from __future__ import annotations

import pytest
from call_builders import PAGE, SILENCE, said, turned, words

from service.core.call import (
    HangUp,
    Heard,
    Listen,
    PassPage,
    Place,
    Settled,
    TakePage,
    TryCode,
    begin_code,
    begin_page,
    none_open,
    on_code_heard,
    on_page_heard,
    page_settled,
)

KEY = Listen(keys=1, speech=False, seconds=6)


def test_a_page_says_its_code_its_level_and_how_long_it_has_waited_and_takes_a_key() -> None:
    turn = begin_page(PAGE)

    assert [(say.template, dict(say.values)) for say in turn.says] == [
        ("page_staff", {"code": "K7Q2", "level": "urgent", "minutes": "4", "by": ""})
    ]
    assert (turn.then, turn.line.place) == (KEY, Place.PAGE)


def test_one_takes_the_page_and_two_passes_it_on() -> None:
    line = begin_page(PAGE).line

    assert on_page_heard(line, Heard(keys="1"), PAGE) == TakePage()
    assert on_page_heard(line, Heard(keys="2"), PAGE) == PassPage()


@pytest.mark.parametrize("key", ["9", "*"])
def test_nine_says_the_page_again(key: str) -> None:
    assert on_page_heard(begin_page(PAGE).line, Heard(keys=key), PAGE) == begin_page(PAGE)


@pytest.mark.parametrize("heard", [SILENCE, Heard(keys="5"), Heard(keys="11"), words("yes, I take it")])
def test_anything_but_a_key_that_counts_is_asked_after_once_and_takes_nothing(heard: Heard) -> None:
    once = turned(on_page_heard(begin_page(PAGE).line, heard, PAGE))
    twice = turned(on_page_heard(once.line, heard, PAGE))

    assert (said(once), once.then) == (["page_not_heard"], KEY)
    assert (said(twice), twice.then, twice.acts) == (["page_silence"], HangUp(), ())


@pytest.mark.parametrize("answered_by", ["machine_end_beep", "machine_end_silence", "machine_start"])
def test_a_voicemail_is_told_of_the_page_and_takes_nothing(answered_by: str) -> None:
    turn = begin_page(PAGE, answered_by)

    assert (said(turn), turn.then, turn.acts) == (["page_staff_voicemail"], HangUp(), ())


def test_a_fax_gets_no_page() -> None:
    assert (said(begin_page(PAGE, "fax")), begin_page(PAGE, "fax").then) == ([], HangUp())


@pytest.mark.parametrize("answered_by", ["human", "unknown", ""])
def test_who_may_be_a_person_is_asked_for_a_key(answered_by: str) -> None:
    assert begin_page(PAGE, answered_by).then == KEY


@pytest.mark.parametrize(
    ("settled", "template"),
    [
        (Settled.TAKEN, "page_taken"),
        (Settled.ALREADY_TAKEN, "page_already_taken"),
        (Settled.CLOSED, "page_closed"),
        (Settled.PASSED_ON, "page_passed_on"),
    ],
)
def test_what_became_of_the_key_is_said_and_ends_the_call(settled: Settled, template: str) -> None:
    turn = page_settled(begin_page(PAGE).line, settled, PAGE)

    assert (said(turn), turn.then) == ([template], HangUp())


def test_staff_with_several_pages_press_the_code_of_one() -> None:
    turn = begin_code()

    assert (said(turn), turn.line.place) == (["page_ask_code"], Place.CODE)
    assert turn.then == Listen(keys=4, speech=False, seconds=8)
    assert on_code_heard(turn.line, Heard(keys="5772")) == TryCode("5772")


def test_a_code_can_be_tried_three_times() -> None:
    first = page_settled(begin_code().line, Settled.UNKNOWN_CODE, PAGE)
    second = page_settled(first.line, Settled.UNKNOWN_CODE, PAGE)
    third = page_settled(second.line, Settled.UNKNOWN_CODE, PAGE)

    assert said(first) == said(second) == ["page_unknown_code", "page_ask_code"]
    assert (said(third), third.then) == (["page_unknown_code", "call_goodbye"], HangUp())


@pytest.mark.parametrize("heard", [SILENCE, Heard(keys="*"), words("K seven Q two")])
def test_silence_for_a_code_is_no_code_and_ends_too(heard: Heard) -> None:
    first = turned(on_code_heard(begin_code().line, heard))
    second = turned(on_code_heard(first.line, heard))
    third = turned(on_code_heard(second.line, heard))

    assert said(first) == said(second) == ["page_ask_code"]
    assert (said(third), third.then) == (["call_goodbye"], HangUp())


def test_staff_for_whom_nothing_waits_are_told_so() -> None:
    assert (said(none_open()), none_open().then) == (["inbound_greeting", "page_none_open"], HangUp())
