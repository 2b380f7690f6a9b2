"""How long claiming what is due takes with ten thousand planned check-ins and with ten million, and what is read whole.

The clocks' ticks run over the larger database as they are, hours ahead, so that much falls due; every statement that
they send is explained, and one that reads a large table from end to end is named.
"""

from __future__ import annotations

import argparse
import re
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import event

from benchmarks.clinic import a_database, ask_everybody, deps_under, phone_numbers, settings_for
from benchmarks.filling import fill
from service.carrier.memory import MemoryCarrier
from service.clock import ROW_TICKS
from service.store import check_ins, inbox
from service.workflows.deps import Deps
from service.workflows.read_inbox import read_together

FEW, MANY, GOAL = 10_000, 10_000_000, 1.5
PATIENTS, ROUNDS, CLAIMS = 30, 7, 100
# What happens to a clinic in the two days after everybody was asked.
_HOURS_AHEAD = (0, 1, 3, 8, 16, 24, 40)
_TURNS = 5
_LARGE = 5_000
_WHOLE = re.compile(r"Seq Scan on (\w+)")


@dataclass(slots=True)
class _Clinic:
    """One database with its clinic, and an hour at which check-ins are due there."""

    deps: Deps
    due_at: datetime


def main() -> int:
    """Print the times, their ratio, and each statement that reads a large table whole; 1 where a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--many", type=int, default=MANY, help="planned check-ins in the larger database")
    many = parser.parse_args().many
    with _a_clinic(FEW) as small, _a_clinic(many) as large:
        ratio = _claim_in_turns(small, large, many)
        whole = _read_whole(large.deps)
    for table, statement in whole:
        print(f"reads {table} whole: {statement}")
    print(f"statements that read a large table whole: {len(whole)} (goal: 0)")
    return 0 if ratio <= GOAL and not whole else 1


@contextmanager
def _a_clinic(planned: int) -> Iterator[_Clinic]:
    with a_database() as url:
        deps = deps_under(settings_for(url, "http://127.0.0.1:1", "http://127.0.0.1:1"))
        ask_everybody(deps, url, PATIENTS)
        began = time.monotonic()
        fill(url, planned)
        print(f"{planned:,} planned check-ins, filled in {time.monotonic() - began:.0f} s", flush=True)
        with deps.store.reading() as session:
            due_at = min(moment for moment, what in check_ins.next_moments(session) if "due" in what)
        yield _Clinic(deps, due_at + timedelta(minutes=1))
        deps.store.close()


def _claim_in_turns(small: _Clinic, large: _Clinic, many: int) -> float:
    """Claim in both databases by turns; return the median of the rounds' ratios."""
    rounds = [(_claim(small), _claim(large)) for _ in range(ROUNDS + 1)][1:]
    few, lot = (statistics.median(one[place] for one in rounds) for place in (0, 1))
    ratio = statistics.median(of_large / of_small for of_small, of_large in rounds)
    print(f"claiming one of {FEW:>10,}: {few * 1000:.2f} ms")
    print(f"claiming one of {many:>10,}: {lot * 1000:.2f} ms, {ratio:.2f} times (goal: {GOAL})")
    return ratio


def _claim(clinic: _Clinic) -> float:
    """Return the median time of a claim, in seconds."""
    took = []
    for _ in range(CLAIMS):
        with clinic.deps.store.reading() as session:
            began = time.perf_counter()
            claimed = check_ins.claim_due(session, clinic.due_at)
            took.append(time.perf_counter() - began)
            if claimed is None:
                raise RuntimeError("Nothing is due: there is nothing to measure.")
    return statistics.median(took)


def _read_whole(deps: Deps) -> list[tuple[str, str]]:
    """Live through two days; return each large table that was read whole, with the statement, once."""
    sent: dict[str, Any] = {}

    @event.listens_for(deps.store.engine, "before_cursor_execute")
    def _remember(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        sent.setdefault(statement, parameters)

    began, ahead = deps.now(), [timedelta(0)]

    def now() -> datetime:
        return began + ahead[0]

    later = replace(deps, now=now, carrier=MemoryCarrier(now))
    for hours in _HOURS_AHEAD:
        ahead[0] = timedelta(hours=hours)
        _take_texts_in(later, hours)
        # As a web process reads them; what the clock reads comes one by one.
        if hours % 2:
            read_together(later)
        for work in ROW_TICKS.values():
            for _ in range(_TURNS):
                work(later)
    event.remove(deps.store.engine, "before_cursor_execute", _remember)
    print(f"{len(sent)} different statements were explained")
    return _explain(deps, sent)


def _take_texts_in(deps: Deps, hours: int) -> None:
    for place, words in enumerate(("fine", "I have chest pain", "dizzy, 5", "call me")):
        with deps.store.transaction() as session:
            sid, phone = f"SM{hours:016x}{place:016x}", phone_numbers(PATIENTS)[place + hours % 7]
            raw = inbox.raw_message(
                session, sid=sid, sender=phone, body=words, form={}, received_at=deps.now()
            )
            inbox.store_messages(session, [raw])


def _explain(deps: Deps, sent: dict[str, Any]) -> list[tuple[str, str]]:
    whole: list[tuple[str, str]] = []
    with deps.store.engine.connect() as connection:
        sizes = "SELECT relname, reltuples FROM pg_class WHERE relkind = 'r'"
        large = {name for name, rows in connection.exec_driver_sql(sizes) if rows > _LARGE}
        for statement, parameters in sent.items():
            plan = "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters))
            whole += [
                (table, " ".join(statement.split())) for table in _WHOLE.findall(plan) if table in large
            ]
    return whole


if __name__ == "__main__":
    sys.exit(main())
