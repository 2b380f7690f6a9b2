"""What is going on in one call: the document that is played, what was heard, and what it waits for."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.simulator.agenda import Entry
from service.simulator.call import PhoneCall
from service.simulator.voice_twiml import Gather, Verb


class Speaker(StrEnum):
    """Whose words or doings a line of a call is."""

    CLINIC = "clinic"
    CALLER = "caller"
    OTHER = "other"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Heard:
    """One line of a call's transcript."""

    who: Speaker
    text: str
    at: datetime
    language: str = "en-US"


class Session:
    """The changing side of a call; hold `lock` while touching anything but `heard`.

    The two legs of a `<Dial>` share one lock so that neither waits for the other.
    """

    def __init__(self, lock: threading.RLock | None = None) -> None:
        self.lock = lock or threading.RLock()
        self.url = ""
        self.verbs: tuple[Verb, ...] = ()
        self.position = 0
        self.heard: list[Heard] = []
        self.gather: Gather | None = None
        self.digits = ""
        self.is_voicemail = False
        self.is_screening = False
        self.reports = 0
        self.ringing: tuple[str, ...] = ()
        self.bridged_to: str | None = None
        self.documents_in_a_row = 0
        self.limit: Entry | None = None
        self.when_over: Callable[[PhoneCall], None] | None = None
        self._timer: Entry | None = None
        self._then: Callable[[], object] | None = None

    def load(self, url: str, verbs: tuple[Verb, ...]) -> None:
        """Start a new document from its first verb."""
        self.url, self.verbs, self.position = url, verbs, 0
        self.gather, self.digits = None, ""

    def wait(self, timer: Entry, then: Callable[[], object]) -> None:
        """Remember what is waited for and what follows."""
        self._timer, self._then = timer, then

    def is_waiting_for(self, then: Callable[[], object]) -> bool:
        """Return whether this is still what the call waits for."""
        return self._then is then

    def stop_waiting(self) -> tuple[Entry | None, Callable[[], object] | None]:
        """End the wait; return its timer, which is to be cancelled, and what would have followed."""
        ended, self._timer, self._then = (self._timer, self._then), None, None
        return ended
