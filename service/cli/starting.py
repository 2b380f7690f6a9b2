"""Starting the service for one command: what can't start says why in its own words, and the command ends."""

from __future__ import annotations

import click

from service.bootstrap import LibraryError, SchemaBehind, Service, SettingsError, start


def started(command: str) -> Service:
    """Return the started service; where it can't start, end the command with the sentence that says why."""
    try:
        return start(command)
    except (SettingsError, LibraryError, SchemaBehind) as error:
        raise click.ClickException(str(error)) from error
