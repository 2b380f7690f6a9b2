"""The time zones to choose from: those of the United States first, then every other."""

from __future__ import annotations

from typing import Final
from zoneinfo import available_timezones

_NEAR: Final = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Puerto_Rico",
)


def zones() -> tuple[str, ...]:
    """Return the names of the zones in the order in which they are offered."""
    others = sorted(zone for zone in available_timezones() if "/" in zone and zone not in _NEAR)
    return (*_NEAR, *(zone for zone in others if not zone.startswith(("Etc/", "SystemV/"))))
