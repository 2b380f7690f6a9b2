"""`dripline inbox retry`: after a fix, what could not be read three times is read, and acted on, as it came."""

from __future__ import annotations

import importlib
from dataclasses import replace

import pytest
from click.testing import CliRunner
from main_path import SEVERE, Clinic, live

from service.bootstrap import Service
from service.store import inbox, readings
from service.store.database import Store, open_store
from service.store.inbox import InboxState
from service.store.keyring import Keyring
from service.workflows.deps import Deps
from service.workflows.read_inbox import read_next

command = importlib.import_module("service.cli.inbox")


@pytest.fixture
def store(sqlite_url: str, keyring: Keyring) -> Store:
    return open_store(sqlite_url, keyring)


def retry(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(command, "started", lambda _: Service(None, deps))  # type: ignore[arg-type]  # no command reads the settings
    return str(CliRunner().invoke(command.inbox, ["retry"]).output)


def test_what_was_set_aside_is_read_again_after_the_fix_and_once(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic = Clinic(store)
    sid = "SM" + "a" * 32
    clinic.ask()
    clinic.receive(SEVERE, sid=sid)
    broken = replace(clinic.deps, library=replace(clinic.deps.library, guide=None))  # type: ignore[arg-type]  # the fault
    for _ in range(4):
        while read_next(broken):
            pass
        clinic.clock.move(minutes=2)

    with store.reading() as session:
        kept = inbox.message_named(session, sid)
    answers = [retry(clinic.deps, monkeypatch), retry(clinic.deps, monkeypatch)]
    with store.reading() as session:
        tries = inbox.message_named(session, sid).attempts
    clinic.tick()
    nothing_left = retry(clinic.deps, monkeypatch)

    with store.reading() as session:
        message = inbox.message_named(session, sid)
        reading = readings.readings_by_message(session, [message.id])[message.id]
    assert (kept.state, kept.attempts, kept.body) == (InboxState.SET_ASIDE, 3, SEVERE)
    assert tries == 0, "it may be tried three times again"
    assert answers == ["1 reply will be read again.\n", "0 replies will be read again.\n"]
    assert (message.state, reading.disposition, nothing_left) == ("read", "urgent", answers[1])
    assert len(live(clinic)) == 1
