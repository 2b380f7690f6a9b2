"""How the roster's commands read and write: people by login, times by the clinic's clock."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import click

from service.store.clinics import the_clinic
from service.store.staff import Staff, all_staff, staff_by_login
from service.workflows.deps import Deps
from service.workflows.wall_time import NoSuchTime, instant_of


def instant(text: str, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) that a time on the clinic's wall names; end the command where it names none."""
    try:
        return instant_of(text, zone)
    except NoSuchTime as error:
        raise click.ClickException(str(error)) from error


def wall(at: datetime, zone: ZoneInfo) -> str:
    """Return the instant as it stands on the clinic's wall."""
    return f"{at.astimezone(zone):%a %d %b %H:%M}"


def zone_of(deps: Deps) -> ZoneInfo:
    """Return the clinic's zone."""
    with deps.store.reading() as session:
        return ZoneInfo(the_clinic(session).zone)


def names(deps: Deps) -> dict[int, str]:
    """Return the names of the staff by id."""
    with deps.store.reading() as session:
        return {member.id: member.name for member in all_staff(session)}


def member(deps: Deps, login: str) -> Staff:
    """Return who signs in with the name; end the command where nobody does."""
    with deps.store.reading() as session:
        found = staff_by_login(session, login)
    if found is None:
        raise click.ClickException(f"Nobody signs in as {login!r}.")
    return found
