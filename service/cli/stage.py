"""The demo's stage: one machine's web, clock and simulator as real processes, with settings made up on the spot."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from cryptography.fernet import Fernet

from service.bootstrap import DEMO_ACCOUNT_SID, ROOT

CLINIC_NUMBER = "+12025550100"
# A machine that is busy installing may take its time to start Python three times.
_PATIENCE_SECONDS = 40.0


class UnableToStage(Exception):
    """The demo can't start here; the message says why and what to do."""


@dataclass(slots=True)
class Stage:
    """The processes of one demo, the folder that keeps its state, and the addresses they answer at."""

    folder: Path
    web_port: int
    simulator_port: int
    tick_seconds: float
    delay: float = 0.3
    # Seconds that a spoken character takes: as people speak, unless nobody listens.
    speaking: float = 0.06
    is_real: bool = False
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def web_url(self) -> str:
        """Return where the service answers."""
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def simulator_url(self) -> str:
        """Return where the simulator and its handsets are."""
        return f"http://127.0.0.1:{self.simulator_port}"

    def environment(self) -> dict[str, str]:
        """Return the settings of the demo; its keys are made once and kept with its data. Real ones are left alone."""
        if self.is_real:
            return dict(os.environ)
        return {
            "DATABASE_URL": f"sqlite:///{self.folder / 'dripline.db'}",
            **_kept_keys(self.folder / "keys.json"),
            **os.environ,
            "PUBLIC_BASE_URL": self.web_url,
            "TWILIO_ACCOUNT_SID": DEMO_ACCOUNT_SID,
            "TWILIO_FROM_NUMBER": CLINIC_NUMBER,
            "TWILIO_API_URL": self.simulator_url,
            "DEMO_CLOCK_FILE": str(self.folder / "clock.json"),
            "TICK_SECONDS": str(self.tick_seconds),
        }

    def start_simulator(self) -> None:
        """Start the simulator, and wait until it answers."""
        environment = self.environment()
        self._spawn(
            "simulator",
            "service.simulator",
            *("--port", str(self.simulator_port), "--service-url", self.web_url),
            *("--account-sid", DEMO_ACCOUNT_SID, "--auth-token", environment["TWILIO_AUTH_TOKEN"]),
            *("--number", CLINIC_NUMBER, "--clock-file", environment["DEMO_CLOCK_FILE"]),
            *("--state", str(self.folder / "handsets.json"), "--zone", "America/Chicago"),
            *("--delay", str(self.delay), "--speaking", str(self.speaking)),
        )
        self._await("simulator", f"{self.simulator_url}/phones")

    def start_service(self) -> None:
        """Start web and clock as the Procfile does, and wait until the web answers."""
        self._spawn(
            "web",
            *(
                "gunicorn",
                "service.wsgi:app",
                "--bind",
                f"127.0.0.1:{self.web_port}",
                "--log-level",
                "warning",
            ),
            *("--worker-class", "gthread", "--workers", "1", "--threads", "8", "--graceful-timeout", "5"),
        )
        self._spawn("clock", "service.clock")
        self._await("web", f"{self.web_url}/login")

    def _spawn(self, name: str, module: str, *arguments: str) -> None:
        log = (self.folder / f"{name}.log").open("ab")
        # A session of its own: Ctrl-C reaches this process alone, which then stops the others in order.
        self.processes[name] = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        log.close()

    def _await(self, name: str, url: str) -> None:
        patience = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < patience:
            if self.processes[name].poll() is not None:
                break
            try:
                with urlopen(url, timeout=2):
                    return
            except (URLError, OSError):
                time.sleep(0.1)
        raise UnableToStage(
            f"The {name} process did not start. Its log, {self.folder / f'{name}.log'}, ends:\n{self._tail(name)}"
        )

    def _tail(self, name: str) -> str:
        lines = (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(f"  {line}" for line in lines[-8:])

    def fallen(self) -> str | None:
        """Return the name of a process that has ended by itself, or None."""
        return next((name for name, process in self.processes.items() if process.poll() is not None), None)

    def stop(self) -> None:
        """Stop every process, the clock first, and wait until each has gone."""
        for name in ("clock", "web", "simulator"):
            process = self.processes.pop(name, None)
            if process is None or process.poll() is not None:
                continue
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=12)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _kept_keys(path: Path) -> Mapping[str, str]:
    if not path.exists():
        made = {
            "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
            "LOOKUP_KEY": secrets.token_urlsafe(32),
            "SECRET_KEY": secrets.token_urlsafe(32),
            "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        }
        path.touch(mode=0o600)
        path.write_text(json.dumps(made), encoding="utf-8")
    kept: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return kept


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def refuse_taken_port(port: int, option: str) -> None:
    """Raise UnableToStage where something listens on the port already."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            raise UnableToStage(
                f"Port {port} is in use, perhaps by another Dripline. "
                f"Stop that one, or choose another: dripline run {option} {port + 10}."
            ) from None
