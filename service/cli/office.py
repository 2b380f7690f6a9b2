"""`dripline clinic show, hours, holiday, fallback`: when the office is open, and who is paged when nobody is on call."""

from __future__ import annotations

from datetime import date

import click

from service.cli.starting import started
from service.store.clinics import NoClinic, the_clinic
from service.store.staff import Role
from service.workflows.opening_hours import (
    WEEKDAY_NAMES,
    WEEKDAYS,
    add_holiday,
    drop_holiday,
    holidays_ahead,
    hours_by_weekday,
    read_spans,
    set_hours,
    written,
)
from service.workflows.set_up import UnableToSetUp, set_fallback_role


@click.command()
def show() -> None:
    """Print the clinic's settings."""
    deps = started("clinic").deps
    try:
        with deps.store.reading() as session:
            clinic = the_clinic(session)
    except NoClinic as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{clinic.name}, {clinic.phone}, {clinic.zone}")
    click.echo(f"No check-in from {clinic.quiet_from:%H:%M} until {clinic.quiet_until:%H:%M}, local time.")
    click.echo(f"With nobody on call, every {clinic.fallback_role} is paged.")
    for weekday, spans in enumerate(hours_by_weekday(deps)):
        click.echo(f"{WEEKDAY_NAMES[weekday]:10} {written(spans) or 'closed'}")
    for day, name in holidays_ahead(deps):
        click.echo(f"{day} closed: {name}")


@click.command()
@click.argument("days")
@click.argument("opening")
def hours(days: str, opening: str) -> None:
    """Set when the office is open: mon-fri 09:00-17:00, or sat 09:00-12:00,13:00-15:00, or sun closed."""
    try:
        by_weekday = {weekday: read_spans(opening, weekday) for weekday in _weekdays(days)}
        set_hours(started("clinic").deps, by_weekday, actor="cli")
    except UnableToSetUp as error:
        raise click.ClickException(str(error)) from error
    click.echo("The opening hours are set.")


def _weekdays(text: str) -> tuple[int, ...]:
    """Return the weekdays of "mon-fri" or "mon,wed,sat"; 0 is Monday."""
    first, dash, last = text.lower().partition("-")
    try:
        if dash:
            start, end = WEEKDAYS.index(first), WEEKDAYS.index(last)
            return tuple((start + ahead) % 7 for ahead in range((end - start) % 7 + 1))
        return tuple(WEEKDAYS.index(day.strip()) for day in first.split(","))
    except ValueError:
        raise UnableToSetUp(f"{text!r} are no weekdays. Write them like mon-fri, or sat,sun.") from None


@click.group()
def holiday() -> None:
    """The days on which the office is shut."""


@holiday.command()
@click.argument("day")
@click.argument("name")
def add(day: str, name: str) -> None:
    """Add a holiday: 2026-12-25 "Christmas Day"."""
    try:
        add_holiday(started("clinic").deps, _day(day), name, actor="cli")
    except UnableToSetUp as error:
        raise click.ClickException(str(error)) from error
    click.echo("Added.")


@holiday.command()
@click.argument("day")
def drop(day: str) -> None:
    """Let the office be open on that day again."""
    try:
        drop_holiday(started("clinic").deps, _day(day), actor="cli")
    except UnableToSetUp as error:
        raise click.ClickException(str(error)) from error
    click.echo("Dropped.")


@click.command()
@click.argument("role", type=click.Choice([role.value for role in Role]))
def fallback(role: str) -> None:
    """Set whose phones ring when nobody is on call."""
    try:
        set_fallback_role(started("clinic").deps, Role(role), actor="cli")
    except NoClinic as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"With nobody on call, every {role} is paged.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise click.ClickException(f"{text!r} is no day. Write it like 2026-12-25.") from None
