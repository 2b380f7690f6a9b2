"""`dripline roster`: who is on call, shifts, covers, swaps, calendars, and the gaps that lie ahead."""

from __future__ import annotations

from datetime import time, timedelta

import click

from service.cli.roster_changes import drop, export_, import_, list_, put, swap
from service.cli.roster_words import instant, member, names, wall, zone_of
from service.cli.starting import started
from service.core.escalation.roster import Shift
from service.workflows.opening_hours import WEEKDAYS
from service.workflows.roster import UnableToRoster, add_weekly_shifts, cover_for, gaps_ahead, watches_ahead


@click.group()
def roster() -> None:
    """Who is on call when, by the clinic's clock."""


@roster.command()
@click.option("--days", default=7, show_default=True, help="How far ahead.")
def show(days: int) -> None:
    """List who is on call."""
    deps = started("roster").deps
    zone, who, now = zone_of(deps), names(deps), deps.now()
    for watch in watches_ahead(deps, now, now + timedelta(days=days)):
        span = f"{wall(watch.starts_at, zone)} - {wall(watch.ends_at, zone)}"
        click.echo(f"{span}  {watch.tier:8} {who[watch.staff_id]}")


@roster.command()
@click.option("--days", default=14, show_default=True, help="How far ahead.")
def gaps(days: int) -> None:
    """List when nobody is on call on a tier; exit code 1 where there is such a time."""
    deps = started("roster").deps
    zone, found = zone_of(deps), gaps_ahead(deps, within=timedelta(days=days))
    for gap in found:
        click.echo(f"{wall(gap.starts_at, zone)} - {wall(gap.ends_at, zone)}  {gap.tier}: nobody")
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
    wanted = Shift(tier, member(deps, login).id, WEEKDAYS.index(weekday), *hours)
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
    zone = zone_of(deps)
    try:
        taken = cover_for(
            deps,
            member(deps, absent).id,
            member(deps, stand_in).id,
            instant(since, zone),
            instant(until, zone),
            actor="cli",
        )
    except UnableToRoster as error:
        raise click.ClickException(str(error)) from error
    for watch in taken:
        click.echo(f"{wall(watch.starts_at, zone)} - {wall(watch.ends_at, zone)}  {watch.tier}: {stand_in}")


for command in (swap, put, list_, drop, export_, import_):
    roster.add_command(command)
