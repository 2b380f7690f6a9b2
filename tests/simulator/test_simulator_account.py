"""The rest of the account through the real SDK: services, alerts, tokens, consents, redaction and the loop guard."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from simulated_phones import ACCOUNT, ANA, CLINIC, TOKEN, Phones, Said, twiml
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator

SERVICE = "MG" + "2" * 32


def test_a_service_is_configured_over_rest(start: Any) -> None:
    phones = start(service_sid=SERVICE)
    service = phones.sdk.messaging.v1.services(SERVICE)

    changed = service.update(
        inbound_request_url=phones.service.url + "/pool",
        use_inbound_webhook_on_number=False,
        validity_period=600,
    )
    phones.text("hello")
    phones.settle()

    assert (changed.validity_period, changed.use_inbound_webhook_on_number) == (600, False)
    assert [found.sid for found in phones.sdk.messaging.v1.services.list()] == [SERVICE]
    assert [number.phone_number for number in service.phone_numbers.list()] == [CLINIC]
    assert [heard.target for heard in phones.service.heard] == ["/pool"]
    assert phones.service.heard[0].form["MessagingServiceSid"] == SERVICE


def test_a_service_without_an_inbound_address_swallows_what_comes_in(start: Any) -> None:
    phones = start(service_sid=SERVICE)
    phones.sdk.messaging.v1.services(SERVICE).update(use_inbound_webhook_on_number=False)
    phones.text("hello")
    phones.settle()

    assert phones.shown() == [("sent", "hello")]
    assert phones.service.heard == []
    assert phones.sdk.messages.list() == []


def test_alerts_tell_which_webhook_failed(phones: Phones) -> None:
    phones.service.answer = lambda heard: Said(500)
    sid = phones.text("my legs are locked")
    phones.settle()

    alerts = phones.sdk.monitor.v1.alerts.list(log_level="error")
    assert [(alert.resource_sid, alert.error_code) for alert in alerts] == [(sid, "11217")]
    assert "Body=my+legs+are+locked" in phones.sdk.monitor.v1.alerts(alerts[0].sid).fetch().request_variables
    assert phones.sdk.monitor.v1.alerts.list(log_level="warning") == []


def test_alerts_are_paged(phones: Phones) -> None:
    phones.service.answer = lambda heard: Said(500)
    for place in range(3):
        phones.text(f"number {place}")
        phones.settle()

    assert len(phones.sdk.monitor.v1.alerts.list(page_size=2)) == 3


def test_a_rotated_token_signs_only_once_it_is_promoted(phones: Phones) -> None:
    secondary = phones.sdk.accounts.v1.secondary_auth_token().create().secondary_auth_token

    def signed_with(token: str) -> bool:
        phones.service.heard.clear()
        phones.text("hello")
        phones.settle()
        heard = phones.service.heard[0]
        url = phones.service.url + heard.target
        return bool(RequestValidator(token).validate(url, heard.form, heard.headers["X-Twilio-Signature"]))

    assert (signed_with(TOKEN), signed_with(secondary)) == (True, False)
    assert phones.sdk_with(secondary).messages.list() != []

    assert phones.sdk.accounts.v1.auth_token_promotion().update().auth_token == secondary
    assert (signed_with(TOKEN), signed_with(secondary)) == (False, True)
    with pytest.raises(TwilioRestException) as caught:
        phones.send()
    assert caught.value.code == 20003


def test_a_secondary_token_can_be_dropped(phones: Phones) -> None:
    phones.sdk.accounts.v1.secondary_auth_token().create()

    assert phones.sdk.accounts.v1.secondary_auth_token().delete()
    with pytest.raises(TwilioRestException) as caught:
        phones.sdk.accounts.v1.auth_token_promotion().update()
    assert caught.value.code == 20404


def test_the_balance_is_told(phones: Phones) -> None:
    balance = phones.sdk.api.v2010.accounts(ACCOUNT).balance.fetch()

    assert (balance.balance, balance.currency) == ("42.50", "USD")


def test_a_consent_that_is_revoked_elsewhere_blocks(phones: Phones) -> None:
    item = {"contact_id": ANA, "correlation_id": "c" * 32, "sender_id": CLINIC, "status": "opt-out"}

    told = phones.sdk.accounts.v1.bulk_consents.create(items=[json.dumps(item), json.dumps({})])

    assert [entry["error_code"] for entry in told.items] == [0, 30646]
    with pytest.raises(TwilioRestException) as caught:
        phones.send()
    assert caught.value.code == 21610


def test_redaction_takes_the_bodies_even_of_what_was_never_heard(phones: Phones) -> None:
    phones.post("/network", redaction=True)
    phones.service.answer = lambda heard: Said(500)
    phones.text("nobody heard this")
    phones.send("a private question")
    phones.settle()

    assert [message.body for message in phones.sdk.messages.list()] == ["", ""]
    assert [body for _, body in phones.shown()] == ["nobody heard this", "a private question"]


def test_two_machines_that_answer_each_other_are_stopped(phones: Phones) -> None:
    phones.service.answer = lambda heard: twiml("<Message>again</Message>")
    for _ in range(32):
        phones.text("hello")
    phones.settle()

    codes = [message.error_code for message in phones.sdk.messages.list(from_=CLINIC)]
    assert (codes.count(None), codes.count(14107)) == (30, 2)


def test_the_query_may_arrive_in_another_order_than_it_was_signed(phones: Phones) -> None:
    phones.sdk.incoming_phone_numbers.list()[0].update(sms_url=phones.service.url + "/in?b=1&a=2")
    phones.post("/faults", next={"webhook_resorted": 1, "webhook_novel": 1})
    phones.text("hello")
    phones.settle()

    heard = phones.service.heard[0]
    validator, signature = RequestValidator(TOKEN), heard.headers["X-Twilio-Signature"]
    assert heard.target == "/in?a=2&b=1"
    assert heard.form["Novelty"] == "1"
    assert validator.validate(phones.service.url + "/in?b=1&a=2", heard.form, signature)
    assert not validator.validate(phones.service.url + heard.target, heard.form, signature)


def test_a_picture_may_be_late(phones: Phones) -> None:
    phones.text("", media=["image/jpeg"])
    phones.settle()
    phones.post("/faults", next={"media_missing": 1})
    path = phones.service.heard[0].form["MediaUrl0"].partition("/2010")[2]
    key = b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    asked = Request(f"{phones.url}/2010{path}", headers={"Authorization": f"Basic {key}"})

    with pytest.raises(HTTPError) as caught:
        urlopen(asked, timeout=5)

    assert caught.value.code == 404
    with urlopen(asked, timeout=5) as answer:
        assert answer.headers["Content-Type"] == "image/jpeg"


@pytest.mark.parametrize(
    ("fault", "code"), [("carrier_capped", 63038), ("carrier_unregistered", 30034), ("carrier_odd", 39999)]
)
def test_carriers_refuse_in_many_ways(phones: Phones, fault: str, code: int) -> None:
    phones.post("/faults", next={fault: 1})
    sid = phones.send().sid
    phones.settle()

    assert phones.sdk.messages(sid).fetch().error_code == code
