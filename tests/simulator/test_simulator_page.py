"""The handsets' page and its controls: who is shown, what is polled, and the hand that moves the clock."""

from __future__ import annotations

import json
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from simulated_phones import ANA, Phones, Said

NADIA = "+12025550177"


def test_a_handset_is_registered_and_changed(phones: Phones) -> None:
    phones.post("/phones", number="(202) 555-0177", name="Nadia", role="staff")
    phones.post("/phones", number=NADIA, line="off")

    assert phones.get("/phones")["phones"] == [
        {
            "number": NADIA,
            "name": "Nadia",
            "role": "staff",
            "line": "off",
            "answering": "rings",
            "opted_out_of": [],
        }
    ]


def test_a_number_that_gets_a_message_becomes_a_handset(phones: Phones) -> None:
    phones.send()
    phones.settle()

    assert [phone["number"] for phone in phones.get("/phones")["phones"]] == [ANA]


@pytest.mark.parametrize(
    "fields", [{"number": "none"}, {"number": NADIA, "role": "nurse"}, {"number": NADIA, "line": "loud"}]
)
def test_a_wrong_handset_is_refused_with_a_sentence(phones: Phones, fields: dict[str, Any]) -> None:
    with pytest.raises(HTTPError) as caught:
        phones.post("/phones", **fields)

    assert caught.value.code == 400
    assert json.load(caught.value)["error"][-1] == "."


def test_a_form_of_another_site_moves_nothing(phones: Phones) -> None:
    body = json.dumps({"body": "hello"}).encode()
    asked = Request(f"{phones.url}/phones/{ANA}/send", body, {"Content-Type": "text/plain"})
    with pytest.raises(HTTPError) as caught:
        urlopen(asked, timeout=5)

    assert caught.value.code == 400
    assert phones.shown() == []


def test_messages_can_be_waited_for(phones: Phones) -> None:
    phones.send("first")
    first = phones.get(f"/phones/{ANA}/messages?wait=5")
    phones.text("second")
    second = phones.get(f"/phones/{ANA}/messages?after={first['last']}&wait=5")

    assert [text["body"] for text in first["messages"]] == ["first"]
    assert [text["body"] for text in second["messages"]] == ["second"]


def test_the_page_polls_only_what_is_new(phones: Phones) -> None:
    phones.text("hello")
    phones.settle()
    screen = phones.get("/screen")

    assert [text["body"] for text in screen["texts"]] == ["hello"]
    assert phones.get(f"/screen?after={screen['last']}")["texts"] == []
    assert screen["zone"] == "America/New_York"


def test_the_clock_follows_its_file(phones: Phones) -> None:
    before = phones.world.clock.now()
    phones.skip(7 * 86_400)

    assert 7 * 86_400 <= (phones.world.clock.now() - before).total_seconds() < 7 * 86_400 + 5


def test_skip_ahead_asks_the_service_and_shows_what_it_says(phones: Phones) -> None:
    said = {"now": "2026-11-21T12:00:00+00:00", "skipped_seconds": 14400, "what": "The 4-hour check-in."}
    phones.service.answer = lambda heard: Said(200, json.dumps(said), "application/json")

    assert phones.post("/skip") == said
    assert [(heard.method, heard.target) for heard in phones.service.heard] == [("POST", "/demo/skip")]


def test_a_service_that_will_not_skip_is_quoted(phones: Phones) -> None:
    said = {"error": "Nothing is due."}
    phones.service.answer = lambda heard: Said(409, json.dumps(said), "application/json")

    assert phones.post("/skip") == said


def test_a_service_that_is_down_is_told_of_in_a_sentence(start: Any) -> None:
    phones = start(service_url="http://127.0.0.1:9")

    assert phones.post("/skip")["error"].startswith("The service at http://127.0.0.1:9 does not answer")


def test_the_page_needs_nothing_from_elsewhere(phones: Phones) -> None:
    with urlopen(phones.url + "/", timeout=5) as answer:
        policy, page = answer.headers["Content-Security-Policy"], answer.read().decode()

    assert policy.startswith("default-src 'self';")
    assert "http://" not in page
    assert "https://" not in page
