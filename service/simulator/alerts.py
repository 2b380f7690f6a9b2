"""Twilio's debugger: what went wrong with webhooks and their answers, newest first."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.simulator.message import new_sid


class Level(StrEnum):
    """How bad it is; a warning did not stop anything."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Alert:
    """One entry of the debugger; `subject` is the sid of the message or call that it is about."""

    sid: str
    at: datetime
    level: Level
    code: int
    text: str
    subject: str
    url: str
    method: str = "POST"
    form: tuple[tuple[str, str], ...] = ()
    answer: str = ""


class AlertLog:
    """All alerts, safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._alerts: list[Alert] = []

    def add(
        self,
        at: datetime,
        code: int,
        text: str,
        *,
        subject: str,
        url: str,
        level: Level = Level.ERROR,
        method: str = "POST",
        form: tuple[tuple[str, str], ...] = (),
        answer: str = "",
    ) -> Alert:
        """Store a new alert and return it."""
        alert = Alert(new_sid("NO"), at, level, code, text, subject, url, method, form, answer)
        with self._lock:
            self._alerts.append(alert)
        return alert

    def newest_first(self) -> list[Alert]:
        """Return all alerts, newest first."""
        with self._lock:
            return self._alerts[::-1]
