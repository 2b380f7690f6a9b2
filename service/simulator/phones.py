"""The handsets: who holds them, whether they can be reached, and every text that they sent or showed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """Whose handset it is; it decides the side of the page."""

    PATIENT = "patient"
    STAFF = "staff"
    OTHER = "other"


class Line(StrEnum):
    """Whether texts and calls reach the handset: nobody has a `gone` number, `blocked` refuses texts."""

    MOBILE = "mobile"
    OFF = "off"
    LANDLINE = "landline"
    GONE = "gone"
    BLOCKED = "blocked"


class Way(StrEnum):
    """Whether the handset's owner wrote the text or got it."""

    SENT = "sent"
    RECEIVED = "received"


class Answering(StrEnum):
    """What a handset does by itself when it is called; `rings` leaves it to its owner."""

    RINGS = "rings"
    HUMAN = "human"
    VOICEMAIL = "voicemail"
    BUSY = "busy"
    SILENT = "silent"


@dataclass(frozen=True, slots=True)
class Phone:
    """One handset, its line, and what it does when it is called."""

    number: str
    name: str = ""
    role: Role = Role.OTHER
    line: Line = Line.MOBILE
    answering: Answering = Answering.RINGS


@dataclass(frozen=True, slots=True)
class Text:
    """One text as a handset has it; `serial` counts up over all handsets, `other` is the far end."""

    serial: int
    number: str
    way: Way
    other: str
    body: str
    at: datetime
    sid: str
    media: tuple[str, ...] = ()


class PhoneBook:
    """All handsets and their texts; what a handset showed stays, whatever Twilio deletes later."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._phones: dict[str, Phone] = {}
        self._texts: list[Text] = []

    def register(self, number: str, **fields: Any) -> Phone:
        """Add a handset or change the named fields of one that is there."""
        with self._changed:
            phone = self._phones.get(number, Phone(number))
            self._phones[number] = phone = replace(phone, **fields)
            self._changed.notify_all()
            return phone

    def get(self, number: str) -> Phone:
        """Return the handset with this number; an unknown number is a handset nobody has named yet."""
        with self._changed:
            return self._phones.get(number, Phone(number))

    def everyone(self) -> list[Phone]:
        """Return all handsets in the order in which they came."""
        with self._changed:
            return list(self._phones.values())

    def show(self, number: str, **fields: Any) -> Text:
        """Add a text to a handset's history; a number that is new to the book gets a handset."""
        with self._changed:
            self._phones.setdefault(number, Phone(number))
            text = Text(serial=len(self._texts) + 1, number=number, **fields)
            self._texts.append(text)
            self._changed.notify_all()
            return text

    def texts(self, *, after: int = 0, number: str | None = None) -> list[Text]:
        """Return the texts with a serial above `after`, oldest first."""
        with self._changed:
            return [text for text in self._texts[after:] if number in (None, text.number)]

    def wait_for(self, is_there: Callable[[], bool], seconds: float) -> bool:
        """Wait until the condition holds, looking again at each change; return whether it came to hold."""
        with self._changed:
            return self._changed.wait_for(is_there, timeout=seconds)

    def announce(self) -> None:
        """Wake those who wait: something about a handset that is kept elsewhere has changed."""
        with self._changed:
            self._changed.notify_all()

    def restore(self, phones: list[Phone], texts: list[Text]) -> None:
        """Fill an empty book with handsets and texts kept from an earlier run."""
        with self._changed:
            self._phones = {phone.number: phone for phone in phones}
            self._texts = list(texts)
