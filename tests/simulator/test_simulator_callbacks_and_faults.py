"""Status callbacks, and the faults that can be switched on around messages."""

from __future__ import annotations

from typing import Any
from urllib.error import HTTPError

import pytest
from requests.exceptions import ConnectionError as ConnectionBroken
from simulated_phones import ACCOUNT, ANA, CLINIC, TOKEN, Phones
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator

from service.simulator.faults import Fault, Faults

CALLBACK = "/status?id=42"


def send_with_callback(phones: Phones, **fields: Any) -> Any:
    return phones.send(status_callback=phones.service.url + CALLBACK, **fields)


def statuses(phones: Phones) -> list[str]:
    return [heard.form["MessageStatus"] for heard in phones.service.at("/status")]


def test_each_step_but_the_first_is_reported_and_signed(start: Any) -> None:
    phones = start(delay=0.05)
    sid = send_with_callback(phones).sid
    phones.settle()

    assert statuses(phones) == ["sent", "delivered"]
    heard = phones.service.at("/status")[1]
    done = heard.form.pop("RawDlrDoneDate")
    assert len(done) == 10
    assert heard.form == {
        "SmsSid": sid,
        "SmsStatus": "delivered",
        "MessageStatus": "delivered",
        "To": ANA,
        "MessageSid": sid,
        "AccountSid": ACCOUNT,
        "From": CLINIC,
        "ApiVersion": "2010-04-01",
    }
    assert RequestValidator(TOKEN).validate(
        phones.service.url + CALLBACK,
        {**heard.form, "RawDlrDoneDate": done},
        heard.headers["X-Twilio-Signature"],
    )


def test_a_service_reports_the_queue_too_and_chooses_the_sender(start: Any) -> None:
    service_sid = "MG" + "2" * 32
    phones = start(service_sid=service_sid, delay=0.05)
    callback = phones.service.url + CALLBACK
    message = phones.sdk.messages.create(
        to=ANA, body="hello", messaging_service_sid=service_sid, status_callback=callback
    )
    phones.settle()

    assert (message.status, message.from_, message.num_segments) == ("accepted", None, "0")
    assert statuses(phones) == ["queued", "sent", "delivered"]
    assert phones.service.at("/status")[0].form["MessagingServiceSid"] == service_sid
    assert phones.sdk.messages(message.sid).fetch().from_ == CLINIC


def test_a_failure_is_reported_with_its_code(start: Any) -> None:
    phones = start(delay=0.05)
    phones.post("/phones", number=ANA, line="off")
    send_with_callback(phones)
    phones.settle()

    assert [(heard.form["MessageStatus"], heard.form.get("ErrorCode")) for heard in phones.service.heard] == [
        ("sent", None),
        ("undelivered", "30003"),
    ]


def test_callbacks_may_be_lost_or_doubled(phones: Phones) -> None:
    phones.post("/faults", next={"callback_dropped": 1, "callback_twice": 1})
    send_with_callback(phones)
    phones.settle()

    assert statuses(phones) == ["delivered", "delivered"]


def test_callbacks_may_come_in_the_wrong_order(phones: Phones) -> None:
    phones.post("/faults", next={"callback_late": 1}, lateness={"callback": 0.3})
    send_with_callback(phones)
    phones.settle()

    assert statuses(phones) == ["delivered", "sent"]


def test_callbacks_may_come_before_the_answer(phones: Phones) -> None:
    phones.post("/faults", next={"callback_first": 1})

    message = send_with_callback(phones)

    assert statuses(phones) == ["sent", "delivered"]
    assert message.status == "queued"


@pytest.mark.parametrize(
    ("fault", "expected"), [("rest_busy", (429, 20429)), ("rest_error_before", (503, 20503))]
)
def test_a_request_may_be_refused_before_it_is_carried_out(
    phones: Phones, fault: str, expected: tuple[int, int]
) -> None:
    phones.post("/faults", next={fault: 2})
    for _ in range(2):
        with pytest.raises(TwilioRestException) as caught:
            phones.send()
        assert (caught.value.status, caught.value.code) == expected

    phones.send("the third")
    phones.settle()

    assert phones.shown() == [("received", "the third")]


def test_a_request_may_be_carried_out_and_then_fail(phones: Phones) -> None:
    phones.post("/faults", next={"rest_error_after": 1})
    with pytest.raises(TwilioRestException) as caught:
        phones.send()
    phones.settle()

    assert caught.value.status == 500
    assert len(phones.shown()) == 1


@pytest.mark.parametrize(("fault", "shown"), [("rest_answer_lost", 1), ("rest_dropped", 0)])
def test_the_connection_may_break_after_or_before(phones: Phones, fault: str, shown: int) -> None:
    phones.post("/faults", next={fault: 1})
    with pytest.raises(ConnectionBroken):
        phones.send()
    phones.settle()

    assert len(phones.shown()) == shown


def test_a_webhook_may_come_twice_under_one_sid(phones: Phones) -> None:
    phones.post("/faults", next={"webhook_twice": 1})
    sid = phones.text("hello")
    phones.settle()

    assert [heard.form["MessageSid"] for heard in phones.service.heard] == [sid, sid]


def test_a_long_text_may_arrive_in_parts_out_of_order(phones: Phones) -> None:
    phones.post("/faults", next={"text_torn": 1})
    long = "a" * 67 + "b" * 67 + "c" * 67
    phones.text(long)
    phones.settle()

    assert sorted(heard.form["Body"] for heard in phones.service.heard) == ["a" * 67, "b" * 67, "c" * 67]
    assert len({heard.form["MessageSid"] for heard in phones.service.heard}) == 3
    assert phones.shown() == [("sent", long)]


def test_a_webhook_may_never_come_and_the_message_is_in_the_log(phones: Phones) -> None:
    phones.post("/faults", next={"webhook_dropped": 1})
    sid = phones.text("hello")
    phones.settle()

    assert phones.service.heard == []
    assert [message.sid for message in phones.sdk.messages.list(from_=ANA)] == [sid]
    assert phones.get("/ledger")["messages"][0]["webhooks"][0]["outcome"] == "dropped"


def test_a_webhook_that_succeeded_may_still_go_to_the_fallback(start: Any) -> None:
    phones = start()
    phones.sdk.incoming_phone_numbers.list()[0].update(sms_fallback_url=phones.service.url + "/fallback")
    phones.post("/faults", next={"webhook_forgotten": 1})
    phones.text("hello")
    phones.settle()

    assert [heard.target for heard in phones.service.heard] == ["/twilio/text", "/fallback"]
    assert len({heard.form["MessageSid"] for heard in phones.service.heard}) == 1


def test_a_carrier_may_filter_or_deliver_in_silence(phones: Phones) -> None:
    phones.post("/faults", next={"carrier_filtered": 1})
    filtered = phones.send("filtered").sid
    phones.settle()
    phones.post("/faults", next={"carrier_silent": 1})
    silent = phones.send("silent").sid
    phones.settle()

    assert phones.sdk.messages(filtered).fetch().error_code == 30007
    assert phones.sdk.messages(silent).fetch().status == "sent"
    assert phones.shown() == [("received", "silent")]


def test_a_fault_nobody_knows_is_refused_and_nothing_changes(phones: Phones) -> None:
    phones.post("/faults", rates={"rest_busy": 0.0}, seed=3)
    with pytest.raises(HTTPError) as caught:
        phones.post("/faults", rates={"rest_buzy": 1.0})

    assert caught.value.code == 400
    assert phones.get("/faults")["seed"] == 3


def test_the_same_seed_strikes_the_same_times() -> None:
    def strikes(seed: int) -> list[bool]:
        faults = Faults()
        faults.set(seed=seed, rates={"rest_busy": 0.3})
        return [faults.strikes(Fault.REST_BUSY) for _ in range(40)]

    assert strikes(1) == strikes(1)
    assert strikes(1) != strikes(2)
    assert 4 <= sum(strikes(1)) <= 20
