"""`dripline twilio check` against the simulator, through the real SDK: it says what is wrong, and sets it right."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result
from cryptography.fernet import Fernet

from service.cli import main
from service.simulator.app import close_simulator, create_simulator, world_of
from service.simulator.numbers import OwnNumber
from service.simulator.server import create_server
from service.simulator.settings import Settings
from service.simulator.world import World

ACCOUNT = "AC" + "d0" * 16
TOKEN = "a token for this test"
CLINIC = "+12025550100"
PUBLIC = "https://clinic.example"
RETRIES = "#rc=3&ct=2000&rt=4000&rp=all"


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A simulated account with one number and a Messaging Service, and the settings of a deployment on it."""
    app = create_simulator(
        Settings("http://127.0.0.1:9", ACCOUNT, TOKEN, (CLINIC,), service_sid="MG" + "1" * 32)
    )
    server = create_server(app, "127.0.0.1", 0)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    settings = {
        "DATABASE_URL": "sqlite:///nowhere.db",
        "PUBLIC_BASE_URL": PUBLIC,
        "SECRET_KEY": "s" * 40,
        "LOOKUP_KEY": "l" * 40,
        "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_FROM_NUMBER": CLINIC,
        "TWILIO_API_URL": f"http://127.0.0.1:{server.server_port}",
    }
    for name, value in settings.items():
        monkeypatch.setitem(os.environ, name, value)
    yield world_of(app)
    server.shutdown()
    server.server_close()
    close_simulator(app)


def check(*options: str) -> Result:
    return CliRunner().invoke(main, ["twilio", "check", *options])


def the_number(world: World) -> OwnNumber:
    (number,) = world.directory.numbers()
    return number


def configure(world: World, **fields: str) -> None:
    world.directory.change_number(the_number(world).sid, **fields)


def test_a_number_as_it_must_be_is_said_to_be_so_once_it_was_set(world: World) -> None:
    fixed = check("--fix")
    again = check()

    number = the_number(world)
    assert (fixed.exit_code, again.exit_code) == (0, 0), fixed.output + again.output
    assert again.output == f"{CLINIC} ({number.sid})\n  All is as it must be.\n"
    assert (number.sms_url, number.sms_fallback_url) == (
        f"{PUBLIC}/twilio/text{RETRIES}",
        f"{PUBLIC}/twilio/text/fallback{RETRIES}",
    )
    assert (number.voice_url, number.voice_fallback_url, number.status_callback) == (
        f"{PUBLIC}/twilio/voice{RETRIES}",
        f"{PUBLIC}/twilio/voice/fallback{RETRIES}",
        f"{PUBLIC}/twilio/voice/status{RETRIES}",
    )


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"sms_url": ""}, f"sms_url is not set. It must be {PUBLIC}/twilio/text{RETRIES}"),
        (
            {"sms_url": f"{PUBLIC}/twilio/text"},
            f"sms_url lets Twilio give up too early. It must be {PUBLIC}/twilio/text{RETRIES}",
        ),
        (
            {"voice_url": "https://old.example/voice"},
            f"voice_url is https://old.example/voice, and must be {PUBLIC}/twilio/voice{RETRIES}",
        ),
        ({"sms_method": "GET"}, "sms_method is GET, and must be POST"),
        (
            {"sms_application_sid": "AP" + "2" * 32},
            f"sms_application_sid is AP{'2' * 32}: Twilio calls that instead of the number's own addresses. "
            "It must be empty.",
        ),
    ],
)
def test_each_fault_is_named_with_what_it_must_be_and_nothing_is_set_unasked(
    world: World, fields: dict[str, str], sentence: str
) -> None:
    check("--fix")
    configure(world, **fields)
    before = the_number(world)

    said = check()

    assert said.exit_code == 1
    assert said.output.splitlines()[1:] == [
        f"  {sentence}",
        "Error: Put it right with: dripline twilio check --fix",
    ]
    assert the_number(world) == before
    assert check("--fix").exit_code == 0
    assert check().exit_code == 0


def test_a_messaging_service_that_throws_replies_away_is_told_to_leave_it_to_the_number(world: World) -> None:
    check("--fix")
    (service,) = world.directory.services()
    world.directory.change_service(service.sid, use_inbound_webhook_on_number=False)

    said = check()
    check("--fix")

    assert (
        f"The Messaging Service {service.sid}: inbound_request_url is not set: Twilio throws away"
        in said.output
    )
    assert world.directory.services()[0].use_inbound_webhook_on_number
    assert check().exit_code == 0


def test_a_number_that_the_account_lacks_and_wrong_credentials_end_with_a_sentence(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(os.environ, "TWILIO_FROM_NUMBER", "+12025550109")
    no_number = check()
    monkeypatch.setitem(os.environ, "TWILIO_AUTH_TOKEN", "another token")
    no_entry = check()

    assert (no_number.exit_code, no_entry.exit_code) == (1, 1)
    assert "+12025550109: The account has no such number" in no_number.output
    assert "Twilio's settings could not be read or set" in no_entry.output
