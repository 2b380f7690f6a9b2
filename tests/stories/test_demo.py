"""`dripline demo` as somebody at a terminal meets it: real processes, real HTTP, a transcript."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_demo_plays_every_act_to_its_end() -> None:
    played = subprocess.run(
        [sys.executable, "-m", "service.cli", "demo"], cwd=ROOT, capture_output=True, text=True, timeout=240
    )

    assert played.returncode == 0, played.stdout + played.stderr
    transcript = " ".join(played.stdout.split())
    place = 0
    for line in (
        "none, feeling good",
        "no puedo moverme",
        "URGENT",
        "did not get that",
        "is yours",
        "The phone of Dora Model rings, and is answered.",
        "with a call for Dora",
        "my legs are cramping",
        "We are telling our on-call staff right now",
        "The phone of Nadia Osei rings, and a voicemail answers.",
        "The phone of Noor Haddad rings, and a voicemail answers.",
        "The phone of Dr. Thandi Dube rings, and is answered.",
        "is yours. Thank you. Call the patient",
        "Nobody is waiting.",
    ):
        found = transcript.find(line, place)
        assert found >= 0, f"{line!r} is missing, or comes too early, in:\n{played.stdout}"
        place = found
