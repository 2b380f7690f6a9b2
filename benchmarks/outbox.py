"""How fast the outbox is delivered, beside the twilio SDK that sends the same texts by itself from as many threads.

Both send to the same stand-in for Twilio: first while it answers at once, which no service over a network does, and then
while each answer takes a tenth of a second. The outbox puts each attempt on record before the call and its outcome
after it, in PostgreSQL as it comes; the SDK alone remembers nothing.
"""

from __future__ import annotations

import secrets
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import requests
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from benchmarks.clinic import (
    CLINIC_NUMBER,
    TOKEN,
    a_database,
    ask_everybody,
    deps_under,
    phone_numbers,
    settings_for,
)
from benchmarks.processes import UnableToMeasure, simulator
from service.bootstrap import DEMO_ACCOUNT_SID
from service.cli.stage import free_port
from service.clock import DELIVERERS
from service.core.words import Channel, Urgency
from service.store import outbox
from service.workflows.deliverers import Deliverers
from service.workflows.deps import Deps

ROUNDS, TEXTS, PATIENTS, GOAL = 5, 160, 100, 0.80
# How long an answer of the stand-in takes, in seconds.
ANSWERS_AFTER = (0.0, 0.1)
THREADS = DELIVERERS
_BODY = "Willow Clinic: how do you feel this evening? Reply 0 for fine, or tell us in your own words."
_LASTS = timedelta(hours=4)


def main() -> int:
    """Print texts a second of both, round by round, and their ratio; return 1 where the goal is missed."""
    twilio, web = free_port(), free_port()
    with a_database() as url:
        settings = settings_for(url, f"http://127.0.0.1:{web}", f"http://127.0.0.1:{twilio}")
        # Nothing arrives within the run, so that no callback takes the machine's time.
        with simulator(twilio, f"http://127.0.0.1:{web}", settings, "--delay", "3600") as twilio_url:
            deps = deps_under(settings)
            ask_everybody(deps, url, PATIENTS)
            callback = f"http://127.0.0.1:{web}/twilio/status"
            ratios = [_measure(deps, twilio_url, callback, seconds) for seconds in ANSWERS_AFTER]
            return 0 if min(ratios) >= GOAL else 1


def _measure(deps: Deps, twilio_url: str, callback: str, answers_after: float) -> float:
    sdk = _sdk(twilio_url)
    slow = {"rates": {"rest_slow": 1.0} if answers_after else {}, "lateness": {"rest": answers_after}}
    requests.post(f"{twilio_url}/faults", json=slow, timeout=5).raise_for_status()

    def send_one(place: int) -> None:
        sdk.messages.create(
            to=phone_numbers(PATIENTS)[place % PATIENTS],
            from_=CLINIC_NUMBER,
            body=_BODY,
            status_callback=f"{callback}?m={secrets.token_hex(12)}",
            validity_period=int(_LASTS.total_seconds()),
        )

    deliverers = Deliverers(deps, THREADS)
    print(f"answers after {answers_after} s, {THREADS} threads each:")
    rates = []
    for number in range(ROUNDS + 1):
        _promise(deps)
        rates.append((_rate_alone(send_one), _rate_of_ours(deps, deliverers)))
        if number:
            alone, ours = rates[-1]
            print(f"  round {number}: SDK alone {alone:5.0f}/s, outbox {ours:5.0f}/s, {ours / alone:.0%}")
    ratio = statistics.median(ours / alone for alone, ours in rates[1:])
    print(f"  the outbox reaches {ratio:.0%} of the SDK alone (goal: {GOAL:.0%})", flush=True)
    return ratio


def _rate_alone(send_one: Callable[[int], None]) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(THREADS) as pool:
        for _ in pool.map(send_one, range(TEXTS)):
            pass
    return TEXTS / (time.perf_counter() - began)


def _rate_of_ours(deps: Deps, deliverers: Deliverers) -> float:
    began = time.perf_counter()
    deliverers.look()
    deliverers.rest()
    rate = TEXTS / (time.perf_counter() - began)
    with deps.store.reading() as session:
        if outbox.next_try(session) is not None:
            raise UnableToMeasure("A text was put off, and has not left.")
    return rate


def _promise(deps: Deps) -> None:
    now = deps.now()
    with deps.store.transaction() as session:
        for place in range(TEXTS):
            outbox.enqueue(
                session,
                key=f"benchmark:{deps.new_reference()}",
                reference=deps.new_reference(),
                urgency=Urgency.CHECK_IN,
                channel=Channel.SMS,
                recipient=phone_numbers(PATIENTS)[place % PATIENTS],
                body=_BODY,
                now=now,
                not_after=now + _LASTS,
                patient_id=place % PATIENTS + 1,
            )


def _sdk(url: str) -> Client:
    http_client = TwilioHttpClient(timeout=8, pool_connections=True)
    client = Client(DEMO_ACCOUNT_SID, TOKEN, http_client=http_client)
    client.api.base_url = url
    return client


if __name__ == "__main__":
    sys.exit(main())
