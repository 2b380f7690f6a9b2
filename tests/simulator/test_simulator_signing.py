"""Signatures: Twilio's own vector, the SDK's validator, and what is left out of the signed address."""

from __future__ import annotations

import pytest
from simulated_phones import ANA, CLINIC, TOKEN, Phones, wait_until
from twilio.request_validator import RequestValidator

from service.simulator.segments import count_segments
from service.simulator.signing import signature, signed_address


def test_the_published_vector_is_signed_as_published() -> None:
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675310",
        "Digits": "1234",
        "From": "+14158675310",
        "To": "+18005551212",
    }

    signed = signature("12345", "https://example.com/myapp.php?foo=1&bar=2", form.items())

    assert signed == "L/OH5YylLD5NRKLltdqwSvS0BnU="


@pytest.mark.parametrize(
    ("url", "voice", "expected"),
    [
        ("https://user:pw@h.example/a?b=1#rc=3&rp=all", False, "https://h.example/a?b=1"),
        ("https://h.example:8443/a", False, "https://h.example:8443/a"),
        ("https://h.example:8443/a", True, "https://h.example/a"),
        ("http://h.example:8080/a", True, "http://h.example:8080/a"),
        ("https://[::1]/a", True, "https://[::1]/a"),
    ],
)
def test_what_is_signed_of_an_address(url: str, voice: bool, expected: str) -> None:
    assert signed_address(url, voice=voice) == expected


@pytest.mark.parametrize("path", ["/in", "/in?p=%C3%A9%2F%5Bx%5D%22%7Ex", "/in?a=+&b=%20#rc=2&rp=all"])
@pytest.mark.parametrize("body", ["none", "", "  café 😖 a&b=c+d\r\nlast line "])
def test_a_webhook_is_signed_over_its_address_as_it_was_configured(
    phones: Phones, path: str, body: str
) -> None:
    number = phones.sdk.incoming_phone_numbers.list(phone_number=CLINIC)[0]
    number.update(sms_url=phones.service.url + path)

    phones.text(body)
    wait_until(lambda: phones.service.at("/in"))

    heard = phones.service.at("/in")[0]
    assert heard.target == path.partition("#")[0]
    assert heard.form["Body"] == body
    validator = RequestValidator(TOKEN)
    url = phones.service.url + heard.target
    assert validator.validate(url, heard.form, heard.headers["X-Twilio-Signature"])
    assert not validator.validate(
        url, {**heard.form, "Body": body + "x"}, heard.headers["X-Twilio-Signature"]
    )


def test_the_fields_of_an_inbound_text(phones: Phones) -> None:
    sid = phones.text("my legs are locked")
    wait_until(lambda: phones.service.at("/twilio/text"))

    form = phones.service.at("/twilio/text")[0].form
    assert form == {
        "ToCountry": "US",
        "ToState": "",
        "SmsMessageSid": sid,
        "NumMedia": "0",
        "ToCity": "",
        "FromZip": "",
        "SmsSid": sid,
        "FromState": "",
        "SmsStatus": "received",
        "FromCity": "",
        "Body": "my legs are locked",
        "FromCountry": "US",
        "To": CLINIC,
        "ToZip": "",
        "NumSegments": "1",
        "MessageSid": sid,
        "AccountSid": "AC" + "0" * 32,
        "From": ANA,
        "ApiVersion": "2010-04-01",
    }


@pytest.mark.parametrize(
    ("text", "segments"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 80 + "\r\n" + "a" * 79, 2),
        ("a" * 80 + "\n" + "a" * 79, 1),
        ("a" * 200 + "\r\n" + "a" * 105, 3),
        ("é" * 70, 1),
        ("e\u0301" * 70, 3),
        ("“hi”", 1),
        ("中" * 70, 1),
        ("中" * 71, 2),
        ("|", 1),
        ("this is a " + "]" * 75 + "😘", 2),
        ("]" * 153, 3),
    ],
)
def test_segments_are_counted_as_they_were_measured(text: str, segments: int) -> None:
    assert count_segments(text) == segments
