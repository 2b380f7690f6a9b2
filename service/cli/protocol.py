"""`dripline protocol`: check the clinic's protocols, draw one, and say what a new version changes, and for whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from service.cli.starting import started
from service.cli.timeline import draw, draw_plan
from service.cli.touching import touched_lines
from service.core.protocol import Protocol, Tier
from service.core.timing import Difference, FollowUp, InfusionFact, differences, plan_together, swallowed
from service.library.durations import spoken
from service.library.errors import LibraryError
from service.library.protocols import load_protocol, load_protocols
from service.library.wording import load_wording
from service.store.clinics import NoClinic
from service.workflows.preview_protocols import whom_it_touches

ROOT = Path(__file__).resolve().parents[2]
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_BEFORE_ALL_INFUSIONS = timedelta(days=1)


def _zone(_: click.Context, __: click.Parameter, name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise click.BadParameter(f"{name!r} is no time zone; write one such as America/Chicago.") from error


@click.group()
def protocol() -> None:
    """The clinic's plans of check-ins."""


@protocol.command()
@click.option("--schedules", type=FOLDER, default=ROOT / "schedules", help="The folder of the protocols.")
@click.option("--templates", type=FOLDER, default=ROOT / "templates", help="The folder of the messages.")
def check(schedules: Path, templates: Path) -> None:
    """Read every protocol; list each mistake with its file, line and field."""
    try:
        protocols = load_protocols(schedules, load_wording(templates / "texts"))
    except LibraryError as error:
        raise click.ClickException(str(error)) from error
    for one in protocols.values():
        click.echo(f"{one.key}, version {one.version}: {len(one.steps)} steps, fine.")
        for lost in swallowed(one, one.quiet_hours):
            ends = f"{lost.first:%H:%M} to {lost.last:%H:%M}"
            click.echo(
                f"  {lost.step_key} is never sent after infusions that end {ends}: the night takes it."
            )


@protocol.command()
@click.argument("key")
@click.option("--schedules", type=FOLDER, default=ROOT / "schedules", help="The folder of the protocols.")
@click.option(
    "--infusion",
    "ends",
    multiple=True,
    type=click.DateTime(("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M")),
    help='The end of an infusion, as "2026-05-04 15:00"; draws the plan for it. May be given more than once.',
)
@click.option("--zone", callback=_zone, default="America/Chicago", show_default=True, help="The patient's.")
@click.option("--dose", type=float, default=None, help="Milligrams of each infusion.")
def show(key: str, schedules: Path, ends: tuple[datetime, ...], zone: ZoneInfo, dose: float | None) -> None:
    """Draw the timeline of the protocol KEY."""
    shown = _named(key, schedules)
    for line in draw(shown):
        click.echo(line)
    if ends:
        infusions = tuple(
            InfusionFact(str(number), end.replace(tzinfo=zone).astimezone(UTC), dose)
            for number, end in enumerate(sorted(ends), start=1)
        )
        click.echo(f"\nPlan in {zone.key}")
        before = infusions[0].ends_at - _BEFORE_ALL_INFUSIONS
        made = plan_together((FollowUp(shown, infusions),), zone, shown.quiet_hours, (), before)
        for line in draw_plan(made, infusions, zone):
            click.echo(line)


@protocol.command()
@click.option(
    "--schedules", type=FOLDER, default=ROOT / "schedules", help="The folder of the edited protocols."
)
@click.option("--templates", type=FOLDER, default=ROOT / "templates", help="The folder of the messages.")
def diff(schedules: Path, templates: Path) -> None:
    """Say whose check-ins the protocols would add, move or cancel if they were adopted now; nothing is changed."""
    try:
        protocols = load_protocols(schedules, load_wording(templates / "texts"))
    except LibraryError as error:
        raise click.ClickException(str(error)) from error
    try:
        for line in touched_lines(whom_it_touches(started("protocol").deps, protocols)):
            click.echo(line)
    except NoClinic as error:
        raise click.ClickException(str(error)) from error


@protocol.command()
@click.argument("old", type=FILE)
@click.argument("new", type=FILE)
def compare(old: Path, new: Path) -> None:
    """Say what the file NEW changes against the file OLD."""
    try:
        found = differences(load_protocol(old), load_protocol(new), ())
    except LibraryError as error:
        raise click.ClickException(str(error)) from error
    for line in describe(found):
        click.echo(line)


def describe(found: tuple[Difference, ...]) -> list[str]:
    """Return one line a difference, with the number of planned check-ins that it touches."""
    lines = [f"{one.place}: {_shown(one.before)} -> {_shown(one.after)}{_touched(one)}" for one in found]
    return lines or ["No difference that a patient or a member of staff would notice."]


def _touched(difference: Difference) -> str:
    count = len(difference.touched)
    return f"  (touches {count} planned check-in{'' if count == 1 else 's'})" if count else ""


def _shown(value: object) -> str:
    if value is None:
        return "none"
    if isinstance(value, timedelta):
        return spoken(value)
    if isinstance(value, tuple):
        return ", ".join(_shown(part) for part in value) or "nothing"
    if isinstance(value, Tier):
        return f"{value.name} ({spoken(value.wait)})"
    return getattr(value, "key", None) or str(value)


def _named(key: str, schedules: Path) -> Protocol:
    try:
        protocols = load_protocols(schedules)
    except LibraryError as error:
        raise click.ClickException(str(error)) from error
    if key not in protocols:
        raise click.ClickException(f"There is no protocol {key!r}; there are {', '.join(sorted(protocols))}.")
    return protocols[key]
