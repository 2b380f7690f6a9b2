"""SIGTERM while Twilio hangs: clock and web end within ten seconds, and what they had claimed is on record."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from builders import ACCOUNT_SID, MORNING, TOKEN, signed_form, text_form
from cryptography.fernet import Fernet
from main_path import Clinic

from service.core.words import Urgency
from service.store import outbox
from service.store.database import Store, open_store
from service.store.keyring import Keyring
from service.store.outbox import OutboxMessage, OutboxState

ROOT = Path(__file__).parents[2]
DEADLINE_SECONDS = 60.0
STOPPED_WITHIN = 10.0
LOOKUP_KEY = "l" * 40


@pytest.fixture
def hanging_twilio() -> Iterator[tuple[str, threading.Event]]:
    """A Twilio that takes every request and answers none, and an event that tells of the first POST."""
    asked, listener, lines = threading.Event(), socket.create_server(("127.0.0.1", 0)), list[socket.socket]()

    def listen() -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            lines.append(line)
            if line.recv(4) == b"POST":
                asked.set()

    threading.Thread(target=listen, daemon=True).start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}", asked
    listener.close()
    for line in lines:
        line.close()


@pytest.fixture
def keys() -> str:
    return Fernet.generate_key().decode()


@pytest.fixture
def shared(postgresql_url: str, keys: str) -> Iterator[Store]:
    """The database of the process under test, under the same keys."""
    opened = open_store(postgresql_url, Keyring(keys, LOOKUP_KEY))
    yield opened
    opened.close()


@contextmanager
def running(command: list[str], settings: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    with log.open("wb") as said:
        process = subprocess.Popen(command, cwd=ROOT, env=kept | settings, stdout=said, stderr=said)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def settings(url: str, twilio: str, keys: str, port: int = 1) -> dict[str, str]:
    return {
        "DATABASE_URL": url,
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": "s" * 40,
        "LOOKUP_KEY": LOOKUP_KEY,
        "ENCRYPTION_KEYS": keys,
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_FROM_NUMBER": "+12025550100",
        "TWILIO_API_URL": twilio,
        "TICK_SECONDS": "0.2",
        "TWILIO_TIMEOUT_SECONDS": "3",
    }


def stop(process: subprocess.Popen[bytes]) -> float:
    """Ask the process to end; return how many seconds it took."""
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    process.wait(timeout=30)
    return time.monotonic() - began


def states(store: Store) -> dict[str, str]:
    with store.reading() as session:
        rows = session.query(OutboxMessage).filter(OutboxMessage.key.startswith("c")).all()
        return {row.key: row.state for row in rows}


def test_a_clock_that_is_stopped_while_twilio_hangs_records_what_it_had_claimed_and_claims_no_more(
    postgresql_url: str, shared: Store, keys: str, hanging_twilio: tuple[str, threading.Event], tmp_path: Path
) -> None:
    twilio, asked = hanging_twilio
    with shared.transaction() as session:
        for name in ("c1", "c2", "c3", "c4", "c5", "c6", "c7", "c8"):
            outbox.enqueue(
                session, key=name, reference=name, urgency=Urgency.CHECK_IN, channel="sms",
                recipient="+12025550121", body=name, now=MORNING,
            )  # fmt: skip

    command = [sys.executable, "-m", "service.clock"]
    with running(command, settings(postgresql_url, twilio, keys), tmp_path / "clock.log") as clock:
        assert asked.wait(DEADLINE_SECONDS), (tmp_path / "clock.log").read_text()
        took = stop(clock)

    assert (clock.returncode, took < STOPPED_WITHIN) == (0, True), took
    assert '"clock.stopped"' in (tmp_path / "clock.log").read_text()
    left = sorted(states(shared).values())
    assert set(left) == {OutboxState.QUEUED, OutboxState.UNKNOWN}, "none is left as being sent"


def test_a_web_process_that_is_stopped_while_twilio_hangs_has_the_reply_and_ends_in_time(
    postgresql_url: str,
    shared: Store,
    keys: str,
    hanging_twilio: tuple[str, threading.Event],
    tmp_path: Path,
    free_port: Callable[[], int],
) -> None:
    twilio, asked = hanging_twilio
    Clinic(shared).tick()
    port = free_port()
    web = [
        *(sys.executable, "-m", "gunicorn", "service.wsgi:app", "--bind", f"127.0.0.1:{port}"),
        *("--worker-class", "gthread", "--workers", "1", "--threads", "8", "--graceful-timeout", "10"),
    ]
    form = text_form("stop texting me, my legs are locked, a 9")
    headers = signed_form("/twilio/text", form, address=f"http://127.0.0.1:{port}")
    with running(web, settings(postgresql_url, twilio, keys, port), tmp_path / "web.log") as process:
        patience = time.monotonic() + DEADLINE_SECONDS
        while time.monotonic() < patience:
            with socket.socket() as caller:
                if caller.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        url = f"http://127.0.0.1:{port}/twilio/text"
        with urlopen(Request(url, urlencode(form).encode(), headers), timeout=30) as answer:
            status = answer.status
        assert asked.wait(DEADLINE_SECONDS), (tmp_path / "web.log").read_text()
        took = stop(process)

    assert (status, took < STOPPED_WITHIN) == (200, True), took
    with shared.reading() as session:
        waiting = {row.state for row in session.query(OutboxMessage) if row.attempted_at is not None}
    assert OutboxState.SENDING not in waiting
