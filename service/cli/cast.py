"""The demo's fictional clinic: its people, who are on 555-01xx numbers and exist nowhere else."""

from __future__ import annotations

import json
from datetime import time
from typing import Final
from urllib.request import Request, urlopen

from service.core.words import Channel
from service.store.clinics import find_clinic
from service.store.staff import Role
from service.workflows.deps import Deps
from service.workflows.enrol import enrol
from service.workflows.set_up import add_member, set_clinic

ZONE: Final = "America/Chicago"
PASSWORD: Final = "drip-by-drip"
NADIA: Final = ("Nadia Osei", "+12025550111", "nadia", Role.NURSE, "nurse")
NOOR: Final = ("Noor Haddad", "+12025550112", "noor", Role.NURSE, "backup")
DUBE: Final = ("Dr. Thandi Dube", "+12025550113", "dube", Role.PHYSICIAN, "doctor")
ADA: Final = ("Ada Brook", "+12025550114", "ada", Role.ADMIN, None)
STAFF: Final = (NADIA, NOOR, DUBE, ADA)
ANA: Final = ("Ana Example", "+12025550121", "en", Channel.SMS)
BRUNO: Final = ("Bruno Ejemplo", "+12025550122", "es", Channel.SMS)
CLEO: Final = ("Cleo Sample", "+12025550123", "en", Channel.SMS)
DORA: Final = ("Dora Model", "+12025550124", "en", Channel.VOICE)
ELI: Final = ("Eli Pretend", "+12025550125", "en", Channel.SMS)
FERN: Final = ("Fern Invented", "+12025550126", "en", Channel.SMS)
GIL: Final = ("Gil Madeup", "+12025550127", "en", Channel.SMS)
# Who is there from the beginning, and who comes on in the acts of `dripline demo` alone.
PATIENTS: Final = (ANA, BRUNO, CLEO, DORA)
LATER: Final = (ELI, FERN, GIL)


def seed(deps: Deps) -> None:
    """Set the demo's clinic, staff and patients up, unless they are there already."""
    with deps.store.reading() as session:
        if find_clinic(session) is not None:
            return
    for name, phone, login, role, tier in STAFF:
        add_member(deps, name=name, phone=phone, login=login, role=role, tier=tier, password=PASSWORD)
    set_clinic(
        deps,
        name="Willow Clinic",
        phone="+12025550199",
        zone=ZONE,
        quiet_from=time(21),
        quiet_until=time(8),
    )
    for person in PATIENTS:
        enrol_person(deps, person)


def enrol_person(deps: Deps, person: tuple[str, str, str, Channel]) -> None:
    """Enrol somebody of the cast as a patient who has agreed."""
    name, phone, language, channel = person
    enrol(deps, name=name, phone=phone, language=language, channel=channel, consent=True, actor="demo")


def hand_out_phones(simulator_url: str) -> None:
    """Give everybody who is there from the beginning a handset on the simulator's page."""
    for person in PATIENTS:
        hand_out_phone(simulator_url, person[0], person[1], "patient")
    for member in STAFF:
        hand_out_phone(simulator_url, member[0], member[1], "staff")


def hand_out_phone(simulator_url: str, name: str, number: str, role: str) -> None:
    """Give one of them a handset; `role` is patient or staff."""
    post_json(f"{simulator_url}/phones", {"name": name, "number": number, "role": role})


def post_json(url: str, fields: dict[str, object]) -> dict[str, object]:
    """Post a JSON object and return the one that comes back."""
    request = Request(url, json.dumps(fields).encode(), {"Content-Type": "application/json"})
    with urlopen(request, timeout=40) as answer:
        came_back: dict[str, object] = json.load(answer)
        return came_back
