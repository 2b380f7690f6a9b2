"""`dripline demo` as somebody at a terminal meets it: real processes, real HTTP, a transcript."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_demo_plays_three_patients_from_infusion_to_closed_within_a_minute() -> None:
    started = time.monotonic()

    played = subprocess.run(
        [sys.executable, "-m", "service.cli", "demo"], cwd=ROOT, capture_output=True, text=True, timeout=110
    )

    assert played.returncode == 0, played.stdout + played.stderr
    assert time.monotonic() - started < 60
    transcript = played.stdout
    for line in (
        "none, feeling good",
        "no puedo moverme",
        "did not get that",
        "URGENT",
        "is yours",
        "Nobody is waiting.",
    ):
        assert line in transcript, f"{line!r} is missing from:\n{transcript}"
