"""The health check says in a sentence what is late and what to do; a scrape counts and tells nothing private."""

from __future__ import annotations

import re

import pytest
from browsing import Browser, the_clock_ticks
from builders import ANA, Clock, a_nurse, a_patient, text_form
from werkzeug.test import TestResponse

from service.carrier.inbound import inbound_text
from service.store import heartbeats
from service.workflows.deliver_outbox import deliver_next
from service.workflows.deps import Deps
from service.workflows.read_inbox import read_next
from service.workflows.receive import store_texts


def faults(answer: TestResponse) -> list[str]:
    return [fault["what"] for fault in answer.get_json()["faults"]]


def sentence(answer: TestResponse) -> str:
    words: str = answer.get_json()["faults"][0]["sentence"]
    return words


def an_emergency(deps: Deps) -> None:
    """Let a patient's emergency be read, and nothing leave."""
    a_nurse(deps)
    a_patient(deps)
    while deliver_next(deps):
        pass
    form = text_form("I can't breathe")
    store_texts(deps, [inbound_text(form)])
    read_next(deps)


def test_all_is_well_while_the_clock_runs_and_nothing_waits(visitor: Browser) -> None:
    answer = visitor.get("/healthz")

    assert (answer.status_code, answer.get_json()) == (
        200,
        {
            "status": "ok",
            "faults": [],
            "clock_age_seconds": 0.0,
            "oldest_page_age_seconds": None,
            "oldest_unread_reply_age_seconds": None,
        },
    )


def test_a_few_slow_ticks_are_no_fault(visitor: Browser, clock: Clock) -> None:
    clock.move(seconds=70)

    assert visitor.get("/healthz").status_code == 200


def test_a_clock_that_stands_still_is_said_with_what_to_do(visitor: Browser, clock: Clock) -> None:
    clock.move(minutes=3)

    answer = visitor.get("/healthz")

    assert (answer.status_code, answer.get_json()["status"]) == (503, "late")
    assert faults(answer) == ["clock"]
    assert sentence(answer) == (
        "The clock has stood still for 3 minutes: nothing is sent or escalated. "
        "Restart the clock process, and watch the phones yourself until it runs."
    )


def test_one_tick_that_hangs_is_named(visitor: Browser, deps: Deps, clock: Clock) -> None:
    clock.move(minutes=5)
    with deps.store.transaction() as session:
        heartbeats.beat(session, "read the inbox", deps.now())
        heartbeats.beat(session, "climb escalations", deps.now())

    answer = visitor.get("/healthz")

    assert (answer.status_code, faults(answer)) == (503, ["tick"])
    assert sentence(answer) == (
        "The clock's work “deliver the outbox” has not finished for 5 minutes. Look for it in the clock's log."
    )


def test_a_page_that_does_not_leave_is_said(visitor: Browser, deps: Deps, clock: Clock) -> None:
    an_emergency(deps)
    clock.move(minutes=2)
    the_clock_ticks(deps)

    answer = visitor.get("/healthz")

    assert (answer.status_code, faults(answer)) == (503, ["page"])
    assert answer.get_json()["oldest_page_age_seconds"] == 120


def test_a_reply_that_nobody_reads_is_said(visitor: Browser, deps: Deps, clock: Clock) -> None:
    form = text_form("I can't breathe")
    store_texts(deps, [inbound_text(form)])
    clock.move(minutes=2)
    the_clock_ticks(deps)

    answer = visitor.get("/healthz")

    assert (answer.status_code, faults(answer)) == (503, ["reply"])
    assert answer.get_json()["oldest_unread_reply_age_seconds"] == 120


def test_a_database_that_does_not_answer_is_said(
    visitor: Browser, deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone() -> None:
        raise ConnectionError("refused at 10.0.0.5 as user dripline")

    monkeypatch.setattr(deps.store, "answers", gone)

    answer = visitor.get("/healthz")

    assert (answer.status_code, faults(answer)) == (503, ["database"])
    assert "10.0.0.5" not in answer.text


def test_a_database_behind_the_code_is_said(
    visitor: Browser, deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deps.store, "pending_migrations", lambda: ("0099",))

    answer = visitor.get("/healthz")

    assert (answer.status_code, sentence(answer)) == (
        503,
        "The database lacks 1 migration(s). Run: dripline release.",
    )


def test_a_scrape_counts_messages_escalations_and_ticks(visitor: Browser, deps: Deps) -> None:
    an_emergency(deps)

    lines = visitor.get("/metrics").text.splitlines()

    counted = sorted(line for line in lines if re.match(r"dripline_(inbox|outbox|live)", line))
    assert counted == [
        'dripline_inbox_messages{state="read"} 1.0',
        'dripline_live_escalations{level="emergency",state="open"} 1.0',
        'dripline_outbox_messages{state="accepted"} 1.0',
        'dripline_outbox_messages{state="queued"} 3.0',
    ]
    assert 'dripline_tick_age_seconds{tick="read the inbox"} 0.0' in lines


def test_health_and_metrics_tell_nothing_of_a_patient(visitor: Browser, deps: Deps) -> None:
    an_emergency(deps)

    told = visitor.get("/healthz").text + visitor.get("/metrics").text

    assert [private for private in ("Ana", ANA, ANA[-7:], "breathe") if private in told] == []


def test_every_page_of_staff_has_a_bar_while_the_clock_is_late(nurse: Browser, clock: Clock) -> None:
    bar = "Dripline is not well."

    while_well = [nurse.get(path).text.count(bar) for path in ("/", "/patients", "/staff")]
    clock.move(minutes=3)
    while_late = [nurse.get(path).text.count(bar) for path in ("/", "/patients", "/staff")]

    assert (while_well, while_late) == ([0, 0, 0], [1, 1, 1])
