"""`dripline templates`: write every message at its longest, and refuse what must not leave as it is."""

from __future__ import annotations

from pathlib import Path

import click

from service.cli.protocol import FOLDER, ROOT
from service.library.errors import LibraryError
from service.library.wording import load_wording
from service.library.wording_check import WrittenMessage, check_wording


@click.group()
def templates() -> None:
    """The sentences that patients and staff receive."""


@templates.command()
@click.option(
    "--templates", "folder", type=FOLDER, default=ROOT / "templates", help="The folder of the messages."
)
def check(folder: Path) -> None:
    """Write every message with the longest values; print parts, encoding and reading grade."""
    try:
        report = check_wording(load_wording(folder / "texts"))
    except LibraryError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{'message':<24} {'':2} {'signs':>5} {'parts':>5}  {'encoding':<8} {'grade':>5}")
    for message in report.messages:
        click.echo(_line(message))
    if report.problems:
        raise click.ClickException("\n".join(str(problem) for problem in report.problems))
    click.echo(f"{len(report.messages)} messages, fine.")


def _line(message: WrittenMessage) -> str:
    length = f"{message.characters:>5} {message.parts:>5}"
    return f"{message.name:<24} {message.language:<2} {length}  {message.encoding:<8} {message.grade:>5.1f}"
