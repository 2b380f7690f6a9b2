"""The house of a chaos run: simulator, web and clocks as real processes, killed and started at will."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.parse import quote
from urllib.request import Request, urlopen

import psutil
from cryptography.fernet import Fernet

from service.bootstrap import DEMO_ACCOUNT_SID, clock_offset
from service.store.keyring import Keyring

ROOT = Path(__file__).parents[2]
HERE = Path(__file__).parent
CLINIC_NUMBER = "+12025550100"
# How long one call to Twilio may take; a send that is younger may still be under way.
TIMEOUT_SECONDS = 2.0
_PATIENCE_SECONDS = 120.0
_TOKEN = "0123456789abcdef0123456789abcdef"
_LOOKUP_KEY = "the look-up key of a chaos run, kept nowhere"


class UnableToStart(Exception):
    """A process of the house did not start; the message names its log."""


@dataclass(slots=True)
class House:
    """The processes over one database, and the clock that they share with the simulator."""

    folder: Path
    database_url: str
    web_port: int
    simulator_port: int
    plants: str = ""
    clocks: int = 2
    workers: int = 1
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    encryption_key: str = field(default_factory=lambda: Fernet.generate_key().decode())

    @property
    def simulator_url(self) -> str:
        """Return where the simulator is."""
        return f"http://127.0.0.1:{self.simulator_port}"

    @property
    def keyring(self) -> Keyring:
        """Return the keys that the database is sealed with."""
        return Keyring(self.encryption_key, _LOOKUP_KEY)

    @property
    def clock_file(self) -> Path:
        """Return the file that moves everybody's clock."""
        return self.folder / "clock.json"

    def now(self) -> datetime:
        """Return the instant that the processes and the simulator live in."""
        return datetime.now(UTC) + clock_offset(self.clock_file)  # noqa: TID251 -- the harness moves the clock itself

    def go_to(self, instant: datetime) -> None:
        """Move everybody's clock to the instant."""
        offset = instant - datetime.now(UTC)  # noqa: TID251 -- the harness moves the clock itself
        fresh = self.clock_file.with_suffix(".new")
        fresh.write_text(json.dumps({"offset_seconds": offset.total_seconds()}), encoding="utf-8")
        fresh.replace(self.clock_file)

    def start_simulator(self) -> None:
        """Start the simulator, and wait until it answers; its webhooks are configured as the README says."""
        service_url = f"http://127.0.0.1:{self.web_port}"
        retries = "#rc=3&ct=1000&rt=4000&rp=all"
        self._spawn(
            "simulator",
            "service.simulator",
            *("--port", str(self.simulator_port), "--service-url", service_url),
            *("--account-sid", DEMO_ACCOUNT_SID, "--auth-token", _TOKEN, "--number", CLINIC_NUMBER),
            *("--sms-url", f"{service_url}/twilio/text{retries}", "--clock-file", str(self.clock_file)),
            *("--fallback-url", f"{service_url}/twilio/text/fallback", "--delay", "0.02"),
        )
        self._await(f"{self.simulator_url}/quiet", "simulator")

    def start(self, name: str) -> None:
        """Start the web or one of the clocks, without waiting for it."""
        if name == "web":
            bind = ("--bind", f"127.0.0.1:{self.web_port}", "--log-level", "warning")
            many = ("--worker-class", "gthread", "--workers", str(self.workers), "--threads", "8")
            self._spawn(name, "gunicorn", "hurried_web:app", *bind, *many, "--graceful-timeout", "10")
        else:
            self._spawn(name, "hurried_clock")

    def start_service(self) -> None:
        """Start web and clocks, and wait until the web answers."""
        for name in self.names():
            self.start(name)
        self._await(f"http://127.0.0.1:{self.web_port}/login", "web")

    def names(self) -> tuple[str, ...]:
        """Return the names of the service's processes."""
        return ("web", *self.clock_names())

    def clock_names(self) -> tuple[str, ...]:
        """Return the names of the clocks."""
        return tuple(f"clock-{number}" for number in range(1, self.clocks + 1))

    def kill(self, name: str) -> None:
        """Kill a process and all that it has started, as the end of a dyno does."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_worker(self, chance: random.Random) -> None:
        """Kill one of gunicorn's workers, as the kernel does when memory runs out."""
        workers = psutil.Process(self.processes["web"].pid).children()
        if workers:
            chance.choice(workers).kill()

    def stop(self) -> None:
        """Stop everything."""
        for name in list(self.processes):
            self.kill(name)

    def ask(self, path: str, fields: dict[str, Any] | None = None) -> Any:
        """Ask the simulator: GET, or POST where there are fields."""
        body = None if fields is None else json.dumps(fields).encode()
        request = Request(f"{self.simulator_url}{path}", body, {"Content-Type": "application/json"})
        with urlopen(request, timeout=30) as answer:
            return json.load(answer)

    def text_in(self, phone: str, body: str) -> str:
        """Let a handset text the clinic; return the message's sid."""
        return str(self.ask(f"/phones/{quote(phone)}/send", {"body": body})["sid"])

    def _spawn(self, name: str, module: str, *arguments: str) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self.processes[name] = subprocess.Popen(
                [sys.executable, "-m", module, *arguments],
                cwd=ROOT,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        return {
            **kept,
            "PYTHONPATH": f"{ROOT}{os.pathsep}{HERE}",
            "CHAOS_PLANTS": self.plants,
            "DATABASE_URL": self.database_url,
            "PUBLIC_BASE_URL": f"http://127.0.0.1:{self.web_port}",
            "SECRET_KEY": "s" * 40,
            "LOOKUP_KEY": _LOOKUP_KEY,
            "ENCRYPTION_KEYS": self.encryption_key,
            "TWILIO_ACCOUNT_SID": DEMO_ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": _TOKEN,
            "TWILIO_FROM_NUMBER": CLINIC_NUMBER,
            "TWILIO_API_URL": self.simulator_url,
            "TWILIO_TIMEOUT_SECONDS": str(TIMEOUT_SECONDS),
            "TICK_SECONDS": "0.3",
            "DEMO_CLOCK_FILE": str(self.clock_file),
        }

    def _await(self, url: str, name: str) -> None:
        patience = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < patience and self.processes[name].poll() is None:
            try:
                with urlopen(url, timeout=5):
                    return
            except (URLError, OSError):
                time.sleep(0.05)
        raise UnableToStart(f"The {name} process did not start; see {self.folder / f'{name}.log'}.")
