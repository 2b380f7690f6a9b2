"""A simulator on a real port, and a service on another that records what it hears."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from simulated_phones import ACCOUNT, CLINIC, TOKEN, Listener, Phones

from service.simulator.app import close_simulator, create_simulator, world_of
from service.simulator.server import create_server
from service.simulator.settings import Settings


@pytest.fixture
def service() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


@pytest.fixture
def start(service: Listener, tmp_path: Path) -> Iterator[Callable[..., Phones]]:
    """Start simulators with settings of the test's own; all are stopped afterwards."""
    stops: list[Callable[[], None]] = []

    def make(**fields: Any) -> Phones:
        clock_file = tmp_path / "clock.json"
        settings = {
            "service_url": service.url,
            "account_sid": ACCOUNT,
            "auth_token": TOKEN,
            "numbers": (CLINIC,),
            "clock_file": clock_file,
            "delay": 0.005,
            "speaking": 0.0,
            **fields,
        }
        app = create_simulator(Settings(**settings))
        server = create_server(app, "127.0.0.1", 0)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.005}, daemon=True).start()

        def stop() -> None:
            server.shutdown()
            server.server_close()
            close_simulator(app)

        stops.append(stop)
        return Phones(f"http://127.0.0.1:{server.server_port}", world_of(app), service, clock_file)

    yield make
    for stop in stops:
        stop()


@pytest.fixture
def phones(start: Callable[..., Phones]) -> Phones:
    return start()
