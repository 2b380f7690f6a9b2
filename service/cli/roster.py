"""`dripline roster`: who is on call, shifts, covers, and the gaps that lie ahead."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import click

from service.cli.starting import started
from service.core.escalation.roster import Shift
from service.store.clinics import the_clinic
from service.store.staff import Staff, all_staff, staff_by_login
from service.workflows.deps import Deps
from service.workflows.roster import UnableToRoster, add_weekly_shifts, cover_for, gaps_ahead, watches_ahead
from service.workflows.wall_time import NoSuchTime, instant_of

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@click.group()
def roster() -> None:
    """Who is on call when, by the clinic's clock."""


@roster.command()
@click.option("--days", default=7, show_default=True, help="How far ahead.")
def show(days: int) -> None:
    """List who is on call."""
    deps = started("roster").deps
    zone, names, now = _zone(deps), _names(deps), deps.now()
    for watch in watches_ahead(deps, now, now + timedelta(days=days)):
        span = f"{_wall(watch.starts_at, zone)} - {_wall(watch.ends_at, zone)}"
        click.echo(f"{span}  {watch.tier:8} {names[watch.staff_id]}")


@roster.command()
@click.option("--days", default=14, show_default=True, help="How far ahead.")
def gaps(days: int) -> None:
    """List when nobody is on call on a tier; exit code 1 where there is such a time."""
    deps = started("roster").deps
    zone, found = _zone(deps), gaps_ahead(deps, within=timedelta(days=days))
    for gap in found:
        click.echo(f"{_wall(gap.starts_at, zone)} - {_wall(gap.ends_at, zone)}  {gap.tier}: nobody")
    if found:
        raise click.exceptions.Exit(1)
    click.echo(f"Somebody is on call on every tier for {days} days.")


@roster.command()
@click.argument("tier")
@click.argument("login")
@click.argument("weekday", type=click.Choice(WEEKDAYS))
@click.argument("starts")
@click.argument("ends")
def shift(tier: str, login: str, weekday: str, starts: str, ends: str) -> None:
    """Add a weekly shift, such as: nurse nadia mon 19:00 07:00."""
    deps = started("roster").deps
    try:
        hours = time.fromisoformat(starts), time.fromisoformat(ends)
    except ValueError:
        raise click.ClickException("Hours are written like 19:00 and 07:00.") from None
    wanted = Shift(tier, _member(deps, login).id, WEEKDAYS.index(weekday), *hours)
    try:
        add_weekly_shifts(deps, (wanted,), actor="cli")
    except UnableToRoster as error:
        raise click.ClickException(str(error)) from error
    click.echo("Added.")


@roster.command()
@click.argument("absent")
@click.argument("stand_in")
@click.argument("since")
@click.argument("until")
def cover(absent: str, stand_in: str, since: str, until: str) -> None:
    """Let STAND_IN stand in for ABSENT (logins) from SINCE to UNTIL, such as 2026-03-10T18:00, on the clinic's clock."""
    deps = started("roster").deps
    zone = _zone(deps)
    try:
        taken = cover_for(
            deps,
            _member(deps, absent).id,
            _member(deps, stand_in).id,
            _instant(since, zone),
            _instant(until, zone),
            actor="cli",
        )
    except UnableToRoster as error:
        raise click.ClickException(str(error)) from error
    for watch in taken:
        click.echo(f"{_wall(watch.starts_at, zone)} - {_wall(watch.ends_at, zone)}  {watch.tier}: {stand_in}")


def _instant(text: str, zone: ZoneInfo) -> datetime:
    try:
        return instant_of(text, zone)
    except NoSuchTime as error:
        raise click.ClickException(str(error)) from error


def _wall(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %d %b %H:%M}"


def _zone(deps: Deps) -> ZoneInfo:
    with deps.store.reading() as session:
        return ZoneInfo(the_clinic(session).zone)


def _names(deps: Deps) -> dict[int, str]:
    with deps.store.reading() as session:
        return {member.id: member.name for member in all_staff(session)}


def _member(deps: Deps, login: str) -> Staff:
    with deps.store.reading() as session:
        member = staff_by_login(session, login)
    if member is None:
        raise click.ClickException(f"Nobody signs in as {login!r}.")
    return member
