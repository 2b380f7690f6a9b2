"""The simulator as a process: it starts from the command line, says where it is, and stops when told."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

OPTIONS = ("--service-url", "http://127.0.0.1:9", "--account-sid", "AC" + "0" * 32, "--auth-token", "none")


def start(*options: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "service.simulator", *OPTIONS, "--number", "+12025550100", *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_it_says_where_it_is_and_leaves_its_state_behind(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    with start("--port", "0", "--state", str(state)) as process:
        assert process.stdout is not None
        address = process.stdout.readline().removeprefix("Simulated phones: ").strip()
        with urlopen(address, timeout=5) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=10)

    assert code == 0
    assert state.exists()


def test_a_broken_state_file_is_told_of_in_a_sentence(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text("{}")
    with start("--port", "0", "--state", str(state)) as process:
        said = process.communicate(timeout=10)[1]

    assert process.returncode == 2
    assert said == f"{state} is no state of the simulator ('messages'); move it away to start afresh.\n"


def test_a_port_in_use_is_told_of_in_a_sentence(tmp_path: Path) -> None:
    with start("--port", "0") as first:
        assert first.stdout is not None
        port = first.stdout.readline().strip().rstrip("/").rpartition(":")[2]
        with start("--port", port) as second:
            said = second.communicate(timeout=10)[1]
        first.terminate()

    assert second.returncode == 1
    assert said.splitlines()[-1].startswith(f"Port {port} is in use")
