"""Calling the service as Twilio does: signed, retried as the address asks, redirected, then the fallback."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar
from urllib.parse import urlencode, urljoin, urlsplit

from service.simulator.alerts import Level
from service.simulator.connection import Answer, ExchangeError, Overrides, exchange, overrides_in
from service.simulator.documents import DocumentError
from service.simulator.faults import Fault
from service.simulator.message import new_sid
from service.simulator.signing import Form, signature, signed_address
from service.simulator.world import World

T = TypeVar("T")

_MOST_REDIRECTS = 10
_REDIRECTS_AS_GET = frozenset({301, 302, 303})
_REDIRECTS_AS_IS = frozenset({307, 308})


@dataclass(frozen=True, slots=True)
class Call:
    """One event to tell the service: where, with which fields, and about which message or call."""

    url: str
    form: Form
    subject: str
    method: str = "POST"
    fallback_url: str = ""
    fallback_method: str = "POST"
    voice: bool = False
    cookies_of: tuple[str, str] | None = None
    # One event has one token, however often it is tried.
    token: str = field(default_factory=lambda: new_sid("")[:32])


def notify(world: World, call: Call) -> Answer | None:
    """Tell the service something whose answer does not matter; a failure is an alert and nothing more."""
    return fetch(world, call, lambda answer: answer)


def fetch(world: World, call: Call, read: Callable[[Answer], T]) -> T | None:
    """Return what `read` makes of the answer; None where neither address nor fallback gave a usable one."""
    code = 11200
    try:
        return read(_answer_with_retries(world, call))
    except (ExchangeError, DocumentError) as problem:
        code = problem.code
        _complain(world, call, code, str(problem))
    if not call.fallback_url:
        return None
    extra = (("ErrorCode", str(code)), ("ErrorUrl", signed_address(call.url, voice=call.voice)))
    second = replace(
        call,
        url=call.fallback_url,
        method=call.fallback_method,
        form=(*call.form, *extra),
        fallback_url="",
    )
    return fetch(world, second, read)


def _complain(world: World, call: Call, code: int, sentence: str) -> None:
    at = world.clock.now()
    world.alerts.add(
        at,
        code,
        sentence,
        subject=call.subject,
        url=call.url,
        method=call.method,
        form=call.form,
        level=Level.ERROR,
    )
    world.phones.announce()


def _answer_with_retries(world: World, call: Call) -> Answer:
    overrides = overrides_in(call.url)
    deadline = time.monotonic() + overrides.total
    tries = overrides.retries
    while True:
        try:
            return _try(world, call, overrides, deadline)
        except ExchangeError as failure:
            wanted = failure.policy in overrides.policies or "all" in overrides.policies
            may_retry = wanted and failure.policy != "partial"
            if tries == 0 or not may_retry or time.monotonic() >= deadline:
                raise
            tries -= 1


def _try(world: World, call: Call, overrides: Overrides, deadline: float) -> Answer:
    try:
        answer = _follow(world, call, overrides, deadline)
    except ExchangeError as failure:
        world.attempts.add(call.subject, call.url, failure.policy)
        raise
    world.attempts.add(call.subject, call.url, str(answer.status))
    if world.faults.strikes(Fault.WEBHOOK_FORGOTTEN):
        raise ExchangeError(11200, "rt", "The answer came too late to be heard.")
    if answer.status >= 400:
        policy = "4xx" if answer.status < 500 else "5xx"
        raise ExchangeError(11217, policy, f"The web server answered with status {answer.status}.")
    return answer


def _follow(world: World, call: Call, overrides: Overrides, deadline: float) -> Answer:
    """Make the request and those that its redirects lead to."""
    url, method, form = call.url, call.method, call.form
    for _ in range(_MOST_REDIRECTS + 1):
        left = max(deadline - time.monotonic(), 0.1)
        answer = _request(
            world, call, url, method, form, min(overrides.connect, left), min(overrides.read, left)
        )
        if not answer.location or answer.status not in _REDIRECTS_AS_GET | _REDIRECTS_AS_IS:
            return answer
        url = urljoin(signed_address(url), answer.location)
        if answer.status in _REDIRECTS_AS_GET:
            # This is how a POST loses its fields: it is asked for again as a bare GET.
            method, form = "GET", ()
    raise ExchangeError(11215, "redirects", f"More than {_MOST_REDIRECTS} redirects.")


def _request(
    world: World, call: Call, url: str, method: str, form: Form, connect: float, read: float
) -> Answer:
    address = signed_address(url, voice=call.voice)
    target = signed_address(url)
    body = urlencode(form).encode() if method == "POST" else b""
    if method == "GET" and form:
        joint = "&" if urlsplit(target).query else "?"
        target += joint + urlencode(form)
        address += joint + urlencode(form)
    headers = {
        "User-Agent": "TwilioProxy/1.1",
        "Accept": "*/*",
        "X-Twilio-Signature": signature(world.keys.primary, address, form if method == "POST" else ()),
        "I-Twilio-Idempotency-Token": call.token,
        **({"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"} if method == "POST" else {}),
        **world.cookies.header(call.cookies_of, world.clock.now()),
    }
    if world.faults.strikes(Fault.WEBHOOK_RESORTED):
        target = _with_sorted_query(target)
    # The fragment is only for us; credentials travel as a header.
    answer = exchange(method, _with_credentials(url, target), headers, body, connect=connect, read=read)
    world.cookies.keep(call.cookies_of, answer.cookies, world.clock.now())
    return answer


def _with_sorted_query(url: str) -> str:
    path, _, query = url.partition("?")
    return f"{path}?{'&'.join(sorted(query.split('&')))}" if query else url


def _with_credentials(url: str, target: str) -> str:
    user, at, _ = urlsplit(url).netloc.rpartition("@")
    return target.replace("://", f"://{user}{at}", 1) if at else target
