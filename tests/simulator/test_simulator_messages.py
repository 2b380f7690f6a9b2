"""Messages through the real SDK: what it is answered, what it can find again, and what the handset shows."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from simulated_phones import ACCOUNT, ANA, CLINIC, TOKEN, Phones, wait_until
from twilio.base.exceptions import TwilioException, TwilioRestException

BEN = "+12025550145"
STAFF = "+12025550177"


def refused(phones: Phones, **fields: Any) -> tuple[int, int | None]:
    with pytest.raises(TwilioRestException) as caught:
        phones.send(**fields)
    return caught.value.status, caught.value.code


def test_a_message_is_queued_at_once_and_delivered_later(phones: Phones) -> None:
    message = phones.send("How do you feel?")
    phones.settle()

    assert re.fullmatch("SM[0-9a-f]{32}", message.sid)
    assert (message.status, message.direction, message.date_sent) == ("queued", "outbound-api", None)
    fetched = phones.sdk.messages(message.sid).fetch()
    assert fetched.status == "delivered"
    assert fetched.date_sent is not None
    assert phones.shown() == [("received", "How do you feel?")]


def test_every_key_of_a_message_is_there(phones: Phones) -> None:
    sid = phones.send().sid
    fetched = phones.sdk.messages(sid).fetch()

    assert (fetched.from_, fetched.to, fetched.account_sid) == (CLINIC, ANA, ACCOUNT)
    assert (fetched.num_segments, fetched.num_media, fetched.price, fetched.price_unit) == (
        "1",
        "0",
        None,
        "USD",
    )
    assert (fetched.error_code, fetched.error_message, fetched.messaging_service_sid) == (None, None, None)
    assert fetched.uri == f"/2010-04-01/Accounts/{ACCOUNT}/Messages/{sid}.json"
    assert list(fetched.subresource_uris) == ["media"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"to": "12"}, (400, 21211)),
        ({"to": "+11234567"}, (400, 21211)),
        ({"to": "tel:+12025550123"}, (400, 21211)),
        ({"to": "+15005550001"}, (400, 21211)),
        ({"to": "+15005550002"}, (400, 21612)),
        ({"to": "+15005550003"}, (400, 21408)),
        ({"to": "+15005550004"}, (400, 21610)),
        ({"to": "+15005550009"}, (400, 21614)),
        ({"to": CLINIC}, (400, 21266)),
        ({"from_": "+15005550001"}, (400, 21212)),
        ({"from_": "+15005550007"}, (400, 21606)),
        ({"from_": "+15005550008"}, (400, 21611)),
        ({"from_": "+12025550199"}, (400, 21606)),
        ({"from_": "CLINIC"}, (400, 21212)),
        ({"body": ""}, (400, 21602)),
        ({"body": "a" * 1601}, (400, 21617)),
        ({"status_callback": "https://bad_host.example/x"}, (400, 21609)),
        ({"media_url": ["ftp://h.example/a.jpg"]}, (400, 21620)),
        ({"validity_period": 36001}, (400, 20001)),
    ],
)
def test_what_is_refused_at_once(phones: Phones, fields: dict[str, Any], expected: tuple[int, int]) -> None:
    assert refused(phones, **fields) == expected
    assert phones.sdk.messages.list() == []


@pytest.mark.parametrize(("user", "token"), [(ACCOUNT, "wrong"), ("SK" + "1" * 32, TOKEN)])
def test_wrong_credentials_are_refused(phones: Phones, user: str, token: str) -> None:
    with pytest.raises(TwilioRestException) as caught:
        phones.sdk_with(token, user).messages.create(to=ANA, from_=CLINIC, body="x")

    assert (caught.value.status, caught.value.code) == (401, 20003)


def test_an_api_key_opens_the_account(start: Any) -> None:
    phones = start(api_keys=(("SK" + "1" * 32, "secret"),))

    assert phones.sdk_with("secret", "SK" + "1" * 32).messages.list() == []


def test_what_is_not_there_is_20404(phones: Phones) -> None:
    with pytest.raises(TwilioRestException) as caught:
        phones.sdk.messages("SM" + "0" * 32).fetch()

    assert (caught.value.status, caught.value.code) == (404, 20404)


def test_a_list_that_fails_raises_the_sdks_other_exception(phones: Phones) -> None:
    with pytest.raises(TwilioException) as caught:
        phones.sdk_with("wrong").messages.list()

    assert not isinstance(caught.value, TwilioRestException)
    assert caught.value.args[1].status_code == 401


def test_pages_stay_put_while_new_messages_come(phones: Phones) -> None:
    sids = [phones.send(f"number {place}").sid for place in range(7)]
    pages = phones.sdk.messages.stream(page_size=3)
    seen = [next(pages).sid]
    phones.send("a late one")

    seen += [message.sid for message in pages]

    assert seen == sids[::-1]


def test_the_list_can_be_narrowed_to_either_end(phones: Phones) -> None:
    to_ana, to_ben = phones.send().sid, phones.send(to=BEN).sid
    from_ana = phones.text("fine")
    phones.settle()

    assert [message.sid for message in phones.sdk.messages.list(to=BEN)] == [to_ben]
    assert [message.sid for message in phones.sdk.messages.list(from_=ANA)] == [from_ana]
    assert [message.sid for message in phones.sdk.messages.list(to=ANA)] == [to_ana]


def test_the_list_can_be_narrowed_by_day_and_both_ends_count(phones: Phones) -> None:
    phones.send()
    phones.settle()
    now = phones.world.clock.now()
    today, tomorrow, yesterday = (f"{now + timedelta(days=days):%Y-%m-%d}" for days in (0, 1, -1))

    assert len(phones.sdk.messages.list(date_sent=today)) == 1
    assert len(phones.sdk.messages.list(date_sent_after=today)) == 1
    assert len(phones.sdk.messages.list(date_sent_before=today)) == 1
    assert phones.sdk.messages.list(date_sent_after=tomorrow) == []
    assert phones.sdk.messages.list(date_sent_before=yesterday) == []


def test_a_time_of_day_narrows_the_list_to_the_second(phones: Phones) -> None:
    phones.send()
    phones.settle()
    now = phones.world.clock.now()

    assert len(phones.sdk.messages.list(date_sent_after=now - timedelta(minutes=1))) == 1
    assert phones.sdk.messages.list(date_sent_after=now + timedelta(minutes=1)) == []
    assert phones.sdk.messages.list(date_sent_before=now - timedelta(minutes=1)) == []


def test_what_waits_has_no_date_and_no_date_finds_it(start: Any) -> None:
    phones = start(delay=3600)
    phones.send()

    assert len(phones.sdk.messages.list(to=ANA)) == 1
    assert phones.sdk.messages.list(date_sent_after=datetime(2020, 1, 1, tzinfo=UTC)) == []


def test_a_redacted_message_is_empty_in_the_log_and_not_on_the_handset(phones: Phones) -> None:
    sid = phones.send("private").sid
    phones.settle()

    assert phones.sdk.messages(sid).update(body="").body == ""
    assert phones.shown() == [("received", "private")]
    assert [message["body"] for message in phones.get("/ledger")["messages"]] == ["private"]


def test_a_deleted_message_is_gone_from_the_log_and_not_from_the_ledger(phones: Phones) -> None:
    sid = phones.text("private")
    phones.settle()

    assert phones.sdk.messages(sid).delete()
    assert phones.sdk.messages.list() == []
    assert [message["status"] for message in phones.get("/ledger")["messages"]] == ["deleted"]


def test_a_message_under_way_cannot_be_deleted(start: Any) -> None:
    phones = start(delay=3600)
    sid = phones.send().sid

    with pytest.raises(TwilioRestException) as caught:
        phones.sdk.messages(sid).delete()

    assert (caught.value.status, caught.value.code) == (409, 20009)


def test_a_scheduled_message_waits_for_its_time_and_can_be_cancelled(start: Any) -> None:
    service_sid = "MG" + "2" * 32
    phones = start(service_sid=service_sid)
    later = phones.world.clock.now() + timedelta(hours=2)
    fields = {"messaging_service_sid": service_sid, "schedule_type": "fixed", "send_at": later}
    create = phones.sdk.messages.create
    kept, dropped = create(to=ANA, body="kept", **fields), create(to=ANA, body="dropped", **fields)

    cancelled = phones.sdk.messages(dropped.sid).update(status="canceled")
    phones.skip(2 * 3600 + 60)
    phones.settle()

    assert (kept.status, kept.from_, cancelled.status) == ("scheduled", None, "canceled")
    assert phones.shown() == [("received", "kept")]


def test_a_message_whose_validity_ends_in_the_queue_fails(phones: Phones) -> None:
    phones.post("/network", messages_per_second=0.1)
    sids = [phones.send(f"number {place}", validity_period=5).sid for place in range(2)]
    wait_until(phones.shown)
    phones.skip(60)
    phones.settle()

    ends = [phones.sdk.messages(sid).fetch() for sid in sids]
    assert [(message.status, message.error_code) for message in ends] == [
        ("delivered", None),
        ("failed", 30036),
    ]


def test_a_sender_with_ten_hours_queued_takes_no_more(phones: Phones) -> None:
    phones.post("/network", messages_per_second=1 / 36_001)
    phones.send()

    assert refused(phones) == (400, 21611)


def test_a_service_whose_queue_is_full_fails_later(start: Any) -> None:
    service_sid = "MG" + "2" * 32
    phones = start(service_sid=service_sid)
    phones.post("/network", messages_per_second=1 / 36_001)
    sids = [phones.sdk.messages.create(to=ANA, body="x", messaging_service_sid=service_sid).sid for _ in "ab"]
    wait_until(lambda: phones.sdk.messages(sids[1]).fetch().status in ("failed", "delivered"))

    codes = {phones.sdk.messages(sid).fetch().error_code for sid in sids}
    assert codes == {None, 30001}


@pytest.mark.parametrize(
    ("line", "code"), [("off", 30003), ("landline", 30006), ("gone", 30005), ("blocked", 30004)]
)
def test_a_handset_out_of_reach_shows_nothing(phones: Phones, line: str, code: int) -> None:
    phones.post("/phones", number=ANA, name="Ana", role="patient", line=line)
    sid = phones.send().sid
    phones.settle()

    message = phones.sdk.messages(sid).fetch()
    assert (message.status, message.error_code) == ("undelivered", code)
    assert phones.shown() == []


def test_the_numbers_are_configured_over_rest(phones: Phones) -> None:
    number = phones.sdk.incoming_phone_numbers.list()[0]

    changed = number.update(
        sms_url="https://clinic.example/text#rc=3", voice_url="https://clinic.example/call"
    )

    assert (changed.sms_url, changed.voice_url) == (
        "https://clinic.example/text#rc=3",
        "https://clinic.example/call",
    )
    assert number.fetch().sms_url == "https://clinic.example/text#rc=3"
    assert phones.sdk.incoming_phone_numbers.list(phone_number="+1303*") == []


def test_the_history_of_the_handsets_outlives_a_restart(start: Any, tmp_path: Any) -> None:
    before = start(state_file=tmp_path / "state.json")
    before.post("/phones", number=STAFF, name="Nadia", role="staff")
    sid = before.send("kept").sid
    call = before.call(twiml="<Response><Say>Hello</Say></Response>")
    before.do(call, "voicemail")
    before.text("STOP")
    before.settle()
    wait_until(lambda: (tmp_path / "state.json").exists() and "STOP" in (tmp_path / "state.json").read_text())

    after = start(state_file=tmp_path / "state.json")

    assert after.shown() == before.shown()
    assert after.calls() == before.calls()
    assert after.sdk.messages(sid).fetch().body == "kept"
    assert [phone["name"] for phone in after.get("/phones")["phones"]] == ["Nadia", ""]
    assert refused(after) == (400, 21610)
