"""The clinic of a chaos run: its staff on three tiers, and as many patients as wanted, four hours after an infusion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from builders import a_clinic, a_nurse, a_patient, an_infusion
from chaos_people import SCRIPTS

from service.store.staff import Role
from service.workflows.deps import Deps

# Noon in the clinic's zone on a Tuesday; the night between two days stays quiet, as in life.
NOON = datetime(2026, 3, 10, 17, 0, tzinfo=UTC)
# Fictional numbers end in 555-01xx, a hundred in each area.
_AREAS = ("212", "303", "312", "404", "415", "503", "512", "602", "617", "702")
_PER_AREA = 100


@dataclass(frozen=True, slots=True)
class Member:
    """A member of staff, and the tier on which they are on call."""

    name: str
    phone: str
    login: str
    tier: str
    role: Role


STAFF = (
    Member("Nadia Osei", "+12025550111", "nadia", "nurse", Role.NURSE),
    Member("Noor Haddad", "+12025550112", "noor", "backup", Role.NURSE),
    Member("Thandi Dube", "+12025550113", "dube", "doctor", Role.PHYSICIAN),
)


def phone_numbers(count: int) -> tuple[str, ...]:
    """Return the phone numbers of so many patients; there are a thousand."""
    places = (divmod(number, _PER_AREA) for number in range(count))
    return tuple(f"+1{_AREAS[area]}55501{line:02d}" for area, line in places)


def enrol_everybody(deps: Deps, phones: Iterable[str]) -> None:
    """Set the clinic up, with its staff, and a patient on each phone who is due to be asked in a few minutes."""
    a_clinic(deps)
    for member in STAFF:
        a_nurse(
            deps,
            name=member.name,
            phone=member.phone,
            login=member.login,
            tier=member.tier,
            role=member.role,
        )
    for place, phone in enumerate(phones):
        language = SCRIPTS[place % len(SCRIPTS)].language
        patient = a_patient(deps, name=f"Patient {place}", phone=phone, language=language)
        an_infusion(deps, patient, hours_ago=3.9)
