"""A check-in's step as staff read it: the key of its protocol's step, in words."""

from __future__ import annotations

import re
from typing import Final

_TIMED: Final = re.compile(r"(\d+)([hd])")
_UNITS: Final = {"h": "hour", "d": "day"}


def step_in_words(step: str) -> str:
    """Return "After 4 hours" for "4h", "After 7 days" for "7d", and another key with its dashes as spaces."""
    timed = _TIMED.fullmatch(step)
    if timed is None:
        return step.replace("-", " ").capitalize()
    plural = "" if timed[1] == "1" else "s"
    return f"After {timed[1]} {_UNITS[timed[2]]}{plural}"
