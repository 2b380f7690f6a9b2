"""The play of a chaos run: a clinic full of patients, faults and kills while they write, and the ledgers at the end."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from builders import deps_for
from chaos_clinic import NOON, STAFF, enrol_everybody, phone_numbers
from chaos_cluster import Cluster
from chaos_house import House
from chaos_ledgers import Books, compare
from chaos_mischief import FAULTS, LATENESS, Mischief
from chaos_people import SCRIPTS, People
from chaos_plants import STATEMENTS, Plant
from chaos_time import NeverCalm, Time
from chaos_traces import Verdict
from sqlalchemy import func, select

from service.cli.stage import free_port
from service.store.database import Store, open_store
from service.store.escalations import EscalationState, live_escalations
from service.store.migrating import migrate
from service.store.outbox import OutboxMessage, OutboxState
from service.workflows.acknowledge import OUTCOMES, close_on_page

# From an infusion to its first check-in, and on to those of the next days.
_TO_THE_CHECK_INS = (timedelta(minutes=10), timedelta(hours=20), timedelta(hours=48), timedelta(hours=96))
# The faults go on until everybody has had their say; who is not answered for so long may speak up in the calm.
_MOST_TALK_SECONDS = 8.0
_WITHOUT_A_CLOCK = timedelta(minutes=4)
# The watchdog of a chaos run looks every second, and tells at its second look.
_SOME_LOOKS_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Programme:
    """How large a run is: its people, how often they are asked, what befalls them, and how long it may take to settle."""

    seed: int
    patients: int
    rounds: int = 1
    blows: Sequence[str] | int = 4
    lines: int = 3
    clocks: int = 2
    workers: int = 1
    plants: tuple[Plant, ...] = ()
    faults: Mapping[str, float] = field(default_factory=lambda: FAULTS)
    patience: float = 120.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found, and what it had been through."""

    verdict: Verdict
    blows: Counter[str]
    faults: Counter[str]

    def __str__(self) -> str:
        """Return the verdict, and below it what had been done."""
        blows = ", ".join(f"{blow} {times}" for blow, times in sorted(self.blows.items()))
        faults = ", ".join(f"{fault} {times}" for fault, times in sorted(self.faults.items()))
        return f"{self.verdict}\nblows: {blows or 'none'}\nfaults: {faults or 'none'}"


def play(programme: Programme, folder: Path, cluster: Cluster) -> Outcome:
    """Run the whole play in a folder over a cluster, and compare the ledgers.

    1. Patients are enrolled, processes start, and the welcome texts leave.
    2. Each round skips to the next check-in; patients and staff write, faults and blows fall.
    3. All clocks die for some minutes, so that the watchdog has to speak up, and come back.
    4. What is pending is settled, and the three ledgers are compared.
    """
    house = House(
        folder,
        cluster.url,
        free_port(),
        free_port(),
        plants=",".join(programme.plants),
        clocks=programme.clocks,
        workers=programme.workers,
    )
    house.go_to(NOON)
    migrate(cluster.url)
    store = open_store(cluster.url, house.keyring)
    try:
        return _Play(programme, cluster, house, store, random.Random(programme.seed)).perform()
    finally:
        house.stop()
        store.close()


class _Play:
    """One run's people, mischief and time."""

    def __init__(
        self, programme: Programme, cluster: Cluster, house: House, store: Store, chance: random.Random
    ) -> None:
        self.programme, self.house, self.store = programme, house, store
        self.deps = deps_for(store, now=house.now)
        scripts = {
            phone: SCRIPTS[place % len(SCRIPTS)]
            for place, phone in enumerate(phone_numbers(programme.patients))
        }
        staff = frozenset(member.phone for member in STAFF)
        self.people = People(house, scripts, staff, random.Random(chance.random()))
        self.mischief = Mischief(house, cluster, random.Random(chance.random()))
        self.time = Time(house, store, self._is_quiet)
        self.struck = Counter[str]()

    def perform(self) -> Outcome:
        enrol_everybody(self.deps, self.people.scripts)
        for plant in set(self.programme.plants) & set(STATEMENTS):
            self.mischief.cluster.tell_database(STATEMENTS[plant])
        self.house.start_simulator()
        for member in STAFF:
            # Who does not heed a page is rung up; a line that is engaged need not be rung out.
            self.house.ask("/phones", {"number": member.phone, "role": "staff", "answering": "busy"})
        self.house.start_service()
        self.people.arrive()
        unrest = ""
        try:
            for number in range(self.programme.rounds):
                self._play_round(number)
            self._live_without_a_clock()
            self.time.settle(self.programme.patience)
        except NeverCalm as unsettled:
            unrest = str(unsettled)
        self.people.leave()
        verdict = compare(self.people.sent, self.house.ask("/ledger"), Books.of(self.store), unrest)
        return Outcome(verdict, self.mischief.dealt, self.struck)

    def _play_round(self, number: int) -> None:
        ahead = _TO_THE_CHECK_INS[number % len(_TO_THE_CHECK_INS)]
        self.time.skip(ahead, self.programme.patience, self._close_what_was_taken)
        seed = self.programme.seed * 100 + number
        self.house.ask("/faults", {"seed": seed, "rates": dict(self.programme.faults), "lateness": LATENESS})
        self.people.speak_up(self.programme.lines)
        blows = self.programme.blows
        self.mischief.rage(self.mischief.draw(blows) if isinstance(blows, int) else blows)
        self.people.let_speak(_MOST_TALK_SECONDS)
        self.struck.update(self.house.ask("/faults")["struck"])
        self.house.ask("/faults", {})
        self._end_the_day()

    def _end_the_day(self) -> None:
        """Let everything settle, and close what was taken, so that the next day's concerns stand by themselves."""
        self.time.settle(self.programme.patience)
        self._close_what_was_taken()

    def _close_what_was_taken(self) -> None:
        """Close what staff have taken: left open, each would be reminded of, climb and be taken again hour by hour."""
        with self.store.reading() as session:
            taken = [
                (escalation.id, escalation.acknowledged_by)
                for escalation in live_escalations(session)
                if escalation.state == EscalationState.ACKNOWLEDGED
            ]
        for escalation_id, owner in taken:
            close_on_page(self.deps, escalation_id, owner or 0, OUTCOMES[0], "")

    def _live_without_a_clock(self) -> None:
        """Kill every clock, wait until the web has told of it, and start them again."""
        for name in self.house.clock_names():
            self.house.kill(name)
        self.time.jump(_WITHOUT_A_CLOCK, self.programme.patience)
        deadline = time.monotonic() + self.programme.patience
        while not self._alarms_sent():
            if time.monotonic() > deadline:
                raise NeverCalm("All clocks were dead, and the web has told nobody.")
            time.sleep(0.2)
        time.sleep(_SOME_LOOKS_SECONDS)
        self.mischief.revive()

    def _alarms_sent(self) -> int:
        sent = OutboxMessage.key.startswith("clock-stopped:"), OutboxMessage.state == OutboxState.DELIVERED
        with self.store.reading() as session:
            return session.scalar(select(func.count()).where(*sent)) or 0

    def _is_quiet(self) -> bool:
        with suppress(OSError):
            quiet: dict[str, Any] = self.house.ask("/quiet")
            return bool(quiet["quiet"]) and self.people.have_said_all()
        return False
