"""The Procfile on PostgreSQL as Heroku runs it: release, then web and clock, until they are asked to stop."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import pytest
from cryptography.fernet import Fernet

ROOT = Path(__file__).parents[2]
DEADLINE_SECONDS = 40


def settings(database_url: str, port: int) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
    return {
        **kept,
        "PATH": f"{Path(sys.executable).parent}:{kept.get('PATH', '')}",
        "DATABASE_URL": database_url.replace("postgresql+psycopg://", "postgres://"),
        "PUBLIC_BASE_URL": f"http://127.0.0.1:{port}",
        "SECRET_KEY": "s" * 40,
        "LOOKUP_KEY": "l" * 40,
        "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "TWILIO_ACCOUNT_SID": "AC" + "d0" * 16,
        "TWILIO_AUTH_TOKEN": "a token",
        "TWILIO_FROM_NUMBER": "+12025550100",
        "TWILIO_API_URL": "http://127.0.0.1:9",
        "TICK_SECONDS": "0.2",
        "WEB_CONCURRENCY": "1",
        "PORT": str(port),
    }


def release(environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "service.cli", "release"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)


def health(port: int) -> tuple[int, dict[str, object]]:
    try:
        with urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return answer.status, json.load(answer)
    except HTTPError as error:
        return error.code, json.load(error)
    except (URLError, OSError):
        return 0, {}


def test_release_web_and_clock_run_on_postgresql_and_stop_when_asked(
    empty_postgresql_url: str, free_port: Callable[[], int], tmp_path: Path
) -> None:
    port = free_port()
    environment = settings(empty_postgresql_url, port)
    released = release(environment)
    assert released.returncode == 0, released.stdout + released.stderr
    clinic = (
        "clinic",
        "set",
        "--name",
        "Willow Clinic",
        "--phone",
        "+12025550199",
        "--zone",
        "America/Chicago",
    )
    subprocess.run(
        [sys.executable, "-m", "service.cli", *clinic], cwd=ROOT, env=environment, check=True, timeout=60
    )
    with (tmp_path / "honcho.log").open("w") as log:
        honcho = subprocess.Popen(
            [sys.executable, "-m", "honcho", "start", "web", "clock"],
            cwd=ROOT,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )

        deadline = time.monotonic() + DEADLINE_SECONDS
        while health(port)[0] != 200 and honcho.poll() is None and time.monotonic() < deadline:
            time.sleep(0.1)
        status, report = health(port)
        honcho.send_signal(signal.SIGTERM)
        honcho.wait(timeout=20)

    said = (tmp_path / "honcho.log").read_text()
    assert status == 200, f"{report}\n{said}"
    assert '"clock.stopped"' in said


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"TWILIO_ACCOUNT_SID": ""}, "TWILIO_ACCOUNT_SID"),
        ({"ENCRYPTION_KEYS": "not a key"}, "dripline keys new"),
        (
            {"TWILIO_ACCOUNT_SID": "AC" + "1" * 32},
            "TWILIO_API_URL is the simulator's with a real TWILIO_ACCOUNT_SID",
        ),
        (
            {
                "TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
                "TWILIO_API_URL": "",
                "DEMO_CLOCK_FILE": "/nowhere/clock.json",
            },
            "a real clinic's clock is never moved",
        ),
    ],
)
@pytest.mark.parametrize("command", [["service.cli", "release"], ["service.clock"]])
def test_a_wrong_environment_is_refused_with_a_sentence(
    tmp_path: Path, command: list[str], changes: Mapping[str, str], sentence: str
) -> None:
    environment = settings(f"sqlite:///{tmp_path / 'dripline.db'}", 1) | changes

    refused = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert refused.returncode != 0
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_clock_on_a_database_that_lacks_migrations_says_what_to_run(tmp_path: Path) -> None:
    environment = settings(f"sqlite:///{tmp_path / 'dripline.db'}", 1)

    refused = subprocess.run(
        [sys.executable, "-m", "service.clock"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )

    assert refused.returncode == 2
    assert "dripline release" in refused.stderr


def test_a_second_clock_on_sqlite_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    environment = settings(f"sqlite:///{tmp_path / 'dripline.db'}", 1)
    assert release(environment).returncode == 0
    command = [sys.executable, "-m", "service.clock"]
    with (tmp_path / "clock.log").open("w") as log:
        first = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log)
        deadline = time.monotonic() + DEADLINE_SECONDS
        while "clock.started" not in (tmp_path / "clock.log").read_text() and time.monotonic() < deadline:
            time.sleep(0.1)

        second = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60
        )
        still_running = first.poll() is None
        first.terminate()
        first.wait(timeout=20)

    assert (second.returncode, still_running, first.returncode) == (2, True, 0)
    assert "Another clock is running" in second.stderr
    said = (tmp_path / "clock.log").read_text()
    assert '"catch_up.failed"' in said.split('"clock.started"')[0], (
        "at the start it looks for what was missed"
    )
