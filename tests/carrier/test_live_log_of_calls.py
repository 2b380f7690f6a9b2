"""The live carrier reads Twilio's log of calls through the real SDK: who rang whom, and when."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from service.carrier.gateway import Accepted, OutgoingCall
from service.carrier.live import TwilioCarrier
from service.simulator.app import close_simulator, create_simulator
from service.simulator.server import create_server
from service.simulator.settings import Settings

ACCOUNT = "AC" + "d0" * 16
TOKEN = "a token for this test"
ANA = "+12025550121"
CLINIC = "+12025550100"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.fixture
def carrier() -> Iterator[TwilioCarrier]:
    app = create_simulator(Settings("http://127.0.0.1:9", ACCOUNT, TOKEN, (CLINIC,), delay=0.01))
    server = create_server(app, "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield TwilioCarrier(
        account_sid=ACCOUNT,
        username=ACCOUNT,
        password=TOKEN,
        sender=CLINIC,
        webhooks_url="http://127.0.0.1:9/twilio",
        api_url=f"http://127.0.0.1:{server.server_port}",
        timeout=timedelta(seconds=2),
    )
    server.shutdown()
    server.server_close()
    close_simulator(app)


def test_a_call_that_was_placed_stands_in_the_log_with_both_its_ends(carrier: TwilioCarrier) -> None:
    placed = carrier.place_call(OutgoingCall(ANA, "abc123"))

    assert isinstance(placed, Accepted)
    (logged,) = carrier.calls_to(ANA, LONG_AGO)
    assert (logged.sid, logged.caller, logged.recipient, logged.direction) == (
        placed.sid,
        CLINIC,
        ANA,
        "outbound-api",
    )
    assert carrier.call_named(placed.sid).recipient == ANA
    assert list(carrier.calls_to("+12025550122", LONG_AGO)) == []
