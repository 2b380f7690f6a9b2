"""What Twilio asks about calls is answered with documents that go on, only where Twilio signed, and never with an error."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from browsing import Browser, from_twilio
from builders import ACCOUNT_SID, ANA, CLINIC_NUMBER, NADIA, a_nurse, a_patient, an_infusion

from service.store import calls, escalations
from service.web import voice as voice_pages
from service.workflows.deliver_outbox import deliver_next
from service.workflows.deps import Deps
from service.workflows.send_due_check_ins import send_next

SID = "CA" + "1" * 32


def call_form(**more: str) -> dict[str, str]:
    """Return what Twilio sends of a call."""
    return {
        "AccountSid": ACCOUNT_SID,
        "CallSid": SID,
        "From": ANA,
        "To": CLINIC_NUMBER,
        "CallStatus": "in-progress",
        "Direction": "inbound",
    } | more


def heard(document: str) -> list[str]:
    return [verb.text or "" for verb in ElementTree.fromstring(document).iter("Say")]


def next_address(document: str) -> str:
    last = ElementTree.fromstring(document)[-1]
    return last.get("action") or last.text or ""


def test_a_caller_hears_911_first_and_how_to_go_on(visitor: Browser, deps: Deps) -> None:
    answer = from_twilio(visitor.client, "/twilio/voice", call_form())

    root = ElementTree.fromstring(answer.text)
    assert (answer.status_code, answer.mimetype) == (200, "text/xml")
    assert [verb.tag for verb in root] == ["Gather"]
    assert [verb.get("language") for verb in root.iter("Say")] == ["en-US", "en-US"]
    assert "9 1 1" in heard(answer.text)[0]


@pytest.mark.parametrize(
    "path",
    [
        "/twilio/voice",
        "/twilio/voice/end",
        "/twilio/voice/status",
        "/twilio/calls/r1/answered",
        "/twilio/calls/r1/turns/0",
        "/twilio/calls/r1/status",
        "/twilio/calls/r1/colleagues/1",
        "/twilio/calls/r1/colleagues/1/key",
    ],
)
def test_what_twilio_did_not_sign_is_refused(visitor: Browser, path: str) -> None:
    forged = visitor.client.post(path, data=call_form(), headers={"X-Twilio-Signature": "forged"})

    assert forged.status_code == 403


def test_an_emergency_said_on_a_call_pages_although_no_clock_runs(visitor: Browser, deps: Deps) -> None:
    a_nurse(deps)
    a_patient(deps)
    begun = from_twilio(visitor.client, "/twilio/voice", call_form())

    answer = from_twilio(
        visitor.client, next_address(begun.text), call_form(SpeechResult="I can't breathe", Confidence="0.31")
    )

    assert "call 9 1 1 now" in heard(answer.text)[0]
    assert NADIA in [text.recipient for text in deps.carrier.texts]  # type: ignore[attr-defined]  # the memory's
    with deps.store.reading() as session:
        assert [one.disposition for one in escalations.live_escalations(session)] == ["emergency"]


def test_a_call_of_ours_is_answered_walked_through_and_reported_over(visitor: Browser, deps: Deps) -> None:
    patient = a_patient(deps, channel="voice")
    an_infusion(deps, patient, hours_ago=4.1)
    while send_next(deps) or deliver_next(deps):
        pass
    reference = deps.carrier.calls[0].reference  # type: ignore[attr-defined]  # the memory's

    here = f"/twilio/calls/{reference}"
    greeting = from_twilio(visitor.client, f"{here}/answered", call_form(AnsweredBy="human"))
    question = from_twilio(visitor.client, next_address(greeting.text), call_form(Digits="1"))
    thanks = from_twilio(visitor.client, next_address(question.text), call_form(Digits="0"))
    bye = from_twilio(visitor.client, next_address(thanks.text), call_form())
    over = from_twilio(visitor.client, f"{here}/status", call_form(CallStatus="completed", CallDuration="41"))

    assert "with a call for Ana" in heard(greeting.text)[0]
    assert heard(question.text)[0].startswith("How are you?")
    assert heard(thanks.text)[0].startswith("Thank you, we have your answer.")
    assert [verb.tag for verb in ElementTree.fromstring(bye.text)] == ["Hangup"]
    assert over.status_code == 204
    with deps.store.reading() as session:
        call = calls.calls_with(session, patient)[0]
        assert (call.status, call.duration, call.sid) == ("completed", 41, "CA" + "1".zfill(32))


def test_a_turn_of_a_call_that_nobody_knows_ends_it(visitor: Browser) -> None:
    answer = from_twilio(visitor.client, "/twilio/calls/nobody/turns/3", call_form(Digits="1"))

    assert [verb.tag for verb in ElementTree.fromstring(answer.text)] == ["Hangup"]


def test_where_everything_fails_the_caller_still_hears_911_and_the_offices_number(
    visitor: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> str:
        raise RuntimeError("broken")

    monkeypatch.setattr(voice_pages, "take_call_in", broken)

    answer = from_twilio(visitor.client, "/twilio/voice", call_form())

    assert answer.status_code == 200
    said = heard(answer.text)
    assert "9 1 1" in said[0]
    assert "2 0 2, 5 5 5, 0 1 9 9" in said[1]
    assert next_address(answer.text) == "/twilio/voice/end"


def test_a_webhook_without_a_sid_is_refused(visitor: Browser) -> None:
    form = call_form()
    del form["CallSid"]

    assert from_twilio(visitor.client, "/twilio/voice", form).status_code == 400
