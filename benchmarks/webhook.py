"""How many replies a second the webhook takes, beside a bare Flask handler that commits one row.

Both stand behind gunicorn as in the Procfile and write to the same PostgreSQL. A reply counts as taken when all that it
asks for is done, and not when Twilio has its answer: signature, the raw row in a commit of its own, reading, judging,
and what was decided as rows of the outbox in a second commit. What then leaves is measured by its own benchmark: here
the line stands still, as when Twilio refuses everything, so that neither process does that work meanwhile.
"""

from __future__ import annotations

import itertools
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import LiteralString

import psycopg
from psycopg.rows import TupleRow

from benchmarks.clinic import a_database, ask_everybody, deps_under, settings_for, tell
from benchmarks.load import Load, as_fast_as_it_goes, steadily
from benchmarks.processes import THREADS, WORKERS, gunicorn
from benchmarks.replies import signed_replies, unsigned_rows
from service.cli.stage import free_port

Database = psycopg.Connection[TupleRow]

PATIENTS = 1000
ROUNDS = 5
BARE_REQUESTS = 2000
REPLIES = 500
STEADY_REPLIES = 600
GOAL, LONGEST_MILLISECONDS = 0.40, 100.0
_AT_ONCE = WORKERS * THREADS
_UNREAD: LiteralString = "SELECT count(*) FROM inbox WHERE state = 'unread'"
_OLDEST: LiteralString = (
    "SELECT coalesce(1000 * extract(epoch FROM clock_timestamp() - min(received_at)), 0)"
    " FROM inbox WHERE state = 'unread'"
)
_STAND_STILL = (
    "INSERT INTO ways_out (channel, stopped_at, free_at)"
    " SELECT channel, now(), now() + interval '1 day' FROM unnest(ARRAY['sms', 'voice']) AS channel"
    " ON CONFLICT (channel) DO UPDATE SET stopped_at = excluded.stopped_at, free_at = excluded.free_at"
)
_BARE_TABLE = "CREATE TABLE bare (id bigserial PRIMARY KEY, sid text UNIQUE, sender text, body text)"


def main() -> int:
    """Print both rates by rounds, their ratio, and the waits at half of the webhook's; return 1 where a goal is missed."""
    with a_database() as url:
        web, bare, twilio = free_port(), free_port(), free_port()
        settings = settings_for(url, f"http://127.0.0.1:{web}", f"http://127.0.0.1:{twilio}")
        tell(url, _BARE_TABLE)
        ask_everybody(deps_under(settings), url, PATIENTS)
        tell(url, _STAND_STILL)
        with (
            gunicorn("service.wsgi:app", web, settings, "/login"),
            gunicorn("benchmarks.bare:app", bare, settings, "/"),
            psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as database,
        ):
            return _measure(database, web, bare)


def _measure(database: Database, web: int, bare: int) -> int:
    replies, rows = signed_replies(web, PATIENTS), unsigned_rows(PATIENTS)
    _whole_rate(database, web, _take(replies, 50))
    as_fast_as_it_goes(bare, _take(rows, 200), _AT_ONCE)
    rates: list[tuple[float, float]] = []
    for number in range(1, ROUNDS + 1):
        simple = as_fast_as_it_goes(bare, _take(rows, BARE_REQUESTS), _AT_ONCE)
        whole = _whole_rate(database, web, _take(replies, REPLIES))
        rates.append((simple.rate, whole))
        print(f"round {number}: bare {simple.rate:6.0f}/s, webhook {whole:6.0f}/s, {whole / simple.rate:.0%}")
    whole_rate = statistics.median(whole for _, whole in rates)
    ratio = statistics.median(whole / simple for simple, whole in rates)
    print(f"the webhook reaches {ratio:.0%} of the bare handler's requests a second (goal: {GOAL:.0%})")
    with _oldest_unread(database) as unread:
        half = steadily(web, _take(replies, STEADY_REPLIES), _AT_ONCE, whole_rate / 2)
    _tell_waits(half)
    print(f"meanwhile no reply that was looked at had waited longer than {max(unread):.0f} ms to be read")
    return 0 if ratio >= GOAL and half.percentile(0.99) <= LONGEST_MILLISECONDS else 1


def _whole_rate(database: Database, web: int, replies: list[bytes]) -> float:
    """Return replies a second until each of them is read and acted on."""
    began = time.perf_counter()
    as_fast_as_it_goes(web, replies, _AT_ONCE)
    while _row(database, _UNREAD)[0]:
        time.sleep(0.005)
    return len(replies) / (time.perf_counter() - began)


@contextmanager
def _oldest_unread(database: Database) -> Iterator[list[float]]:
    """Look fifty times a second, while the block runs, how many milliseconds the oldest unread reply has waited."""
    seen, over = [0.0], threading.Event()

    def look() -> None:
        while not over.wait(0.02):
            seen.append(float(_row(database, _OLDEST)[0]))

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()


def _row(database: Database, query: LiteralString) -> TupleRow:
    row = database.execute(query).fetchone()
    if row is None:
        raise RuntimeError(f"The database gave no row for: {query}")
    return row


def _tell_waits(load: Load) -> None:
    print(
        f"at half load ({load.rate:.0f}/s): p50 {load.percentile(0.5):.0f} ms, p95 {load.percentile(0.95):.0f} ms, "
        f"p99 {load.percentile(0.99):.0f} ms (goal: {LONGEST_MILLISECONDS:.0f} ms)"
    )


def _take(requests: Iterator[bytes], count: int) -> list[bytes]:
    return list(itertools.islice(requests, count))


if __name__ == "__main__":
    sys.exit(main())
