"""Real processes of a benchmark: started, awaited until they answer, and stopped in the end."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from benchmarks.clinic import CLINIC_NUMBER, TOKEN
from service.bootstrap import DEMO_ACCOUNT_SID, ROOT

# As the Procfile has it; glibc otherwise keeps freed memory for each thread apart.
_ENVIRONMENT: Final = {"MALLOC_ARENA_MAX": "2"}
WORKERS, THREADS = 2, 8
_PATIENCE_SECONDS = 60.0


class UnableToMeasure(Exception):
    """A process of the benchmark did not start, or did not answer as it must."""


@contextmanager
def running(*arguments: str, settings: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a module of Python, its standard output thrown away."""
    process = subprocess.Popen(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env={**settings, **_ENVIRONMENT},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextmanager
def gunicorn(
    app: str, port: int, settings: Mapping[str, str], path: str
) -> Iterator[subprocess.Popen[bytes]]:
    """Serve an application as the Procfile does, from when it answers at the path."""
    many = ("--worker-class", "gthread", "--workers", str(WORKERS), "--threads", str(THREADS))
    bind = ("--bind", f"127.0.0.1:{port}", "--log-level", "warning", "--timeout", "30")
    with running("gunicorn", app, *bind, *many, settings=settings) as process:
        _await(f"http://127.0.0.1:{port}{path}", process)
        yield process


@contextmanager
def simulator(port: int, service_url: str, settings: Mapping[str, str], *more: str) -> Iterator[str]:
    """Run the stand-in for Twilio; yield its address."""
    url = f"http://127.0.0.1:{port}"
    account = ("--account-sid", DEMO_ACCOUNT_SID, "--auth-token", TOKEN, "--number", CLINIC_NUMBER)
    where = ("--port", str(port), "--service-url", service_url)
    with running("service.simulator", *where, *account, *more, settings=settings) as process:
        _await(f"{url}/quiet", process)
        yield url


def _await(url: str, process: subprocess.Popen[bytes]) -> None:
    patience = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < patience and process.poll() is None:
        try:
            with urlopen(url, timeout=5):
                return
        except HTTPError as refused:
            raise UnableToMeasure(f"{url} answered {refused.code}.") from refused
        except (URLError, OSError):
            time.sleep(0.05)
    raise UnableToMeasure(f"Nothing answered at {url}.")
