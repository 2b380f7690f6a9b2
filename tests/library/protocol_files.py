"""A sound protocol file to change a line of."""

from pathlib import Path

SOUND = """\
key: a-protocol
version: 3
title: A protocol
source: made for a test
quiet_hours: 22:00-07:30
merge_within: 12 h
steps:
  - key: 4h
    after: 4 h
    window: 10 h
    asks: [spasm, headache]
    nudge: 2 h
    voice_after: 3 h
    give_up: 6 h
    silence: missed
ladders:
  urgent:
    acknowledge_within: 15 min
    close_within: 1 h
    tiers:
      - {tier: nurse, wait: 5 min, text_after: 0 min, call_after: 1 min}
      - {tier: doctor, wait: 5 min, call_after: 0 min}
  emergency:
    acknowledge_within: 5 min
    close_within: 30 min
    tiers: [{tier: nurse, wait: 2 min, text_after: 0 min, call_after: 0 min}]
"""


def a_file(folder: Path, *changes: tuple[str, str], name: str = "a-protocol.yaml") -> Path:
    """Write the sound protocol with some of its lines changed."""
    text = SOUND
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path
