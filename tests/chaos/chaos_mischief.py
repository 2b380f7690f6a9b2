"""What is done to the processes and the database while patients write: one blow after another, drawn from a seed."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

import psycopg
from chaos_cluster import Cluster
from chaos_house import House

# What can go wrong at Twilio and between it and us; the simulator's README tells what each fault does.
FAULTS: Mapping[str, float] = {
    "rest_busy": 0.04,
    "rest_error_before": 0.04,
    "rest_dropped": 0.04,
    "rest_error_after": 0.05,
    "rest_answer_lost": 0.05,
    "rest_slow": 0.01,
    "callback_first": 0.1,
    "callback_dropped": 0.15,
    "callback_twice": 0.1,
    "callback_late": 0.15,
    "webhook_dropped": 0.05,
    "webhook_twice": 0.1,
    "webhook_late": 0.1,
    "webhook_forgotten": 0.05,
    "webhook_novel": 0.05,
}
# So hard that a planted fault is sure to show in a short run.
HARD_FAULTS: Mapping[str, float] = {
    **FAULTS,
    "rest_answer_lost": 0.15,
    "rest_error_after": 0.15,
    "callback_dropped": 0.7,
    "webhook_dropped": 0.1,
    "webhook_twice": 0.4,
}
# Late answers come later than we wait for them (2 s).
LATENESS = {"callback": 2.0, "webhook": 1.5, "rest": 3.0}
BLOWS = (
    "kill the web",
    "kill a worker",
    "kill a clock",
    "cut connections",
    "kill a backend",
    "restart the database",
    "webhook outage",
)
_BETWEEN_BLOWS = (0.4, 1.6)
_OUTAGE_SECONDS = 4.0


@dataclass(slots=True)
class Mischief:
    """Deals blows to a house and its database, and brings back what has fallen."""

    house: House
    cluster: Cluster
    chance: random.Random
    dealt: Counter[str] = field(default_factory=Counter)

    def rage(self, blows: tuple[str, ...]) -> None:
        """Deal these blows one after another, each after a pause, and bring everything back in the end."""
        for blow in blows:
            time.sleep(self.chance.uniform(*_BETWEEN_BLOWS))
            self.deal(blow)
            self.revive()
        self.revive()

    def deal(self, blow: str) -> None:
        """Deal one blow; a database that is still getting up can't be hit."""
        with suppress(psycopg.OperationalError):
            self._acts()[blow]()
            self.dealt[blow] += 1

    def draw(self, count: int) -> tuple[str, ...]:
        """Draw so many blows; every kind comes up before one comes again."""
        drawn: list[str] = []
        while len(drawn) < count:
            drawn += self.chance.sample(BLOWS, len(BLOWS))
        return tuple(drawn[:count])

    def revive(self) -> None:
        """Start again whatever is not running."""
        for name in self.house.names():
            process = self.house.processes.get(name)
            if process is not None and process.poll() is not None:
                self.house.processes.pop(name)
                process = None
            if process is None:
                self.house.start(name)

    def _acts(self) -> Mapping[str, Callable[[], object]]:
        return {
            "kill the web": lambda: self._kill("web"),
            "kill a worker": lambda: self.house.kill_worker(self.chance),
            "kill a clock": lambda: self._kill(self.chance.choice(self.house.clock_names())),
            "cut connections": lambda: self.cluster.cut_connections(self.chance),
            "kill a backend": lambda: self.cluster.kill_backend(self.chance),
            "restart the database": self.cluster.restart,
            "webhook outage": self._outage,
        }

    def _kill(self, name: str) -> None:
        if name in self.house.processes:
            self.house.kill(name)

    def _outage(self) -> None:
        self._kill("web")
        time.sleep(_OUTAGE_SECONDS)
