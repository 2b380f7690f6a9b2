"""`dripline inbox`: read again what could not be read."""

from __future__ import annotations

import click

from service.cli.starting import started
from service.store.inbox import retry_set_aside


@click.group()
def inbox() -> None:
    """The replies as they came."""


@inbox.command()
def retry() -> None:
    """Make every reply that was set aside unread again, after a fix; the clock reads them at its next tick."""
    deps = started("inbox").deps
    with deps.store.transaction() as session:
        count = retry_set_aside(session, deps.now())
    click.echo(f"{count} {'reply' if count == 1 else 'replies'} will be read again.")
