"""The clinic's reviewed content in one value: protocols, lexicon and rules, and wording, loaded and checked together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from service.core.call import Keypad
from service.core.interpretation import TriageGuide
from service.core.protocol import Protocol
from service.library.errors import LibraryError, Problem
from service.library.keypad import KEYS_FILE, load_keypad
from service.library.protocols import load_protocols
from service.library.triage import load_triage
from service.library.wording import SYMPTOMS_FILE, Wording, load_wording


@dataclass(frozen=True, slots=True)
class Library:
    """What the clinic has signed: `protocols` by key, the triage guide, every sentence, written and spoken, and keys."""

    protocols: Mapping[str, Protocol]
    guide: TriageGuide
    wording: Wording
    voice: Wording
    keypad: Keypad


def load_library(root: Path) -> Library:
    """Load `schedules/` and `templates/` below the root; raises LibraryError with every problem found in them."""
    problems: list[Problem] = []
    wording: Wording | None = None
    texts = root / "templates" / "texts"
    try:
        wording = load_wording(texts)
        voice = load_wording(root / "templates" / "voice", texts / SYMPTOMS_FILE)
        keypad = load_keypad(root / "templates" / "voice" / KEYS_FILE)
    except LibraryError as error:
        problems += error.problems
    try:
        protocols = load_protocols(root / "schedules", wording)
    except LibraryError as error:
        problems += error.problems
    try:
        guide = load_triage(root / "schedules")
    except LibraryError as error:
        problems += error.problems
    if problems or wording is None:
        raise LibraryError(problems)
    return Library(protocols, guide, wording, voice, keypad)
