"""The faults that can be switched on: by chance from a seed, or for the next few times."""

from __future__ import annotations

import random
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """What can go wrong out there.

    REST: `rest_busy` is 429; `rest_error_before` and `rest_dropped` refuse what is then not carried out
    (503, connection reset); `rest_error_after` and `rest_answer_lost` carry it out and then fail; `rest_slow`
    carries it out and answers late. Callbacks tell of a message's status, webhooks of an inbound message or
    call. `webhook_forgotten` delivers the webhook, hears no answer and goes on to the fallback.
    `text_torn` hands a long text on in parts, last first; `webhook_resorted` sorts the query of the address
    after it was signed; `webhook_novel` adds fields that nobody knows. The carrier's faults end in 30007, 30008,
    63038, 30034 and a code nobody knows; `carrier_silent` delivers without a delivery report.
    """

    REST_BUSY = "rest_busy"
    REST_ERROR_BEFORE = "rest_error_before"
    REST_DROPPED = "rest_dropped"
    REST_ERROR_AFTER = "rest_error_after"
    REST_ANSWER_LOST = "rest_answer_lost"
    REST_SLOW = "rest_slow"
    CALLBACK_FIRST = "callback_first"
    CALLBACK_DROPPED = "callback_dropped"
    CALLBACK_TWICE = "callback_twice"
    CALLBACK_LATE = "callback_late"
    WEBHOOK_DROPPED = "webhook_dropped"
    WEBHOOK_TWICE = "webhook_twice"
    WEBHOOK_LATE = "webhook_late"
    WEBHOOK_FORGOTTEN = "webhook_forgotten"
    CARRIER_FILTERED = "carrier_filtered"
    CARRIER_UNKNOWN = "carrier_unknown"
    TEXT_TORN = "text_torn"
    WEBHOOK_RESORTED = "webhook_resorted"
    WEBHOOK_NOVEL = "webhook_novel"
    MEDIA_MISSING = "media_missing"
    CARRIER_CAPPED = "carrier_capped"
    CARRIER_UNREGISTERED = "carrier_unregistered"
    CARRIER_ODD = "carrier_odd"
    CARRIER_SILENT = "carrier_silent"


class UnknownFaultError(ValueError):
    """A fault was named that the simulator does not have."""


@dataclass(frozen=True, slots=True)
class Lateness:
    """How late the late things are, in seconds; each is drawn between nothing and this."""

    callback: float = 5.0
    webhook: float = 5.0
    rest: float = 20.0


class Faults:
    """Decides at each opportunity whether a fault strikes, and counts those that did.

    Each fault draws from its own stream of chance, so that its n-th opportunity is the same in each run.
    """

    def __init__(self, seed: int = 0) -> None:
        self._lock = threading.Lock()
        self.lateness = Lateness()
        self._reset(seed)

    def _reset(self, seed: int) -> None:
        self._seed = seed
        self._rates: dict[Fault, float] = {}
        self._next: dict[Fault, int] = {}
        self._struck: dict[Fault, int] = dict.fromkeys(Fault, 0)
        self._chance = {fault: random.Random(f"{seed}/{fault}") for fault in Fault}

    def set(
        self,
        *,
        seed: int = 0,
        rates: Mapping[str, float] | None = None,
        upcoming: Mapping[str, int] | None = None,
        lateness: Lateness | None = None,
    ) -> None:
        """Replace all faults: rates from 0 to 1, and how many of the next opportunities are surely struck.

        Raises `UnknownFaultError`, and changes nothing, where a name is not one of `Fault`.
        """
        known_rates = {_fault(name): float(rate) for name, rate in (rates or {}).items()}
        known_next = {_fault(name): int(count) for name, count in (upcoming or {}).items()}
        with self._lock:
            self._reset(seed)
            self._rates, self._next = known_rates, known_next
            self.lateness = lateness or Lateness()

    def strikes(self, fault: Fault) -> bool:
        """Return whether the fault strikes this time, and count it if so."""
        with self._lock:
            if self._next.get(fault, 0) > 0:
                self._next[fault] -= 1
                struck = True
            else:
                struck = self._chance[fault].random() < self._rates.get(fault, 0.0)
            self._struck[fault] += struck
            return struck

    def delay(self, fault: Fault, most: float) -> float:
        """Return 0, or, where the fault strikes, a delay of up to `most` seconds."""
        if not self.strikes(fault):
            return 0.0
        with self._lock:
            return self._chance[fault].uniform(0.5, 1.0) * most

    def report(self) -> dict[str, object]:
        """Return what is set and how often each fault has struck since."""
        with self._lock:
            return {
                "seed": self._seed,
                "rates": {str(fault): rate for fault, rate in self._rates.items()},
                "next": {str(fault): count for fault, count in self._next.items() if count},
                "struck": {str(fault): count for fault, count in self._struck.items() if count},
            }


def _fault(name: str) -> Fault:
    try:
        return Fault(name)
    except ValueError as error:
        raise UnknownFaultError(f"There is no fault {name!r}; the faults are: {', '.join(Fault)}.") from error
