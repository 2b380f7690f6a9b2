"""Durations and hours as a nurse writes them: "4 h", "1 h 30 min", "7 d", "21:00-08:00"."""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Annotated, Any, Final

from pydantic import BeforeValidator

from service.core.protocol import QuietHours

_UNITS: Final = {"d": timedelta(days=1), "h": timedelta(hours=1), "min": timedelta(minutes=1)}
_PART: Final = re.compile(r"(\d+)\s*(d|h|min)\b\s*")
_CLOCK: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


def read_duration(value: Any) -> Any:
    """Read "4 h", "1 h 30 min" or "7 d"; raise ValueError with a sentence where it is none."""
    if isinstance(value, timedelta):
        return value
    text = str(value).strip()
    if not text or _PART.sub("", text):
        raise ValueError(f'is {value!r}; write a duration such as "30 min", "4 h", "1 h 30 min" or "7 d".')
    return sum((int(number) * _UNITS[unit] for number, unit in _PART.findall(text)), timedelta())


def read_clock_time(value: Any) -> Any:
    """Read "08:00"; raise ValueError with a sentence where it is none."""
    match = _CLOCK.fullmatch(str(value).strip())
    if match is None:
        raise ValueError(f'is {value!r}; write a time of day such as "08:00".')
    return time(int(match[1]), int(match[2]))


def read_quiet_hours(value: Any) -> Any:
    """Read "21:00-08:00"; raise ValueError with a sentence where it is none."""
    if isinstance(value, QuietHours):
        return value
    start, dash, end = str(value).partition("-")
    if not dash:
        raise ValueError(f'is {value!r}; write two times of day such as "21:00-08:00".')
    return QuietHours(read_clock_time(start), read_clock_time(end))


Duration = Annotated[timedelta, BeforeValidator(read_duration)]
ClockTime = Annotated[time, BeforeValidator(read_clock_time)]


def spoken(value: timedelta) -> str:
    """Return a duration in the form that `read_duration` reads, with the largest units first."""
    parts, rest = [], value
    for name, unit in _UNITS.items():
        count, rest = divmod(rest, unit)
        if count:
            parts.append(f"{count} {name}")
    return " ".join(parts) or "0 min"
