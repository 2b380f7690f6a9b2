"""`dripline rules`: check the triage rules alone, and print the table that a medical director signs."""

from __future__ import annotations

from pathlib import Path

import click

from service.cli.triage import SCHEDULES
from service.core.triage.table import sign_table
from service.library.errors import LibraryError
from service.library.triage import check_triage


@click.group("rules")
def rules() -> None:
    """Look after the triage rules."""


@rules.command("check")
@click.option("--schedules", "folder", default=SCHEDULES, show_default=True, type=click.Path(path_type=Path))
@click.option("--quiet", is_flag=True, help="Check only; do not print the table.")
def check(folder: Path, quiet: bool) -> None:
    """Validate lexicon and rules with all their examples, and print the rules as a table to sign."""
    try:
        guide = check_triage(folder)
    except LibraryError as error:
        raise click.ClickException(str(error)) from error
    book = guide.rules.rules
    if not quiet:
        click.echo("\n".join(sign_table(book)))
    waiting = sum(rule.approved_by is None for rule in book)
    click.echo(f"{len(book)} rules are well formed and do what their examples say (version {guide.version}).")
    if waiting:
        click.echo(f"{waiting} of them are not approved by a clinician yet; none may go live until they are.")
