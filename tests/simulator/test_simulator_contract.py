"""Every key that the SDK reads from an answer is in it, and no part of the account answers strangers."""

from __future__ import annotations

import inspect
import json
import re
from base64 import b64encode
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from simulated_phones import ACCOUNT, ANA, TOKEN, Phones, Said
from twilio.rest.api.v2010.account.call import CallInstance
from twilio.rest.api.v2010.account.incoming_phone_number import IncomingPhoneNumberInstance
from twilio.rest.api.v2010.account.message import MessageInstance
from twilio.rest.api.v2010.account.message.media import MediaInstance
from twilio.rest.messaging.v1.service import ServiceInstance
from twilio.rest.monitor.v1.alert import AlertInstance

BASE = f"/2010-04-01/Accounts/{ACCOUNT}"
SERVICE = "MG" + "2" * 32


def answer_of(phones: Phones, path: str) -> Any:
    key = b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
    with urlopen(Request(phones.url + path, headers={"Authorization": f"Basic {key}"}), timeout=5) as answer:
        return json.load(answer)


def read_by(instance: type) -> set[str]:
    """Return the keys that the SDK takes from an answer of this kind."""
    return set(re.findall(r'payload\.get\(\s*"(\w+)"', inspect.getsource(instance.__init__)))


def test_an_answer_has_every_key_that_the_sdk_reads(start: Any) -> None:
    phones = start(service_sid=SERVICE)
    phones.service.answer = lambda heard: Said(500)
    picture = phones.text("", media=["image/jpeg"])
    phones.settle()
    phones.call(twiml="<Response/>")

    answers = [
        (MessageInstance, answer_of(phones, f"{BASE}/Messages.json")["messages"][0]),
        (MediaInstance, answer_of(phones, f"{BASE}/Messages/{picture}/Media.json")["media_list"][0]),
        (CallInstance, answer_of(phones, f"{BASE}/Calls.json")["calls"][0]),
        (
            IncomingPhoneNumberInstance,
            answer_of(phones, f"{BASE}/IncomingPhoneNumbers.json")["incoming_phone_numbers"][0],
        ),
        (ServiceInstance, answer_of(phones, f"/v1/Services/{SERVICE}")),
        (AlertInstance, _alert(phones)),
    ]

    assert {kind.__name__: read_by(kind) - set(body) for kind, body in answers} == {
        kind.__name__: set() for kind, _ in answers
    }


def _alert(phones: Phones) -> Any:
    sid = answer_of(phones, "/v1/Alerts")["alerts"][0]["sid"]
    return answer_of(phones, f"/v1/Alerts/{sid}")


@pytest.mark.parametrize("name", ["Messages", "Calls", "IncomingPhoneNumbers"])
def test_a_list_has_exactly_one_key_besides_its_paging(phones: Phones, name: str) -> None:
    paging = {
        "end",
        "first_page_uri",
        "next_page_uri",
        "page",
        "page_size",
        "previous_page_uri",
        "start",
        "uri",
    }

    assert len(set(answer_of(phones, f"{BASE}/{name}.json")) - paging) == 1


@pytest.mark.parametrize(
    "path",
    [
        f"{BASE}/Messages.json",
        f"{BASE}/Calls.json",
        f"{BASE}/IncomingPhoneNumbers.json",
        f"{BASE}/Balance.json",
        "/v1/Services",
        "/v1/Alerts",
    ],
)
def test_a_stranger_gets_twilios_refusal(phones: Phones, path: str) -> None:
    with pytest.raises(HTTPError) as caught:
        urlopen(phones.url + path, timeout=5)

    assert caught.value.code == 401
    assert json.load(caught.value) == {
        "code": 20003,
        "message": "Authenticate",
        "more_info": "https://www.twilio.com/docs/errors/20003",
        "status": 401,
    }


def test_a_path_that_the_api_lacks_is_refused_in_its_shape(phones: Phones) -> None:
    with pytest.raises(HTTPError) as caught:
        answer_of(phones, f"{BASE}/Faxes.json")

    assert (caught.value.code, json.load(caught.value)["code"]) == (404, 20404)


def test_another_account_is_not_found(phones: Phones) -> None:
    with pytest.raises(HTTPError) as caught:
        answer_of(phones, f"/2010-04-01/Accounts/AC{'1' * 32}/Messages.json")

    assert caught.value.code == 404


def test_the_ledger_tells_of_calls_too(phones: Phones) -> None:
    sid = phones.call()
    phones.do(sid, "answer")

    entry = phones.get("/ledger")["calls"][0]
    assert (entry["sid"], entry["number"], entry["status"]) == (sid, ANA, "completed")
    assert entry["url"] == phones.service.url + "/voice"
    assert [attempt["outcome"] for attempt in entry["webhooks"]] == ["204"]


@pytest.mark.parametrize("fields", [{"rates": 3}, {"lateness": {"tea": 1}}, {"seed": []}])
def test_faults_that_make_no_sense_are_refused(phones: Phones, fields: dict[str, object]) -> None:
    with pytest.raises(HTTPError) as caught:
        phones.post("/faults", **fields)

    assert caught.value.code == 400


def test_a_clock_file_torn_by_its_writer_does_not_stop_the_phones(phones: Phones) -> None:
    phones.skip(3600)
    before = phones.world.clock.now()
    phones.clock_file.write_text("{")
    phones.send()
    phones.settle()

    assert (phones.world.clock.now() - before).total_seconds() < 60
    assert len(phones.shown()) == 1
