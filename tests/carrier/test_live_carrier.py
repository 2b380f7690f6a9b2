"""The live carrier against the simulator's REST API, through the real SDK: three outcomes, whatever goes wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from service.carrier.gateway import Accepted, OutgoingCall, OutgoingText, Refused, UnableToAsk, Unknown
from service.carrier.line import Line
from service.carrier.live import TwilioCarrier
from service.carrier.outcome import Refusal
from service.simulator.app import close_simulator, create_simulator, world_of
from service.simulator.message import Direction, Message, Status
from service.simulator.server import create_server
from service.simulator.settings import Settings
from service.simulator.world import World

ACCOUNT = "AC" + "d0" * 16
TOKEN = "a token for this test"
ANA = "+12025550121"
CLINIC = "+12025550100"


@pytest.fixture
def delay() -> float:
    """How long a text stays in Twilio's queue, in seconds."""
    return 0.01


@pytest.fixture
def world(delay: float) -> Iterator[tuple[World, str]]:
    app = create_simulator(Settings("http://127.0.0.1:9", ACCOUNT, TOKEN, (CLINIC,), delay=delay))
    server = create_server(app, "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield world_of(app), f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    close_simulator(app)


@pytest.fixture
def carrier(world: tuple[World, str]) -> Callable[..., TwilioCarrier]:
    def make(password: str = TOKEN, seconds: float = 2.0, url: str = "") -> TwilioCarrier:
        return TwilioCarrier(
            account_sid=ACCOUNT,
            username=ACCOUNT,
            password=password,
            sender=CLINIC,
            webhooks_url="http://127.0.0.1:9/twilio",
            api_url=url or world[1],
            timeout=timedelta(seconds=seconds),
        )

    return make


def text(recipient: str = ANA, body: str = "How are you?") -> OutgoingText:
    return OutgoingText(recipient, body, "abc123", timedelta(hours=1))


def test_a_text_that_twilio_takes_is_accepted_under_its_sid(
    carrier: Callable[..., TwilioCarrier], world: tuple[World, str]
) -> None:
    outcome = carrier().send_text(text())

    assert isinstance(outcome, Accepted)
    (message,) = [original for original, _ in world[0].messages.ledger()]
    assert (message.sid, message.to, message.body) == (outcome.sid, ANA, "How are you?")
    assert message.status_callback == "http://127.0.0.1:9/twilio/status?m=abc123"


@pytest.mark.parametrize(
    ("recipient", "code", "kind"),
    [
        ("+15005550001", 21211, Refusal.PERMANENT),
        ("+15005550003", 21408, Refusal.PERMANENT),
        ("+15005550004", 21610, Refusal.OPTED_OUT),
        ("+15005550009", 21614, Refusal.PERMANENT),
    ],
)
def test_a_number_that_twilio_refuses_says_what_that_calls_for(
    carrier: Callable[..., TwilioCarrier], recipient: str, code: int, kind: Refusal
) -> None:
    outcome = carrier().send_text(text(recipient))

    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.kind) == (code, kind)
    assert outcome.sentence.endswith(".")


def test_wrong_credentials_are_a_matter_of_configuration(carrier: Callable[..., TwilioCarrier]) -> None:
    outcome = carrier(password="wrong").send_text(text())

    assert isinstance(outcome, Refused)
    assert outcome.kind is Refusal.CONFIGURATION


def test_too_many_requests_pass(carrier: Callable[..., TwilioCarrier], world: tuple[World, str]) -> None:
    world[0].faults.set(seed=1, rates={"rest_busy": 1.0}, upcoming=None)

    outcome = carrier().send_text(text())

    assert isinstance(outcome, Refused)
    assert outcome.kind is Refusal.PASSING


@pytest.mark.parametrize(
    "fault", ["rest_error_before", "rest_error_after", "rest_answer_lost", "rest_dropped"]
)
def test_whether_twilio_has_it_is_unknown_when_its_answer_fails(
    carrier: Callable[..., TwilioCarrier], world: tuple[World, str], fault: str
) -> None:
    world[0].faults.set(seed=1, rates={fault: 1.0}, upcoming=None)

    assert isinstance(carrier().send_text(text()), Unknown)


def test_a_twilio_that_does_not_answer_is_given_up_after_the_time_out(world: tuple[World, str]) -> None:
    deaf = TwilioCarrier(
        account_sid=ACCOUNT,
        username=ACCOUNT,
        password=TOKEN,
        sender=CLINIC,
        webhooks_url="http://127.0.0.1:9/twilio",
        api_url="http://127.0.0.1:9",
        timeout=timedelta(seconds=0.5),
    )

    assert isinstance(deaf.send_text(text()), Unknown)
    with pytest.raises(UnableToAsk):
        list(deaf.texts_to(ANA, datetime(2026, 1, 1, tzinfo=UTC)))


def test_the_log_holds_what_was_sent_to_a_number_since_an_instant(
    carrier: Callable[..., TwilioCarrier], world: tuple[World, str]
) -> None:
    live = carrier()
    before = world[0].clock.now() - timedelta(seconds=2)
    live.send_text(text(body="first"))
    live.send_text(text(body="second"))
    live.send_text(text("+12025550122", "for another"))

    found = sorted(logged.body for logged in live.texts_to(ANA, before))

    assert found == ["first", "second"]
    assert list(live.texts_to(ANA, before + timedelta(days=1))) == []


@pytest.mark.parametrize("delay", [3600.0])
def test_a_text_that_waits_in_twilio_s_queue_is_in_the_log_without_a_date_of_sending(
    carrier: Callable[..., TwilioCarrier], world: tuple[World, str]
) -> None:
    live, began = carrier(), world[0].clock.now()
    taken = live.send_text(text())

    (logged,) = live.texts_to(ANA, began - timedelta(minutes=2))

    assert isinstance(taken, Accepted)
    assert (logged.sid, logged.status) == (taken.sid, "queued")
    assert abs(logged.created_at - began) < timedelta(minutes=2)


def test_every_page_of_the_log_is_read_and_of_it_what_was_received_alone(
    carrier: Callable[..., TwilioCarrier], world: tuple[World, str]
) -> None:
    began = world[0].clock.now()
    came = Message("", ACCOUNT, Direction.INBOUND, ANA, CLINIC, "", Status.RECEIVED, began, began, sent=began)
    for number in range(210):
        world[0].messages.add(replace(came, sid=f"SM{number:032x}", body=f"none {number}"))
    world[0].messages.add(replace(came, sid="SM" + "f" * 32, direction=Direction.API, sender=CLINIC))

    bodies = [logged.body for logged in carrier().texts_received(began - timedelta(minutes=2))]

    assert sorted(bodies) == sorted(f"none {number}" for number in range(210))


@pytest.mark.parametrize(
    ("recipient", "code"),
    [
        ("+15005550001", 21217),
        ("+15005550002", 21214),
        ("+15005550003", 21215),
        ("+15005550004", 21216),
    ],
)
def test_a_phone_that_twilio_will_not_ring_is_given_up_with_the_reason(
    carrier: Callable[..., TwilioCarrier], recipient: str, code: int
) -> None:
    outcome = carrier().place_call(OutgoingCall(recipient, "abc123"))

    assert isinstance(outcome, Refused)
    assert (outcome.code, outcome.kind) == (code, Refusal.PERMANENT)


def test_the_environment_is_asked_for_the_proxy_of_a_host_once(monkeypatch: pytest.MonkeyPatch) -> None:
    line = Line()
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example:3128")

    def proxies(url: str) -> dict[str, str]:
        return dict(line.merge_environment_settings(url, {}, None, None, None)["proxies"])

    first = proxies("https://api.twilio.com/2010-04-01/Accounts")
    monkeypatch.delenv("HTTPS_PROXY")

    assert first["https"] == "http://proxy.example:3128"
    assert proxies("https://api.twilio.com/2010-04-01/Messages") == first
    assert "https" not in proxies("https://monitor.twilio.com/v1")
