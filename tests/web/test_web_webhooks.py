"""What Twilio sends is taken in whole, once, from nobody else; and what follows from it leaves at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from browsing import PREVIOUS_TOKEN, Browser, a_text, from_twilio
from builders import ANA, NADIA, a_nurse, a_patient, signed_form, text_form, texts_of

from service import logs
from service.store import escalations, outbox
from service.store.inbox import InboxMessage, InboxState
from service.web.app import create_app
from service.web.site import Site
from service.workflows.deliver_outbox import deliver_next
from service.workflows.deps import Deps

EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response />'


def stored(deps: Deps) -> list[tuple[str, str]]:
    """Return the bodies and states of the inbox."""
    with deps.store.reading() as session:
        ids = [inbox_id for inbox_id in range(1, 10) if session.get(InboxMessage, inbox_id) is not None]
        found = [session.get_one(InboxMessage, inbox_id) for inbox_id in ids]
        return [(message.body, message.state) for message in found]


def refused(visitor: Browser) -> list[str]:
    lines = visitor.get("/metrics").text.splitlines()
    return [line for line in lines if line.startswith("dripline_webhooks_refused_total")]


@pytest.mark.parametrize("path", ["/twilio/text", "/twilio/text/fallback"])
def test_a_text_is_stored_read_and_answered_with_an_empty_document(
    visitor: Browser, deps: Deps, path: str
) -> None:
    a_patient(deps)

    answer = from_twilio(visitor.client, path, text_form("no problems, I feel fine"))

    assert (answer.status_code, answer.mimetype, answer.text) == (200, "text/xml", EMPTY)
    assert stored(deps) == [("no problems, I feel fine", InboxState.READ)]


def test_an_emergency_is_answered_and_paged_although_no_clock_runs(visitor: Browser, deps: Deps) -> None:
    a_nurse(deps)
    a_patient(deps)
    while deliver_next(deps):
        pass
    before = len(texts_of(deps))

    a_text(visitor.client, "I can't breathe and my chest hurts")

    assert [recipient for recipient, _ in texts_of(deps)[before:]] == [ANA, NADIA]


def test_an_unsigned_webhook_gets_403_and_leaves_only_a_count(visitor: Browser, deps: Deps) -> None:
    answer = visitor.client.post("/twilio/text", data=text_form("I can't breathe"))

    assert (answer.status_code, answer.data) == (403, b"")
    assert stored(deps) == []
    assert refused(visitor) == ['dripline_webhooks_refused_total{why="signature"} 1.0']


def test_a_refused_webhook_is_logged_without_a_word_of_it(
    visitor: Browser, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up()

    visitor.client.post("/twilio/text", data=text_form("I can't breathe", sender="+12025550177"))

    logged = capsys.readouterr().out
    assert logged.count("webhook.refused") == 1
    assert ("breathe" in logged, "5550177" in logged) == (False, False)


@pytest.mark.parametrize("path", ["/twilio/text", "/twilio/text/fallback", "/twilio/status?m=reference-1"])
def test_a_webhook_signed_with_another_token_gets_403(visitor: Browser, path: str) -> None:
    answer = from_twilio(visitor.client, path, text_form("hello"), token="0" * 32)

    assert (answer.status_code, answer.data) == (403, b"")


def test_a_webhook_whose_words_were_changed_on_the_way_gets_403(visitor: Browser, deps: Deps) -> None:
    signature = signed_form("/twilio/text", text_form("I can't breathe"))

    answer = visitor.client.post("/twilio/text", data=text_form("I am fine"), headers=signature)

    assert answer.status_code == 403
    assert stored(deps) == []


def test_while_a_token_is_being_rotated_the_one_before_it_still_counts(visitor: Browser, deps: Deps) -> None:
    answer = from_twilio(visitor.client, "/twilio/text", text_form("hello"), token=PREVIOUS_TOKEN)

    assert answer.status_code == 200
    assert len(stored(deps)) == 1


def test_a_webhook_of_another_account_gets_403(visitor: Browser, deps: Deps) -> None:
    answer = from_twilio(
        visitor.client, "/twilio/text", {**text_form("hello"), "AccountSid": "AC" + "e" * 32}
    )

    assert (answer.status_code, answer.data) == (403, b"")
    assert stored(deps) == []
    assert refused(visitor) == ['dripline_webhooks_refused_total{why="account"} 1.0']


@pytest.mark.parametrize("path", ["/twilio/status?m=a%2Fb%20c", "/twilio/st%61tus?m=a"])
def test_a_signature_is_checked_over_the_address_as_it_was_sent_and_not_as_it_decodes(
    visitor: Browser, path: str
) -> None:
    form = {**text_form(""), "MessageStatus": "delivered"}

    assert from_twilio(visitor.client, path, form).status_code == 204


def test_behind_tls_a_signature_is_checked_over_the_public_address(deps: Deps, site: Site) -> None:
    behind_tls = create_app(deps, replace(site, public_base_url="https://clinic.test")).test_client()
    form = text_form("hello")

    over_http = signed_form("/twilio/text", form)
    over_https = signed_form("/twilio/text", form, address="https://clinic.test")

    assert behind_tls.post("/twilio/text", data=form, headers=over_http).status_code == 403
    assert behind_tls.post("/twilio/text", data=form, headers=over_https).status_code == 200


def test_the_same_message_sid_twice_is_one_message(visitor: Browser, deps: Deps) -> None:
    a_patient(deps)

    answers = [a_text(visitor.client, "I feel fine").status_code for _ in range(2)]

    assert answers == [200, 200]
    assert stored(deps) == [("I feel fine", InboxState.READ)]


def test_a_webhook_without_a_sid_gets_400_and_is_not_stored(visitor: Browser, deps: Deps) -> None:
    form = {key: value for key, value in text_form("hello").items() if not key.endswith("Sid")}

    answer = from_twilio(visitor.client, "/twilio/text", {**form, "AccountSid": text_form("")["AccountSid"]})

    assert (answer.status_code, stored(deps)) == (400, [])


@pytest.mark.parametrize("path", ["/twilio/text", "/twilio/text/fallback", "/twilio/status"])
def test_webhooks_take_posts_alone(visitor: Browser, path: str) -> None:
    assert visitor.get(path).status_code == 405


def test_a_reader_that_raises_leaves_the_reply_stored_and_before_a_person(deps: Deps, site: Site) -> None:
    a_nurse(deps)
    patient_id = a_patient(deps)
    client = create_app(replace(deps, library=_without_a_guide(deps)), site).test_client()

    answer = a_text(client, "I can't breathe")

    assert answer.status_code == 200
    assert stored(deps) == [("I can't breathe", InboxState.UNREAD)]
    with deps.store.reading() as session:
        waiting = escalations.live_escalations(session)
        assert [(one.patient_id, one.disposition) for one in waiting] == [(patient_id, "callback")]


def _without_a_guide(deps: Deps) -> Any:
    return replace(deps.library, guide=None)


def test_a_crash_between_storing_and_reading_still_answers_and_loses_nothing(
    deps: Deps, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> bool:
        raise RuntimeError("the database went away")

    monkeypatch.setattr("service.web.inflow.read_together", crash)
    client = create_app(deps, site).test_client()

    answer = a_text(client, "I can't breathe")

    assert (answer.status_code, answer.text) == (200, EMPTY)
    assert stored(deps) == [("I can't breathe", InboxState.UNREAD)]


def test_a_text_that_could_not_be_stored_is_not_answered_as_if_it_were(
    deps: Deps, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*_: object) -> int:
        raise RuntimeError("the database went away")

    monkeypatch.setattr("service.web.inflow.store_texts", crash)
    client = create_app(deps, site).test_client()

    assert a_text(client, "I can't breathe").status_code == 500


def test_a_status_report_moves_the_message_that_its_address_names(visitor: Browser, deps: Deps) -> None:
    patient_id = a_patient(deps)
    deliver_next(deps)
    with deps.store.reading() as session:
        sent = outbox.messages_to(session, patient_id)[0]
    path = f"/twilio/status?m={sent.reference}"
    form = {**text_form(""), "MessageSid": sent.sid or "", "MessageStatus": "delivered"}

    answer = from_twilio(visitor.client, path, form)

    assert (answer.status_code, answer.data) == (204, b"")
    with deps.store.reading() as session:
        assert outbox.messages_to(session, patient_id)[0].state == "delivered"


def test_a_status_report_without_a_status_gets_400(visitor: Browser) -> None:
    assert from_twilio(visitor.client, "/twilio/status?m=x", text_form("")).status_code == 400


def test_a_webhook_that_is_too_long_gets_413(visitor: Browser, deps: Deps) -> None:
    answer = from_twilio(visitor.client, "/twilio/text", text_form("a" * 300_000))

    assert (answer.status_code, stored(deps)) == (413, [])
