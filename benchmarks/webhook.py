"""How many replies a second the webhook takes, beside a bare Flask handler that commits one row.

Both stand behind gunicorn as in the Procfile and write to the same PostgreSQL. The webhook does all that a reply asks
for before Twilio has its answer and after: signature, the raw row in a commit of its own, reading, judging, and what was
decided as rows of the outbox in a second commit. Texts leave at the pace of one a second, as a long code's do.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
import statistics
from collections.abc import Iterator
from urllib.parse import urlencode

from benchmarks.clinic import (
    CLINIC_NUMBER,
    TOKEN,
    a_database,
    ask_everybody,
    deps_under,
    phone_numbers,
    settings_for,
    tell,
)
from benchmarks.load import Load, as_fast_as_it_goes, post, steadily
from benchmarks.processes import THREADS, WORKERS, gunicorn, simulator
from service.bootstrap import DEMO_ACCOUNT_SID
from service.cli.stage import free_port

PATIENTS = 600
ROUNDS = 5
BARE_REQUESTS = 1000
REPLIES = 200
STEADY_REPLIES = 600
GOAL, LONGEST_MILLISECONDS = 0.40, 100.0
_AT_ONCE = WORKERS * THREADS
_BARE_TABLE = "CREATE TABLE bare (id bigserial PRIMARY KEY, sid text UNIQUE, sender text, body text)"
# Of fifty replies forty are well, six name something mild, three ask for a person and one is in trouble.
_WELL = (
    "1",
    "good",
    "I'm fine thanks",
    "doing well, slept ok",
    "no problems at all",
    "all ok 0",
    "fine",
    "0",
)
_MILD = ("a bit nauseous since last night", "mild headache, 2 of 10", "tired and a little dizzy")
_ASKS = ("please call me", "can the nurse call me back", "when can I drive again?")
_IN_TROUBLE = ("I have chest pain and can't breathe",)


def main() -> None:
    """Print requests a second of both, round by round, their ratio, and the waits at half of the webhook's load."""
    with a_database() as url:
        web, bare, twilio = free_port(), free_port(), free_port()
        settings = settings_for(
            url, f"http://127.0.0.1:{web}", f"http://127.0.0.1:{twilio}", TWILIO_MESSAGES_PER_SECOND="1"
        )
        tell(url, _BARE_TABLE)
        ask_everybody(deps_under(settings), url, PATIENTS)
        with (
            simulator(twilio, f"http://127.0.0.1:{web}", settings),
            gunicorn("service.wsgi:app", web, settings, "/login"),
            gunicorn("benchmarks.bare:app", bare, settings, "/"),
        ):
            _measure(web, bare)


def _measure(web: int, bare: int) -> None:
    texts = _texts()
    replies = (_reply(web, text) for text in texts)
    rows = (post("/bare", _form(text)) for text in _texts())
    as_fast_as_it_goes(web, _take(replies, 50), _AT_ONCE)
    as_fast_as_it_goes(bare, _take(rows, 200), _AT_ONCE)
    rates: list[tuple[float, float]] = []
    for number in range(1, ROUNDS + 1):
        simple = as_fast_as_it_goes(bare, _take(rows, BARE_REQUESTS), _AT_ONCE)
        whole = as_fast_as_it_goes(web, _take(replies, REPLIES), _AT_ONCE)
        rates.append((simple.rate, whole.rate))
        print(
            f"round {number}: bare {simple.rate:6.0f}/s, webhook {whole.rate:6.0f}/s, {whole.rate / simple.rate:.0%}"
        )
    whole_rate = statistics.median(whole for _, whole in rates)
    ratio = statistics.median(whole / simple for simple, whole in rates)
    print(f"the webhook reaches {ratio:.0%} of the bare handler's requests a second (goal: {GOAL:.0%})")
    _tell_waits(steadily(web, _take(replies, STEADY_REPLIES), _AT_ONCE, whole_rate / 2))


def _tell_waits(load: Load) -> None:
    print(
        f"at half load ({load.rate:.0f}/s): p50 {load.percentile(0.5):.0f} ms, p95 {load.percentile(0.95):.0f} ms, "
        f"p99 {load.percentile(0.99):.0f} ms (goal: {LONGEST_MILLISECONDS:.0f} ms)"
    )


def _take(requests: Iterator[bytes], count: int) -> list[bytes]:
    return list(itertools.islice(requests, count))


def _texts() -> Iterator[tuple[str, str, str]]:
    """Yield sid, sender and words of one reply after another; each patient writes before one writes again."""
    kinds = [_WELL] * 40 + [_MILD] * 6 + [_ASKS] * 3 + [_IN_TROUBLE]
    for place, phone in enumerate(itertools.cycle(phone_numbers(PATIENTS))):
        # Seven has nothing in common with fifty: the kinds come mixed.
        kind = kinds[place * 7 % len(kinds)]
        yield f"SM{place:032x}", phone, kind[place % len(kind)]


def _fields(text: tuple[str, str, str]) -> dict[str, str]:
    sid, sender, words = text
    named = {"MessageSid": sid, "SmsSid": sid, "SmsMessageSid": sid, "From": sender, "To": CLINIC_NUMBER}
    place = {"FromCity": "CHICAGO", "FromState": "IL", "FromZip": "60601", "FromCountry": "US"}
    rest = {"NumMedia": "0", "NumSegments": "1", "SmsStatus": "received", "ApiVersion": "2010-04-01"}
    return {**named, **place, **rest, "AccountSid": DEMO_ACCOUNT_SID, "Body": words}


def _form(text: tuple[str, str, str]) -> bytes:
    return urlencode(_fields(text)).encode()


def _reply(port: int, text: tuple[str, str, str]) -> bytes:
    fields, path = _fields(text), "/twilio/text"
    signed = f"http://127.0.0.1:{port}{path}" + "".join(key + fields[key] for key in sorted(fields))
    digest = hmac.new(TOKEN.encode(), signed.encode(), hashlib.sha1).digest()
    return post(path, _form(text), f"X-Twilio-Signature: {base64.b64encode(digest).decode()}\r\n")


if __name__ == "__main__":
    main()
