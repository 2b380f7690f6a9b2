"""A step as plain JSON values and back, so that a check-in keeps what it was planned from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time, timedelta
from typing import Any

from service.core.protocol.model import Anchor, Silence, Step


def as_json(step: Step) -> dict[str, Any]:
    """Return the step as plain JSON values, which `from_json` reads; durations are seconds."""
    return {
        "key": step.key,
        "anchor": step.anchor.value,
        "after": step.after.total_seconds(),
        "window": step.window.total_seconds(),
        "template": step.template,
        "asks": list(step.asks),
        "earliest": _seconds(step.earliest),
        "nudge": _seconds(step.nudge),
        "nudge_template": step.nudge_template,
        "voice_after": _seconds(step.voice_after),
        "give_up": step.give_up.total_seconds(),
        "silence": step.silence.value,
        "every_months": step.every_months,
        "at": step.at.isoformat(),
    }


def from_json(kept: Mapping[str, Any]) -> Step:
    """Return the step that `as_json` wrote."""
    return Step(
        key=kept["key"],
        anchor=Anchor(kept["anchor"]),
        after=timedelta(seconds=kept["after"]),
        window=timedelta(seconds=kept["window"]),
        template=kept["template"],
        asks=tuple(kept["asks"]),
        earliest=_duration(kept["earliest"]),
        nudge=_duration(kept["nudge"]),
        nudge_template=kept["nudge_template"],
        voice_after=_duration(kept["voice_after"]),
        give_up=timedelta(seconds=kept["give_up"]),
        silence=Silence(kept["silence"]),
        every_months=kept["every_months"],
        at=time.fromisoformat(kept["at"]),
    )


def _seconds(duration: timedelta | None) -> float | None:
    return None if duration is None else duration.total_seconds()


def _duration(seconds: float | None) -> timedelta | None:
    return None if seconds is None else timedelta(seconds=seconds)
