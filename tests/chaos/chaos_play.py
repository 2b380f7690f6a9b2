"""The play of a chaos run: a clinic full of patients, faults and kills while they write, and the ledgers at the end."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from builders import a_nurse, a_patient, an_infusion, deps_for
from chaos_cluster import Cluster
from chaos_house import House
from chaos_ledgers import Books, Verdict, compare
from chaos_mischief import FAULTS, LATENESS, Mischief
from chaos_people import SCRIPTS, People
from chaos_plants import STATEMENTS, Plant
from chaos_time import Time

from service.cli.stage import free_port
from service.store.database import Store, migrate, open_store
from service.store.escalations import EscalationState, live_escalations
from service.store.staff import Role
from service.workflows.acknowledge import OUTCOMES, close_on_page
from service.workflows.deps import Deps
from service.workflows.set_up import set_clinic

# Noon in the clinic's zone on a Tuesday; the night between two days stays quiet, as in life.
NOON = datetime(2026, 3, 10, 17, 0, tzinfo=UTC)
_STAFF = (
    ("Nadia Osei", "+12025550111", "nadia", "nurse", Role.NURSE),
    ("Noor Haddad", "+12025550112", "noor", "backup", Role.NURSE),
    ("Thandi Dube", "+12025550113", "dube", "doctor", Role.PHYSICIAN),
)
# Fictional numbers end in 555-01xx, a hundred in each area.
_AREAS = ("212", "303", "312", "404", "415", "503", "512", "602", "617", "702")
_PER_AREA = 100
# From an infusion to its first check-in, and on to those of the next days.
_TO_THE_CHECK_INS = (timedelta(minutes=10), timedelta(hours=20), timedelta(hours=48), timedelta(hours=96))


@dataclass(frozen=True, slots=True)
class Programme:
    """How large a run is: its people, how often they are asked, and how many blows fall in each round."""

    seed: int
    patients: int
    rounds: int = 1
    blows: Sequence[str] | int = 4
    lines: int = 3
    clocks: int = 2
    workers: int = 1
    plant: Plant | None = None
    faults: bool = True
    patience: float = 60.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run found, and what it had been through."""

    verdict: Verdict
    blows: Counter[str]
    faults: dict[str, int]

    def __str__(self) -> str:
        """Return the verdict, and below it what had been done."""
        blows = ", ".join(f"{blow} {times}" for blow, times in sorted(self.blows.items()))
        faults = ", ".join(f"{fault} {times}" for fault, times in sorted(self.faults.items()))
        return f"{self.verdict}\nblows: {blows or 'none'}\nfaults: {faults or 'none'}"


def play(programme: Programme, folder: Path, cluster: Cluster) -> Outcome:
    """Run the whole play in a folder over a cluster, and compare the ledgers.

    1. Patients are enrolled, processes start, and the welcome texts leave.
    2. Each round skips to the next check-in; patients and staff write, faults and blows fall.
    3. The faults end, what is pending is settled, and the three ledgers are compared.
    """
    house = House(
        folder,
        cluster.url,
        free_port(),
        free_port(),
        plant=programme.plant or "",
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
        self.phones = tuple(_phone(number) for number in range(programme.patients))
        scripts = {phone: SCRIPTS[place % len(SCRIPTS)] for place, phone in enumerate(self.phones)}
        staff = frozenset(phone for _, phone, *_ in _STAFF)
        self.people = People(house, scripts, staff, random.Random(chance.random()))
        self.mischief = Mischief(house, cluster, random.Random(chance.random()))
        self.time = Time(house, store, self._is_quiet)
        if programme.plant in STATEMENTS:
            cluster.tell_database(STATEMENTS[programme.plant])

    def perform(self) -> Outcome:
        _enrol(self.deps, self.phones)
        self.house.start_simulator()
        self.house.start_service()
        self.people.arrive()
        struck = Counter[str]()
        for number in range(self.programme.rounds):
            self.time.skip(_TO_THE_CHECK_INS[number % len(_TO_THE_CHECK_INS)], self.programme.patience)
            self._set_faults(number)
            self.people.speak_up(self.programme.lines)
            self.mischief.rage(self._blows())
            struck.update(self._struck())
            self.house.ask("/faults", {})
            self._end_the_day()
        self.time.settle(self.programme.patience)
        self.people.leave()
        verdict = compare(self.people.sent, self.house.ask("/ledger"), Books.of(self.store))
        return Outcome(verdict, self.mischief.dealt, dict(struck))

    def _blows(self) -> Sequence[str]:
        blows = self.programme.blows
        return self.mischief.draw(blows) if isinstance(blows, int) else blows

    def _set_faults(self, number: int) -> None:
        rates = FAULTS if self.programme.faults else {}
        seed = self.programme.seed * 100 + number
        self.house.ask("/faults", {"seed": seed, "rates": dict(rates), "lateness": LATENESS})

    def _struck(self) -> dict[str, int]:
        struck: dict[str, int] = self.house.ask("/faults")["struck"]
        return struck

    def _end_the_day(self) -> None:
        """Let everything settle, and close what was taken, so that the next day's concerns stand by themselves."""
        self.time.settle(self.programme.patience)
        with self.store.reading() as session:
            taken = [
                (escalation.id, escalation.acknowledged_by)
                for escalation in live_escalations(session)
                if escalation.state == EscalationState.ACKNOWLEDGED
            ]
        for escalation_id, owner in taken:
            close_on_page(self.deps, escalation_id, owner or 0, OUTCOMES[0], "")

    def _is_quiet(self) -> bool:
        with suppress(OSError):
            quiet: dict[str, Any] = self.house.ask("/quiet")
            return bool(quiet["quiet"]) and self.people.have_said_all()
        return False


def _phone(number: int) -> str:
    return f"+1{_AREAS[number // _PER_AREA]}55501{number % _PER_AREA:02d}"


def _enrol(deps: Deps, phones: Sequence[str]) -> None:
    set_clinic(
        deps,
        name="Willow Clinic",
        phone="+12025550199",
        zone="America/Chicago",
        quiet_from=time(21),
        quiet_until=time(8),
    )
    for name, phone, login, tier, role in _STAFF:
        a_nurse(deps, name=name, phone=phone, login=login, tier=tier, role=role)
    for place, phone in enumerate(phones):
        language = "es" if SCRIPTS[place % len(SCRIPTS)][0][0].startswith(("ning", "las")) else "en"
        patient = a_patient(deps, name=f"Patient {place}", phone=phone, language=language)
        an_infusion(deps, patient, hours_ago=3.9)
