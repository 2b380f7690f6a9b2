"""`dripline clinic`: hours, holidays and the fallback are set and shown; what can't be gets a sentence."""

from __future__ import annotations

import importlib

import pytest
from builders import Clock, a_clinic, deps_for
from click.testing import CliRunner

from service.bootstrap import Service
from service.store.database import Store

office = importlib.import_module("service.cli.office")
clinic = importlib.import_module("service.cli.clinic").clinic


@pytest.fixture(autouse=True)
def _a_clinic(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clinic, which the commands find instead of the environment's."""
    opened = deps_for(store, now=Clock())
    a_clinic(opened)
    monkeypatch.setattr(office, "started", lambda _: Service(None, opened))  # type: ignore[arg-type]  # no command reads the settings


def run(*words: str) -> str:
    return str(CliRunner().invoke(clinic, list(words)).output)


def test_what_is_set_is_shown() -> None:
    for words in (
        ("hours", "mon-thu", "08:00-12:00,13:00-17:00"),
        ("hours", "fri,sat", "9:00-12:00"),
        ("hours", "sun", "closed"),
        ("holiday", "add", "2026-12-25", "Christmas Day"),
        ("fallback", "physician"),
    ):
        run(*words)

    assert run("show").splitlines() == [
        "Willow Clinic, +12025550199, America/Chicago",
        "No check-in from 21:00 until 08:00, local time.",
        "With nobody on call, every physician is paged.",
        "Monday     08:00-12:00, 13:00-17:00",
        "Tuesday    08:00-12:00, 13:00-17:00",
        "Wednesday  08:00-12:00, 13:00-17:00",
        "Thursday   08:00-12:00, 13:00-17:00",
        "Friday     09:00-12:00",
        "Saturday   09:00-12:00",
        "Sunday     closed",
        "2026-12-25 closed: Christmas Day",
    ]


def test_what_can_not_be_gets_a_sentence() -> None:
    assert run("hours", "mondays", "9:00-17:00") == (
        "Error: 'mondays' are no weekdays. Write them like mon-fri, or sat,sun.\n"
    )
    assert run("hours", "mon", "17:00-9:00") == "Error: Monday: 17:00-09:00 ends before it starts.\n"
    assert run("holiday", "add", "25.12.", "Christmas") == (
        "Error: '25.12.' is no day. Write it like 2026-12-25.\n"
    )
    assert run("holiday", "drop", "2026-12-25") == "Error: 2026-12-25 is no holiday.\n"
