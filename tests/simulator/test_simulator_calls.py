"""Calls through the real SDK: ringing, answering, machines, callbacks and the end, whoever ends it."""

from __future__ import annotations

from typing import Any

import pytest
from simulated_phones import ACCOUNT, ANA, CLINIC, TOKEN, Phones, Said, twiml, wait_until
from twilio.base.exceptions import TwilioRestException
from twilio.request_validator import RequestValidator

HELLO = "<Response><Say>Hello</Say></Response>"
QUESTION = '<Response><Gather numDigits="1"><Say>Press 1</Say></Gather></Response>'
ALL_EVENTS = ["initiated", "ringing", "answered", "completed"]
NADIA = "+12025550177"


def told(phones: Phones) -> list[tuple[str, str]]:
    forms = [heard.form for heard in phones.service.at("/status")]
    return [
        (form["SequenceNumber"], form["CallStatus"])
        for form in sorted(forms, key=lambda form: form["SequenceNumber"])
    ]


def end_of(phones: Phones, sid: str) -> str:
    wait_until(lambda: phones.get(f"/calls/{sid}")["status"] not in ("queued", "ringing", "in-progress"))
    return str(phones.sdk.calls(sid).fetch().status)


def test_a_call_rings_is_answered_and_ends_with_its_document(phones: Phones) -> None:
    sid = phones.call(twiml=HELLO)
    assert [(call["sid"], call["status"]) for call in phones.calls()] == [(sid, "ringing")]

    phones.do(sid, "answer")

    assert phones.heard(sid) == [("clinic", "Hello")]
    fetched = phones.sdk.calls(sid).fetch()
    assert (fetched.status, fetched.direction, fetched._from, fetched.to) == (
        "completed",
        "outbound-api",
        CLINIC,
        ANA,
    )
    assert fetched.start_time is not None
    assert fetched.duration == "0"


def test_a_new_call_is_queued_and_has_every_key(phones: Phones) -> None:
    call = phones.sdk.calls.create(to=ANA, from_=CLINIC, twiml=HELLO)

    assert (call.status, call.account_sid, call.start_time, call.duration) == ("queued", ACCOUNT, None, None)
    assert (call.answered_by, call.parent_call_sid, call.price_unit) == (None, None, "USD")


def test_the_document_is_fetched_with_a_signature_once_answered(phones: Phones) -> None:
    phones.service.answer = lambda heard: twiml("<Say>Hello</Say>")
    sid = phones.call()
    assert phones.service.at("/voice") == []

    phones.do(sid, "answer")

    heard = phones.service.at("/voice")[0]
    assert (heard.form["CallSid"], heard.form["CallStatus"]) == (sid, "in-progress")
    assert (heard.form["From"], heard.form["To"], heard.form["Direction"]) == (CLINIC, ANA, "outbound-api")
    assert RequestValidator(TOKEN).validate(
        phones.service.url + "/voice", heard.form, heard.headers["X-Twilio-Signature"]
    )


def test_progress_is_told_in_numbered_callbacks(phones: Phones) -> None:
    sid = phones.call(
        twiml=QUESTION, status_callback=phones.service.url + "/status", status_callback_event=ALL_EVENTS
    )
    phones.do(sid, "answer")
    phones.do(sid, "hangup")
    phones.settle()

    assert told(phones) == [("0", "initiated"), ("1", "ringing"), ("2", "in-progress"), ("3", "completed")]
    last = next(heard.form for heard in phones.service.heard if heard.form["CallStatus"] == "completed")
    assert (last["CallbackSource"], last["CallDuration"], last["Duration"]) == (
        "call-progress-events",
        "0",
        "0",
    )
    assert last["SipResponseCode"] == "200"
    assert last["Timestamp"].endswith("+0000")


def test_only_the_end_is_told_unless_more_is_asked_for(phones: Phones) -> None:
    sid = phones.call(twiml=HELLO, status_callback=phones.service.url + "/status")
    phones.do(sid, "answer")
    phones.settle()

    assert [status for _, status in told(phones)] == ["completed"]


def test_nobody_answers(phones: Phones) -> None:
    sid = phones.call(twiml=HELLO, timeout=20, status_callback=phones.service.url + "/status")
    phones.skip(21)

    assert end_of(phones, sid) == "no-answer"
    wait_until(lambda: phones.service.heard)
    assert phones.service.heard[0].form["SipResponseCode"] == "487"


def test_ringing_can_be_let_run_out_at_once(phones: Phones) -> None:
    sid = phones.call(twiml=HELLO)

    assert phones.do(sid, "silence")["status"] == "no-answer"


def test_a_declined_call_is_busy(phones: Phones) -> None:
    sid = phones.call(twiml=HELLO)

    assert phones.do(sid, "decline")["status"] == "busy"


@pytest.mark.parametrize(
    ("phone", "end"),
    [
        ({"line": "gone"}, "failed"),
        ({"line": "off"}, "no-answer"),
        ({"answering": "busy"}, "busy"),
        ({"line": "landline", "answering": "human"}, "completed"),
        ({"line": "off", "answering": "voicemail"}, "completed"),
    ],
)
def test_what_a_handset_does_by_itself(phones: Phones, phone: dict[str, str], end: str) -> None:
    phones.post("/phones", number=ANA, **phone)

    sid = phones.call(twiml=HELLO)

    assert end_of(phones, sid) == end


def test_a_second_call_to_a_handset_that_talks_is_busy(phones: Phones) -> None:
    phones.call(twiml=QUESTION)

    assert end_of(phones, phones.call(twiml=QUESTION)) == "busy"


@pytest.mark.parametrize(
    ("by", "mode", "expected"),
    [
        ("human", "Enable", "human"),
        ("unknown", "Enable", "unknown"),
        ("machine", "Enable", "machine_start"),
        ("machine", "DetectMessageEnd", "machine_end_beep"),
    ],
)
def test_the_document_request_says_who_answered(phones: Phones, by: str, mode: str, expected: str) -> None:
    sid = phones.call(machine_detection=mode)
    phones.do(sid, "answer", answered_by=by)

    assert phones.service.at("/voice")[0].form["AnsweredBy"] == expected
    assert phones.sdk.calls(sid).fetch().answered_by == expected


def test_without_detection_nobody_knows_who_answered(phones: Phones) -> None:
    phones.do(phones.call(), "voicemail")

    assert "AnsweredBy" not in phones.service.at("/voice")[0].form


def test_asynchronous_detection_tells_apart(phones: Phones) -> None:
    sid = phones.call(
        machine_detection="DetectMessageEnd",
        async_amd="true",
        async_amd_status_callback=phones.service.url + "/machine",
    )
    phones.do(sid, "voicemail")
    wait_until(lambda: phones.service.at("/machine"))

    assert phones.service.at("/machine")[0].form["AnsweredBy"] == "machine_end_beep"
    assert "AnsweredBy" not in phones.service.at("/voice")[0].form


def test_a_voicemail_keeps_what_it_was_told(phones: Phones) -> None:
    phones.post("/phones", number=ANA, answering="voicemail")
    sid = phones.call(twiml="<Response><Say>Please call us back</Say></Response>")
    end_of(phones, sid)

    call = phones.calls()[0]
    assert (call["voicemail"], call["heard"][-1]["text"]) == (True, "Please call us back")


def test_a_call_can_be_taken_back_while_it_rings(phones: Phones) -> None:
    sid = phones.call(twiml=HELLO)

    assert phones.sdk.calls(sid).update(status="canceled").status == "canceled"


def test_a_call_that_is_taken_back_before_it_rings_leaves_without_a_word(start: Any) -> None:
    phones = start(delay=3600)
    events = {"status_callback": phones.service.url + "/status", "status_callback_event": ALL_EVENTS}
    sid = phones.sdk.calls.create(to=ANA, from_=CLINIC, twiml=HELLO, **events).sid

    assert phones.sdk.calls(sid).update(status="canceled").status == "canceled"
    phones.skip(7200)
    phones.settle()
    assert phones.service.heard == []
    assert phones.sdk.calls(sid).fetch().status == "canceled"


def test_a_call_can_be_ended_and_sent_elsewhere(phones: Phones) -> None:
    sid = phones.call(twiml=QUESTION)
    phones.do(sid, "answer")

    phones.sdk.calls(sid).update(twiml=QUESTION.replace("Press 1", "Press 2"))
    wait_until(lambda: phones.heard(sid)[-1] == ("clinic", "Press 2"))
    ended = phones.sdk.calls(sid).update(status="completed")

    assert ended.status == "completed"
    with pytest.raises(TwilioRestException) as caught:
        phones.sdk.calls(sid).update(twiml=HELLO)
    assert caught.value.code == 21220


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"to": "12"}, 21211),
        ({"to": "+15005550001"}, 21217),
        ({"to": "+15005550003"}, 21215),
        ({"from_": "+12025550199"}, 21210),
        ({"from_": "+15005550001"}, 21212),
        ({"twiml": "x" * 4001}, 32018),
        ({"url": "nowhere"}, 21205),
    ],
)
def test_calls_that_are_refused_at_once(phones: Phones, fields: dict[str, Any], code: int) -> None:
    with pytest.raises(TwilioRestException) as caught:
        phones.sdk.calls.create(**{"to": ANA, "from_": CLINIC, **fields})

    assert (caught.value.status, caught.value.code) == (400, code)


def test_calls_are_listed_newest_first_and_narrowed(phones: Phones) -> None:
    first = phones.call(twiml=HELLO)
    phones.do(first, "answer")
    second = phones.call(twiml=HELLO, to=NADIA)

    assert [call.sid for call in phones.sdk.calls.list()] == [second, first]
    assert [call.sid for call in phones.sdk.calls.list(status="completed")] == [first]
    assert [call.sid for call in phones.sdk.calls.list(to=NADIA, page_size=1)] == [second]


def test_a_patient_calls_in(phones: Phones) -> None:
    phones.service.answer = lambda heard: twiml("<Say>This is the clinic</Say><Pause length='30'/>")
    sid = phones.post(f"/phones/{ANA}/call")["sid"]
    wait_until(lambda: phones.heard(sid))

    form = phones.service.at("/twilio/voice")[0].form
    assert (form["CallStatus"], form["Direction"], form["From"], form["To"]) == (
        "ringing",
        "inbound",
        ANA,
        CLINIC,
    )
    assert phones.sdk.calls(sid).fetch().status == "in-progress"
    assert phones.do(sid, "hangup")["status"] == "completed"


@pytest.mark.parametrize(("verb", "end"), [("<Reject/>", "no-answer"), ("<Reject reason='busy'/>", "busy")])
def test_a_call_that_is_rejected_is_never_connected(phones: Phones, verb: str, end: str) -> None:
    phones.service.answer = lambda heard: twiml(verb)
    sid = phones.post(f"/phones/{ANA}/call")["sid"]

    assert end_of(phones, sid) == end
    assert phones.sdk.calls(sid).fetch().start_time is None


def test_a_service_that_fails_is_apologised_for(phones: Phones) -> None:
    phones.service.answer = lambda heard: Said(500)
    sid = phones.post(f"/phones/{ANA}/call")["sid"]

    assert end_of(phones, sid) == "completed"
    assert phones.heard(sid)[0][0] == "network"


def test_the_fallback_of_a_call_is_asked_with_the_error(phones: Phones) -> None:
    phones.service.answer = lambda heard: (
        Said(500) if heard.target == "/voice" else twiml("<Say>Call us</Say>")
    )
    sid = phones.call(fallback_url=phones.service.url + "/fallback")
    phones.do(sid, "answer")

    assert phones.service.at("/fallback")[0].form["ErrorCode"] == "11217"
    assert phones.heard(sid) == [("clinic", "Call us")]
