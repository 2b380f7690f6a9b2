"""A stage of its own for a story: web, clock and simulator as real processes on free ports."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.cli.run import raise_the_curtain
from service.cli.stage import Stage, free_port


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """The demo clinic, running; its processes are stopped afterwards, and its logs shown where the story fails."""
    monkeypatch.delenv("TWILIO_ACCOUNT_SID", raising=False)
    set_up = Stage(tmp_path, free_port(), free_port(), tick_seconds=0.2, delay=0.05)
    for name, value in set_up.environment().items():
        monkeypatch.setenv(name, value)
    try:
        raise_the_curtain(set_up)
        yield set_up
    finally:
        set_up.stop()
        for log in sorted(tmp_path.glob("*.log")):
            print(f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}")


@pytest.fixture
def eventually() -> Callable[[Callable[[], bool], str], None]:
    """A function that polls until something is so, and fails with the sentence when it never is."""

    def wait(is_so: Callable[[], bool], what: str) -> None:
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            if is_so():
                return
            time.sleep(0.05)
        pytest.fail(f"It never came to this: {what}")

    return wait
