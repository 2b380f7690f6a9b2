"""The people of a chaos run: patients who answer what they are sent, and staff who take what they are paged for."""

from __future__ import annotations

import heapq
import itertools
import random
import re
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chaos_house import House

# What somebody writes, and whether it must bring a person at once.
Line = tuple[str, bool]


@dataclass(frozen=True, slots=True)
class Script:
    """What one kind of patient writes, line by line."""

    language: str
    lines: Sequence[Line]


SCRIPTS: Sequence[Script] = (
    Script("en", (("none, feeling good", False), ("thanks", False))),
    Script("en", (("headache, 3 out of 10", False), ("no", False), ("thank you", False))),
    Script("en", (("my legs are locked up, I can't move them, a 9", True), ("please call me", False))),
    Script("en", (("I can't breathe, my throat is closing", True), ("hurry, I can't breathe", True))),
    Script("es", (("ninguno, estoy bien", False), ("gracias", False))),
    Script(
        "es",
        (("las piernas se me engarrotaron, no puedo moverme, un 9", True), ("vengan por favor", False)),
    ),
    Script("en", (("blorp the wumble zzz", False), ("wumble blorp blorp", False))),
    Script("en", (("yes", False), ("a little, 2", False), ("it is better now", False))),
)
_CODE = re.compile(r"Reply ([A-Z]\d[A-Z]\d)")
_YOURS = re.compile(r"([A-Z]\d[A-Z]\d) is yours\. Thank you")
_GLANCE_SECONDS = 0.1
# Of the pages with a new code, every so many is not heeded; of what was taken, every so many is let go again.
_EVERY_UNHEEDED = 4
_EVERY_RELEASED = 3


@dataclass(frozen=True, slots=True)
class Sent:
    """A text that a handset sent; `is_grave` says that it must bring a person at once."""

    sid: str
    phone: str
    body: str
    is_grave: bool


@dataclass(slots=True)
class People:
    """Everybody with a handset. One thread watches the handsets and says what falls due; `sent` is the driver's ledger."""

    house: House
    scripts: Mapping[str, Script]
    staff: frozenset[str]
    chance: random.Random
    sent: list[Sent] = field(default_factory=list)
    failure: BaseException | None = None
    _said: dict[str, int] = field(default_factory=dict)
    _paged: dict[str, int] = field(default_factory=dict)
    _taken: dict[str, int] = field(default_factory=dict)
    _due: list[tuple[float, int, str, Line]] = field(default_factory=list)
    _serials: itertools.count[int] = field(default_factory=itertools.count)
    _last: int = 0
    _ended: int = 0
    _leaving: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def arrive(self) -> None:
        """Start to watch the handsets."""
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    def leave(self) -> None:
        """Stop watching.

        Raises:
            BaseException: what ended the watching before.
        """
        self._leaving.set()
        if self._thread is not None:
            self._thread.join(timeout=30)
        if self.failure is not None:
            raise self.failure

    def speak_up(self, lines: int) -> None:
        """Let every patient have so many more lines to say, the first of them without being asked."""
        for phone in self.scripts:
            self._said[phone] = -lines
            self._say_next(phone)

    def let_speak(self, seconds: float) -> None:
        """Wait until every patient has said their lines, or for so long."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and any(left < 0 for left in tuple(self._said.values())):
            time.sleep(_GLANCE_SECONDS)

    def have_said_all(self) -> bool:
        """Return whether every text was looked at and nothing is waiting to be said.

        Raises:
            BaseException: what ended the watching.
        """
        if self.failure is not None:
            raise self.failure
        return self._screen()["last"] == self._last and not self._due

    def _live(self) -> None:
        try:
            while not self._leaving.is_set():
                self._look()
                self._speak()
                self._leaving.wait(_GLANCE_SECONDS)
        except BaseException as error:  # noqa: BLE001 -- raised again by whoever bids them leave
            self.failure = error

    def _look(self) -> None:
        screen = self._screen()
        for text in screen["texts"]:
            if text["way"] == "received":
                self._hear(text["number"], text["body"])
        # Only now, so that nobody takes what is on the screen for answered.
        self._last, self._ended = screen["last"], screen["ended"]

    def _screen(self) -> Any:
        return self.house.ask(f"/screen?after={self._last}&ended={self._ended}")

    def _hear(self, phone: str, body: str) -> None:
        if phone in self.staff:
            self._obey(phone, body)
        elif self._said.get(phone, 0) < 0:
            self._say_next(phone)

    def _say_next(self, phone: str) -> None:
        lines = self.scripts[phone].lines
        left = self._said[phone]
        self._said[phone] = left + 1
        self._plan(phone, lines[left % len(lines)], self.chance.uniform(0.0, 0.6))

    def _obey(self, phone: str, body: str) -> None:
        """Take what one is paged for, some of it at the second page only; let some go again, once.

        So the ladder has to climb, and somebody else to take what was taken before.
        """
        paged, yours = _CODE.search(body), _YOURS.match(body)
        if paged is not None:
            if self._is_first(self._paged, paged.group(1), _EVERY_UNHEEDED):
                return
            self._plan(phone, (f"ok {paged.group(1)}", False), self.chance.uniform(0.1, 0.5))
        elif yours is not None and self._is_first(self._taken, yours.group(1), _EVERY_RELEASED):
            self._plan(phone, (f"release {yours.group(1)}", False), 0.3)

    @staticmethod
    def _is_first(seen: dict[str, int], code: str, every: int) -> bool:
        """Return whether the code is met for the first time, and is one of every so many."""
        seen[code] = seen.get(code, 0) + 1
        return seen[code] == 1 and len(seen) % every == 1

    def _plan(self, phone: str, line: Line, after: float) -> None:
        heapq.heappush(self._due, (time.monotonic() + after, next(self._serials), phone, line))

    def _speak(self) -> None:
        while self._due and self._due[0][0] <= time.monotonic():
            _, _, phone, (body, is_grave) = self._due[0]
            self.sent.append(Sent(self.house.text_in(phone, body), phone, body, is_grave))
            heapq.heappop(self._due)
