"""A simulator as a test sees it, and a service that only listens."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote
from urllib.request import Request, urlopen

import pytest
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from service.simulator.world import World

ACCOUNT = "AC" + "0" * 32
TOKEN = "a-token-of-no-value"
CLINIC = "+12025550100"
ANA = "+12025550123"
DEADLINE = 5.0


@dataclass
class Heard:
    """One request that reached the service."""

    method: str
    target: str
    headers: dict[str, str]
    form: dict[str, str]
    body: bytes


@dataclass
class Said:
    """What the service answers."""

    status: int = 204
    body: str = ""
    content_type: str | None = "text/xml"
    headers: dict[str, str] = field(default_factory=dict)


def twiml(inner: str) -> Said:
    return Said(200, f"<Response>{inner}</Response>")


class Listener:
    """A service that records what it hears; `answer` decides what it says."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.answer: Callable[[Heard], Said | None] = lambda heard: None
        self._lock = threading.Lock()
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                listener.take(self, body)

            def do_GET(self) -> None:
                listener.take(self, b"")

            def log_message(self, *arguments: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True
        ).start()

    def take(self, handler: BaseHTTPRequestHandler, body: bytes) -> None:
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        heard = Heard(handler.command, handler.path, dict(handler.headers), form, body)
        with self._lock:
            self.heard.append(heard)
        said = self.answer(heard) or Said()
        handler.send_response(said.status)
        for name, value in said.headers.items():
            handler.send_header(name, value)
        if said.content_type and said.body:
            handler.send_header("Content-Type", said.content_type)
        handler.end_headers()
        handler.wfile.write(said.body.encode())

    def at(self, path: str) -> list[Heard]:
        with self._lock:
            return [heard for heard in self.heard if heard.target.partition("?")[0] == path]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@dataclass
class Phones:
    """The simulator as a test sees it: its controls over HTTP, the real SDK, and the world behind them."""

    url: str
    world: World
    service: Listener
    clock_file: Path

    @cached_property
    def sdk(self) -> Client:
        return self.sdk_with(TOKEN)

    def sdk_with(self, token: str, user: str = ACCOUNT) -> Client:
        client = Client(user, token, ACCOUNT, http_client=TwilioHttpClient(timeout=5))
        for domain in (client.api, client.messaging, client.monitor, client.accounts):
            domain.base_url = self.url
        return client

    def get(self, path: str) -> Any:
        with urlopen(self.url + path, timeout=30) as answer:
            return json.load(answer)

    def post(self, path: str, **fields: object) -> Any:
        body = json.dumps(fields).encode()
        asked = Request(self.url + path, body, {"Content-Type": "application/json"})
        with urlopen(asked, timeout=30) as answer:
            return json.load(answer)

    def text(self, body: str, sender: str = ANA, **fields: object) -> str:
        sid = self.post(f"/phones/{quote(sender)}/send", body=body, **fields)["sid"]
        assert isinstance(sid, str)
        return sid

    def shown(self, number: str = ANA) -> list[tuple[str, str]]:
        return [
            (text["way"], text["body"]) for text in self.get(f"/phones/{quote(number)}/messages")["messages"]
        ]

    def send(self, body: str = "How do you feel?", **fields: Any) -> Any:
        return self.sdk.messages.create(**{"to": ANA, "from_": CLINIC, "body": body, **fields})

    def calls(self, number: str = ANA) -> Any:
        return self.get(f"/phones/{quote(number)}/calls")["calls"]

    def call(self, **fields: Any) -> str:
        """Place a call through the SDK and return its sid once it rings or is over."""
        url = {} if "twiml" in fields else {"url": self.service.url + "/voice"}
        sid = self.sdk.calls.create(**{"to": ANA, "from_": CLINIC, **url, **fields}).sid
        wait_until(lambda: self.get(f"/calls/{sid}")["status"] != "queued")
        return str(sid)

    def do(self, sid: str, doing: str, **fields: object) -> Any:
        return self.post(f"/calls/{sid}/{doing}", **fields)

    def heard(self, sid: str) -> list[tuple[str, str]]:
        return [(line["who"], line["text"]) for line in self.get(f"/calls/{sid}")["heard"]]

    def settle(self) -> None:
        """Wait until nothing is under way in the simulated world."""
        wait_until(self.world.agenda.is_quiet)

    def skip(self, seconds: float) -> None:
        self.clock_file.write_text(json.dumps({"offset_seconds": seconds}))


def on_the_phone(phones: Phones, document: str, answer: str = "<Say>Thank you</Say>") -> str:
    """Answer a call whose document is given; its action says `answer`."""
    phones.service.answer = lambda heard: twiml(document if heard.target == "/voice" else answer)
    sid = phones.call()
    phones.do(sid, "answer")
    return sid


def wait_until(is_so: Callable[[], object]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not is_so():
        if time.monotonic() > deadline:
            pytest.fail(f"It did not come to pass within {DEADLINE} seconds.")
        threading.Event().wait(0.005)
