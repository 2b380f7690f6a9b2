"""`dripline roster swap`, `put`, `list`, `drop`, `export`, `import`: changing the roster, also by calendar files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from service.cli.roster_words import instant, member, names, wall, zone_of
from service.cli.starting import started
from service.store import roster as rows
from service.store.staff import Staff
from service.workflows.deps import Deps
from service.workflows.opening_hours import WEEKDAYS
from service.workflows.roster import UnableToRoster, drop_dated_duty, drop_weekly_shift, put_on_call
from service.workflows.roster import swap as swap_watches
from service.workflows.roster_exchange import export_roster, import_roster


@contextmanager
def _told() -> Iterator[None]:
    """End the command with the sentence where the roster can't be changed."""
    try:
        yield
    except UnableToRoster as error:
        raise click.ClickException(str(error)) from error


@click.command()
@click.argument("one")
@click.argument("one_since")
@click.argument("one_until")
@click.argument("other")
@click.argument("other_since")
@click.argument("other_until")
def swap(one: str, one_since: str, one_until: str, other: str, other_since: str, other_until: str) -> None:
    """Let ONE and OTHER (logins) take each other's watches: of each, the time in which they give theirs away."""
    deps = started("roster").deps
    zone = zone_of(deps)
    first = member(deps, one).id, instant(one_since, zone), instant(one_until, zone)
    second = member(deps, other).id, instant(other_since, zone), instant(other_until, zone)
    with _told():
        taken = swap_watches(deps, first, second, actor="cli")
    for watch in taken:
        who = names(deps)[watch.staff_id]
        click.echo(f"{wall(watch.starts_at, zone)} - {wall(watch.ends_at, zone)}  {watch.tier}: {who}")


@click.command()
@click.argument("tier")
@click.argument("login")
@click.argument("since")
@click.argument("until")
@click.option("--alone", is_flag=True, help="In the place of whoever is on call on that tier.")
def put(tier: str, login: str, since: str, until: str, alone: bool) -> None:
    """Put somebody on call on a tier from SINCE to UNTIL, such as 2026-03-10T18:00, on the clinic's clock."""
    deps = started("roster").deps
    zone = zone_of(deps)
    with _told():
        put_on_call(
            deps,
            tier,
            member(deps, login).id,
            instant(since, zone),
            instant(until, zone),
            alone=alone,
            actor="cli",
        )
    click.echo("Put on call.")


@click.command("list")
def list_() -> None:
    """List weekly shifts and dated changes, each with the name by which `dripline roster drop` knows it."""
    deps = started("roster").deps
    zone = zone_of(deps)
    with deps.store.reading() as session:
        for shift in rows.shifts(session):
            who = session.get_one(Staff, shift.staff_id).name
            hours = f"{WEEKDAYS[shift.weekday]} {shift.starts:%H:%M}-{shift.ends:%H:%M}"
            click.echo(f"shift {shift.id}: {shift.tier} {who} {hours}")
        for duty in rows.duties(session, deps.now()):
            who = session.get_one(Staff, duty.staff_id).name if duty.staff_id else "nobody"
            place = f" for {session.get_one(Staff, duty.instead_of).name}" if duty.instead_of else ""
            since = " (imported)" if duty.imported else ""
            span = f"{wall(duty.starts_at, zone)} - {wall(duty.ends_at, zone)}"
            click.echo(f"duty {duty.id}: {duty.tier} {who}{place} {span}{since}")


@click.command()
@click.argument("kind", type=click.Choice(["shift", "duty"]))
@click.argument("number", type=int)
def drop(kind: str, number: int) -> None:
    """Take a shift or a dated change off, by the number that `dripline roster list` shows."""
    deps = started("roster").deps
    with _told():
        (drop_weekly_shift if kind == "shift" else drop_dated_duty)(deps, number, actor="cli")
    click.echo("Dropped.")


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
def export_(file: Path | None) -> None:
    """Write the roster as an iCalendar file, or print it: a week back, and eight weeks ahead."""
    deps: Deps = started("roster").deps
    written = export_roster(deps)
    if file is None:
        click.echo(written.decode(), nl=False)
    else:
        file.write_bytes(written)
        click.echo(f"Written to {file}.")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def import_(file: Path) -> None:
    """Replace what was imported with an iCalendar file whose events name staff and tier; all of it, or nothing."""
    deps = started("roster").deps
    with _told():
        imported = import_roster(deps, file.read_bytes(), actor="cli")
    click.echo(f"{imported.watches} imported, the last until {wall(imported.until, zone_of(deps))}.")
