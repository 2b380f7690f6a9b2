"""Setting the clinic up: its name, number, zone and quiet hours, and its staff."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from argon2 import PasswordHasher

from service.library.segments import foreign_characters
from service.library.wording_check import LONGEST_CLINIC_NAME
from service.store import audit, staff
from service.store.clinics import Clinic, find_clinic, the_clinic
from service.store.staff import Role
from service.workflows.deps import Deps
from service.workflows.numbers import NotANumber, e164

_SHORTEST_PASSWORD = 10


class UnableToSetUp(Exception):
    """What was given does not describe a clinic or a member of staff; the message says what to put right."""


def set_clinic(
    deps: Deps,
    *,
    name: str,
    phone: str,
    zone: str,
    quiet_from: time,
    quiet_until: time,
    fallback_role: Role | None = None,
    actor: str = "cli",
) -> None:
    """Set the clinic up, or change it; quiet hours are local times, and without a fallback role it stays as it was.

    Raises:
        UnableToSetUp: for an empty name or one that no text has room for, a number that is none, or an unknown zone.
    """
    if not name.strip():
        raise UnableToSetUp("The clinic's name is empty.")
    _refuse_unfit_name(name.strip())
    try:
        number = e164(phone)
        known_zone = ZoneInfo(zone).key
    except NotANumber as error:
        raise UnableToSetUp(str(error)) from error
    except (ZoneInfoNotFoundError, ValueError):
        raise UnableToSetUp(f"{zone!r} is no time zone. Write one such as America/Chicago.") from None
    with deps.store.transaction() as session:
        clinic = find_clinic(session)
        if clinic is None:
            clinic = Clinic()
            session.add(clinic)
        clinic.name, clinic.phone, clinic.zone = name.strip(), number, known_zone
        clinic.quiet_from, clinic.quiet_until = quiet_from, quiet_until
        if fallback_role is not None:
            clinic.fallback_role = fallback_role
        audit.record(session, actor=actor, action="set the clinic up", subject="clinic", now=deps.now())


def _refuse_unfit_name(name: str) -> None:
    """Refuse a name with which the longest messages would take a third part, as the check of the templates counts."""
    if len(name) > LONGEST_CLINIC_NAME:
        raise UnableToSetUp(
            f"The clinic's name is too long: {LONGEST_CLINIC_NAME} characters fit into a text."
        )
    if signs := foreign_characters(name):
        raise UnableToSetUp(
            f"The clinic's name holds {signs}, which plain texts lack: most would take three parts and more. "
            "Write it in plain letters, such as Clinica for Cl\u00ednica."
        )


def set_fallback_role(deps: Deps, role: Role, *, actor: str) -> None:
    """Let those with the role be paged when nobody is on call.

    Raises:
        NoClinic: before the clinic is set up.
    """
    with deps.store.transaction() as session:
        the_clinic(session).fallback_role = role
        audit.record(session, actor=actor, action="set the fallback role", subject="clinic", now=deps.now())


def add_member(
    deps: Deps,
    *,
    name: str,
    phone: str,
    login: str,
    role: Role,
    tier: str | None,
    password: str,
    actor: str = "cli",
) -> int:
    """Add a member of staff; return the id.

    Raises:
        UnableToSetUp: for no name, a number that is none, a login already in use, a tier on no ladder, or a short
            password.
    """
    if not name.strip() or not login.strip():
        raise UnableToSetUp("Give a name, and a name to sign in with.")
    try:
        number = e164(phone)
    except NotANumber as error:
        raise UnableToSetUp(str(error)) from error
    refuse_unknown_tier(deps, tier)
    password_hash = hashed(password)
    with deps.store.transaction() as session:
        if staff.staff_by_login(session, login) is not None:
            raise UnableToSetUp(f"Somebody signs in as {login!r} already.")
        member = staff.add_staff(
            session,
            name=name.strip(),
            phone=number,
            login=login.strip().lower(),
            password_hash=password_hash,
            role=role,
            tier=tier,
        )
        audit.record(session, actor=actor, action="added", subject=f"staff:{member.id}", now=deps.now())
        return member.id


def hashed(password: str) -> str:
    """Return the password as it is kept.

    Raises:
        UnableToSetUp: for a short one.
    """
    if len(password) < _SHORTEST_PASSWORD:
        raise UnableToSetUp(f"The password is too short: {_SHORTEST_PASSWORD} characters or more.")
    return PasswordHasher().hash(password)


def refuse_unknown_tier(deps: Deps, tier: str | None) -> None:
    """Refuse a tier on which nobody would ever be paged; None is a choice.

    Raises:
        UnableToSetUp: for a tier that no ladder has.
    """
    ladders = (ladder for protocol in deps.library.protocols.values() for ladder in protocol.ladders)
    tiers = {one.name for ladder in ladders for one in ladder.tiers}
    if tier is not None and tier not in tiers:
        raise UnableToSetUp(f"No ladder has a tier {tier!r}. Choose one of: {', '.join(sorted(tiers))}.")
