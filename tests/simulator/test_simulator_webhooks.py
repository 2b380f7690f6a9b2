"""The webhook client: retries as the address asks, the fallback, redirects, and what an answer leads to."""

from __future__ import annotations

from typing import Any

import pytest
from simulated_phones import ANA, CLINIC, TOKEN, Heard, Phones, Said, twiml, wait_until
from twilio.request_validator import RequestValidator

from service.simulator.connection import Overrides, overrides_in


def configure(phones: Phones, path: str, **fields: str) -> None:
    phones.sdk.incoming_phone_numbers.list()[0].update(sms_url=phones.service.url + path, **fields)


def alert_codes(phones: Phones) -> list[int]:
    return [alert.code for alert in phones.world.alerts.newest_first()]


@pytest.mark.parametrize(
    ("fragment", "expected"),
    [
        ("", Overrides()),
        ("#rc=3&ct=2000&rt=4000&rp=all", Overrides(2.0, 4.0, 15.0, 3, ("all",))),
        ("#rc=9&ct=1&tt=99999&rp=4xx,5xx", Overrides(0.1, 15.0, 15.0, 5, ("4xx", "5xx"))),
    ],
)
def test_the_fragment_says_how_to_retry(fragment: str, expected: Overrides) -> None:
    assert overrides_in("https://clinic.example/text" + fragment) == expected


def test_an_error_answer_is_not_retried_unless_the_address_asks_for_it(phones: Phones) -> None:
    phones.service.answer = lambda heard: Said(503, "sorry")

    phones.text("lost")
    phones.settle()

    assert len(phones.service.heard) == 1
    assert alert_codes(phones) == [11217]


def test_retries_carry_the_same_token_and_end_with_the_first_success(phones: Phones) -> None:
    configure(phones, "/in#rc=3&rp=5xx")
    phones.service.answer = lambda heard: Said(503) if len(phones.service.heard) < 3 else Said()

    phones.text("kept")
    phones.settle()

    assert len(phones.service.at("/in")) == 3
    assert len({heard.headers["I-Twilio-Idempotency-Token"] for heard in phones.service.heard}) == 1
    assert alert_codes(phones) == []


def test_a_read_time_out_is_retried_only_where_the_address_asks_for_it(phones: Phones) -> None:
    configure(phones, "/in#rc=1&rt=100&rp=rt")

    def slow_once(heard: Heard) -> Said:
        if len(phones.service.heard) == 1:
            wait_until(lambda: len(phones.service.heard) == 2)
        return Said()

    phones.service.answer = slow_once
    phones.text("kept")
    phones.settle()

    assert len(phones.service.at("/in")) == 2


def test_a_refused_connection_is_retried_once_and_then_the_fallback_is_asked(phones: Phones) -> None:
    nobody = "http://127.0.0.1:9/in"
    number = phones.sdk.incoming_phone_numbers.list()[0]
    number.update(sms_url=nobody, sms_fallback_url=phones.service.url + "/fallback")

    sid = phones.text("kept")
    phones.settle()

    heard = phones.service.at("/fallback")[0]
    assert (heard.form["ErrorCode"], heard.form["ErrorUrl"], heard.form["MessageSid"]) == (
        "11205",
        nobody,
        sid,
    )
    assert RequestValidator(TOKEN).validate(
        phones.service.url + "/fallback", heard.form, heard.headers["X-Twilio-Signature"]
    )
    assert [attempt.outcome for attempt in phones.world.attempts.about(sid)] == ["ct", "ct", "204"]


def test_what_the_webhook_missed_is_in_the_log(phones: Phones) -> None:
    phones.service.answer = lambda heard: Said(500)
    sid = phones.text("nobody heard this")
    phones.settle()

    found = phones.sdk.messages.list(to=CLINIC)
    assert [(message.sid, message.body, message.direction, message.status) for message in found] == [
        (sid, "nobody heard this", "inbound", "received")
    ]


def test_a_twiml_message_goes_back_as_a_reply(phones: Phones) -> None:
    callback = phones.service.url + "/status"
    phones.service.answer = lambda heard: (
        twiml(f'<Message statusCallback="{callback}">Thank you</Message><Message><Body>Rest</Body></Message>')
        if heard.target == "/twilio/text"
        else None
    )
    phones.text("none")
    phones.settle()

    assert sorted(phones.shown()) == [("received", "Rest"), ("received", "Thank you"), ("sent", "none")]
    replies = phones.sdk.messages.list(from_=CLINIC)
    assert {reply.direction for reply in replies} == {"outbound-reply"}
    assert sorted(heard.form["MessageStatus"] for heard in phones.service.at("/status")) == [
        "delivered",
        "sent",
    ]


def test_a_plain_text_answer_reaches_the_patient(phones: Phones) -> None:
    phones.service.answer = lambda heard: Said(200, "Internal error page", "text/plain; charset=utf-8")

    phones.text("hello")
    phones.settle()

    assert phones.shown() == [("sent", "hello"), ("received", "Internal error page")]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (Said(200, "<Response>", "text/xml"), 12100),
        (Said(200, "<Reply/>", "text/xml"), 12102),
        (Said(200, "<Response><Message></Message></Response>", "text/xml"), 14103),
        (Said(200, "<Response><Say>Hi</Say></Response>", "text/xml"), 12200),
        (Said(200, "{}", "application/json"), 12300),
        (Said(200, "<Response/>", None), 11200),
        (Said(200, "<Response>" + " " * 65536 + "</Response>", "text/xml"), 11750),
        (Said(302, headers={"Location": "/twilio/text"}), 11215),
    ],
)
def test_a_bad_answer_leaves_an_alert(phones: Phones, said: Said, code: int) -> None:
    phones.service.answer = lambda heard: said

    phones.text("hello")
    phones.settle()

    assert alert_codes(phones) == [code]
    assert phones.shown() == [("sent", "hello")]


@pytest.mark.parametrize(("status", "method", "fields"), [(302, "GET", 0), (307, "POST", 19)])
def test_a_redirect_may_cost_the_fields(phones: Phones, status: int, method: str, fields: int) -> None:
    phones.service.answer = lambda heard: (
        Said(status, headers={"Location": "/there"}) if heard.target == "/twilio/text" else None
    )
    phones.text("hello")
    phones.settle()

    heard = phones.service.at("/there")[0]
    assert (heard.method, len(heard.form)) == (method, fields)


def test_cookies_come_back_with_the_next_text_of_the_same_pair(phones: Phones) -> None:
    phones.service.answer = lambda heard: Said(headers={"Set-Cookie": "step=2; Path=/"})
    for sender in (ANA, ANA, "+12025550145"):
        phones.text("hello", sender)
        phones.settle()

    assert [heard.headers.get("Cookie") for heard in phones.service.heard] == [None, "step=2", None]


def test_a_get_webhook_is_signed_over_its_query(phones: Phones) -> None:
    configure(phones, "/in?a=1", sms_method="GET")

    phones.text("café & more")
    phones.settle()

    heard = phones.service.at("/in")[0]
    url = phones.service.url + heard.target
    assert heard.method == "GET"
    assert RequestValidator(TOKEN).validate(url, {}, heard.headers["X-Twilio-Signature"])


@pytest.mark.parametrize(
    "sender", ["68849", "SUPPORT", "whatsapp:+12025550123", "rcs:+12025550123", "anonymous"]
)
def test_odd_senders_arrive_as_they_are(phones: Phones, sender: str) -> None:
    phones.text("hello", sender)
    phones.settle()

    assert phones.service.heard[0].form["From"] == sender


def test_a_picture_comes_with_an_address_to_fetch_it_from(start: Any) -> None:
    phones = start()
    sid = phones.text("", media=["image/jpeg"])
    phones.settle()

    form = phones.service.heard[0].form
    assert (sid[:2], form["Body"], form["NumMedia"], form["MediaContentType0"]) == (
        "MM",
        "",
        "1",
        "image/jpeg",
    )
    media = phones.sdk.messages(sid).media.list()
    assert form["MediaUrl0"].endswith(media[0].uri.removesuffix(".json"))
    assert media[0].delete()
    assert phones.sdk.messages(sid).fetch().num_media == "0"
