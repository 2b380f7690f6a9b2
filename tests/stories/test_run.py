"""`dripline run` as ops meets it: it stops when asked, keeps its data, and says what is in its way."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest

from service.cli.cast import ANA, CLEO, NADIA, post_json
from service.cli.stage import Stage

ROOT = Path(__file__).parents[2]
Eventually = Callable[[Callable[[], bool], str], None]


def texts_on(stage_url: str, phone: str) -> list[str]:
    with urlopen(f"{stage_url}/phones/{quote(phone)}/messages", timeout=10) as answer:
        return [text["body"] for text in json.load(answer)["messages"] if text["way"] == "received"]


def run(folder: Path, port: int, simulator_port: int, *more: str) -> subprocess.Popen[str]:
    ports = ("--port", str(port), "--simulator-port", str(simulator_port))
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TWILIO_")}
    return subprocess.Popen(
        [sys.executable, "-m", "service.cli", "run", "--folder", str(folder), *ports, *more],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def lines_until(process: subprocess.Popen[str], last: str) -> str:
    said = ""
    assert process.stdout is not None
    for line in process.stdout:
        said += line
        if last in line:
            return said
    return said


def stopped(process: subprocess.Popen[str]) -> str:
    process.send_signal(signal.SIGINT)
    rest, _ = process.communicate(timeout=30)
    return rest


def test_it_stops_at_ctrl_c_and_goes_on_with_its_data(
    tmp_path: Path, free_port: Callable[[], int], eventually: Eventually
) -> None:
    ports = free_port(), free_port()
    url = f"http://127.0.0.1:{ports[1]}"
    first = run(tmp_path / "demo", *ports)
    said = lines_until(first, "Ctrl-C stops everything")
    eventually(lambda: len(texts_on(url, ANA[1])) == 1, "the welcome text")
    first_end = stopped(first)

    began = time.monotonic()
    second = run(tmp_path / "demo", *ports)
    lines_until(second, "Ctrl-C stops everything")
    took = time.monotonic() - began
    kept = texts_on(url, ANA[1])
    stopped(second)

    assert "drip-by-drip" in said
    assert "Stopped." in first_end
    assert (first.returncode, second.returncode) == (0, 0)
    assert len(kept) == 1
    assert took < 20
    for port in ports:
        with socket.socket() as nobody:
            assert nobody.connect_ex(("127.0.0.1", port)) != 0


def test_a_port_in_use_is_named(tmp_path: Path, free_port: Callable[[], int]) -> None:
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        port = squatter.getsockname()[1]

        refused = run(tmp_path / "demo", port, free_port())
        said, _ = refused.communicate(timeout=30)

    assert refused.returncode == 1
    assert f"Port {port} is in use" in said
    assert "Traceback" not in said


def test_an_emergency_is_answered_and_paged_while_the_clock_is_dead(
    stage: Stage, eventually: Eventually
) -> None:
    clock = stage.processes.pop("clock")
    clock.kill()
    clock.wait()

    post_json(
        f"{stage.simulator_url}/phones/{quote(CLEO[1])}/send",
        {"body": "I can't breathe, my throat is closing"},
    )

    eventually(
        lambda: any("Call 911 now" in t for t in texts_on(stage.simulator_url, CLEO[1])), "the safety text"
    )
    eventually(lambda: any("EMERGENCY" in t for t in texts_on(stage.simulator_url, NADIA[1])), "the page")


def test_a_reply_that_came_while_the_web_was_dead_is_fetched_and_read(
    stage: Stage, eventually: Eventually
) -> None:
    eventually(lambda: len(texts_on(stage.simulator_url, CLEO[1])) == 1, "the welcome text")
    for name in ("web", "clock"):
        process = stage.processes.pop(name)
        process.kill()
        process.wait()
    post_json(f"{stage.simulator_url}/phones/{quote(CLEO[1])}/send", {"body": "I want to kill myself"})

    stage.start_service()

    eventually(
        lambda: any("988" in text for text in texts_on(stage.simulator_url, CLEO[1])), "the safety text"
    )
    eventually(
        lambda: any("EMERGENCY" in text for text in texts_on(stage.simulator_url, NADIA[1])), "the page"
    )


def test_forged_webhooks_are_refused_by_the_real_server(stage: Stage) -> None:
    codes = []
    for path in ("/twilio/text", "/twilio/status?m=x"):
        with pytest.raises(HTTPError) as refused:
            urlopen(Request(stage.web_url + path, b"MessageSid=SM1&Body=hi&MessageStatus=sent"), timeout=10)
        codes.append(refused.value.code)

    assert codes == [403, 403]
