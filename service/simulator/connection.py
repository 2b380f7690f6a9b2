"""One HTTP exchange with a webhook: the exact bytes of its address, its overrides and time-outs."""

from __future__ import annotations

import base64
import http.client
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit

_LIMITS: Final = {"ct": (100, 10_000), "rt": (100, 15_000), "tt": (100, 15_000), "rc": (0, 5)}


@dataclass(frozen=True, slots=True)
class Overrides:
    """How patient the caller is, in seconds, how often it retries, and after which failures."""

    connect: float = 5.0
    read: float = 15.0
    total: float = 15.0
    retries: int = 1
    policies: tuple[str, ...] = ("ct",)


def overrides_in(url: str) -> Overrides:
    """Return what the fragment asks for (`#rc=3&ct=2000&rt=4000&rp=all`), brought into the valid ranges."""
    asked = dict(parse_qsl(urlsplit(url).fragment))
    numbers = {key: _within(asked[key], *limits) for key, limits in _LIMITS.items() if key in asked}
    policies = tuple(asked["rp"].split(",")) if "rp" in asked else ("ct",)
    return Overrides(
        connect=numbers.get("ct", 5_000) / 1000,
        read=numbers.get("rt", 15_000) / 1000,
        total=numbers.get("tt", 15_000) / 1000,
        retries=numbers.get("rc", 1),
        policies=policies,
    )


def _within(text: str, least: int, most: int) -> int:
    return min(max(int(text), least), most) if text.isdigit() else least


@dataclass(frozen=True, slots=True)
class Answer:
    """What the web server said."""

    status: int
    content_type: str
    body: bytes
    location: str = ""
    cookies: tuple[str, ...] = ()


class ExchangeError(Exception):
    """The exchange did not happen or not to its end; `policy` names the retry rule that covers it."""

    def __init__(self, code: int, policy: str, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.policy = policy


def exchange(
    method: str, url: str, headers: Mapping[str, str], body: bytes, *, connect: float, read: float
) -> Answer:
    """Make one request and return its answer; time-outs are in seconds. Raises `ExchangeError`."""
    parts = urlsplit(url)
    connection = _connection(parts.scheme, parts.hostname or "", parts.port, connect)
    try:
        _connect(connection, url)
        connection.sock.settimeout(read)
        return _talk(connection, method, _target(url), {**_credentials(url), **headers}, body)
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None, timeout: float) -> http.client.HTTPConnection:
    if scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=timeout, context=context)
    return http.client.HTTPConnection(host, port, timeout=timeout)


def _connect(connection: http.client.HTTPConnection, url: str) -> None:
    try:
        connection.connect()
    except OSError as error:
        raise ExchangeError(11205, "ct", f"Nothing answers at {urlsplit(url).netloc}: {error}.") from error


def _talk(
    connection: http.client.HTTPConnection, method: str, target: str, headers: Mapping[str, str], body: bytes
) -> Answer:
    try:
        connection.request(method, target, body=body or None, headers=dict(headers))
        response = connection.getresponse()
    except TimeoutError as error:
        raise ExchangeError(11200, "rt", "The web server did not answer in time.") from error
    except (OSError, http.client.HTTPException) as error:
        raise ExchangeError(11200, "rt", f"The connection broke before an answer came: {error!r}.") from error
    return _read(response)


def _read(response: http.client.HTTPResponse) -> Answer:
    try:
        body = response.read()
    except (OSError, http.client.HTTPException) as error:
        # A partial answer is never asked for again, so it belongs to no retry rule.
        raise ExchangeError(11200, "partial", "The answer broke off in the middle.") from error
    return Answer(
        status=response.status,
        content_type=response.getheader("Content-Type") or "",
        body=body,
        location=response.getheader("Location") or "",
        cookies=tuple(response.headers.get_all("Set-Cookie") or ()),
    )


def _target(url: str) -> str:
    """Return path and query as they were written; only what HTTP can't carry is escaped."""
    parts = urlsplit(url)
    written = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return quote(written, safe="".join(chr(code) for code in range(33, 127)))


def _credentials(url: str) -> dict[str, str]:
    parts = urlsplit(url)
    if parts.username is None:
        return {}
    pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode("ascii")}
