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
        "6/24h Also stands for 4/7d.",
        "Eli Pretend -> none",
        "Fern Invented <- Willow Clinic: Which arms or legs is it in?",
        "Fern Invented -> the cramps are a 6 now",
        "URGENT",
        "HANDOVER Fern Invented",
        "Course of spasm: 4",
        "just the calves, it came all at once",
        "Is it BETTER, the SAME, or WORSE?",
        "6 infusions of Gil Madeup are on record",
        "how much has your bladder or pee bothered you?",
        "Blood in your pee",
        "how much trouble have you had with memory or focus?",
        "It is time for your lab tests.",
        "The phone of Dora Model rings, and is answered.",
        "with a call for Dora",
        "my legs are cramping",
        "We are telling our on-call staff right now",
        "The phone of Nadia Osei rings, and a voicemail answers.",
        "The phone of Noor Haddad rings, and a voicemail answers.",
        "The phone of Dr. Thandi Dube rings, and is answered.",
        "is yours. Thank you. Call the patient",
        "The phone of Ana Example rings, and is answered.",
        "with a call for Ana",
        "I have a headache",
        "How bad is your headache right now?",
        "A nurse will call you",
        "Nobody is waiting.",
    ):
        found = transcript.find(line, place)
        assert found >= 0, f"{line!r} is missing, or comes too early, in:\n{played.stdout}"
        place = found
