"""Opting out as Twilio does it, with and without its help, for one number and for a whole service."""

from __future__ import annotations

from typing import Any

import pytest
from simulated_phones import ANA, CLINIC, Phones, twiml
from twilio.base.exceptions import TwilioRestException

from service.simulator.optout import Kind, Mode, keyword_in

WORDS = ["STOP", "stopall", " Unsubscribe ", "cancel", "END", "quit", "Revoke", "OPTOUT"]


def may_send(phones: Phones) -> bool:
    try:
        phones.send("may I?")
    except TwilioRestException as error:
        assert error.code == 21610
        return False
    return True


@pytest.mark.parametrize("word", WORDS)
def test_eight_words_opt_out(word: str) -> None:
    assert keyword_in(word, Mode.STANDARD) is Kind.STOP


@pytest.mark.parametrize("text", ["STOP PLEASE", "please stop", "STOP.", "OPT OUT", "", "stopped"])
def test_a_stop_inside_a_sentence_is_not_an_opt_out(text: str) -> None:
    assert keyword_in(text, Mode.STANDARD) is None


def test_an_opt_out_is_answered_passed_on_and_kept(phones: Phones) -> None:
    phones.text("Stop")
    phones.settle()

    assert [body.split(".")[0] for _, body in phones.shown()] == [
        "Stop",
        "You have successfully been unsubscribed",
    ]
    assert phones.service.heard[0].form["Body"] == "Stop"
    assert "OptOutType" not in phones.service.heard[0].form
    assert phones.sdk.messages.list(from_=CLINIC)[0].direction == "outbound-reply"
    assert not may_send(phones)


@pytest.mark.parametrize("word", ["START", "yes", "unstop"])
def test_three_words_opt_in_again(phones: Phones, word: str) -> None:
    phones.text("STOP")
    phones.text(word)
    phones.settle()

    assert may_send(phones)


def test_yes_of_one_who_never_opted_out_is_an_answer_like_any(phones: Phones) -> None:
    phones.text("YES")
    phones.settle()

    assert phones.shown() == [("sent", "YES")]


def test_a_reply_to_one_who_opted_out_fails(phones: Phones) -> None:
    phones.service.answer = lambda heard: twiml("<Message>Sorry to see you go</Message>")
    phones.text("STOP")
    phones.settle()

    ends = {message.body[:5]: message.error_code for message in phones.sdk.messages.list(from_=CLINIC)}
    assert ends == {"You h": None, "Sorry": 21610}


def test_with_a_service_the_block_holds_for_all_of_it_and_fails_later(start: Any) -> None:
    service_sid, second = "MG" + "2" * 32, "+12025550101"
    phones = start(service_sid=service_sid, numbers=(CLINIC, second))
    phones.text("STOP")
    phones.settle()

    message = phones.sdk.messages.create(to=ANA, body="x", messaging_service_sid=service_sid)
    phones.settle()

    assert message.status == "accepted"
    failed = phones.sdk.messages(message.sid).fetch()
    assert (failed.status, failed.error_code) == ("failed", 21610)
    with pytest.raises(TwilioRestException) as caught:
        phones.send(from_=second)
    assert caught.value.code == 21610


def test_advanced_opt_out_names_the_keyword(start: Any) -> None:
    phones = start(service_sid="MG" + "2" * 32)
    phones.post("/network", opt_out="advanced")
    for word in ("STOP", "START", "HELP", "fine"):
        phones.text(word)
        phones.settle()

    assert [heard.form.get("OptOutType") for heard in phones.service.heard] == ["STOP", "START", "HELP", None]


def test_without_advanced_opt_out_a_service_names_no_keyword(start: Any) -> None:
    phones = start(service_sid="MG" + "2" * 32)
    phones.text("STOP")
    phones.settle()

    assert "OptOutType" not in phones.service.heard[0].form


def test_with_filtering_off_nothing_is_blocked_and_nothing_answered(phones: Phones) -> None:
    phones.post("/network", opt_out="off")
    phones.text("STOP")
    phones.settle()

    assert phones.shown() == [("sent", "STOP")]
    assert may_send(phones)


def test_toll_free_does_not_take_yes(phones: Phones) -> None:
    phones.post("/network", opt_out="toll_free")
    phones.text("STOP")
    phones.text("YES")
    phones.settle()

    assert not may_send(phones)
