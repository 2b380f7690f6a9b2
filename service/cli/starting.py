"""Starting the service for one command: what can't start says why in its own words, and the command ends."""

from __future__ import annotations

import click

from service.bootstrap import LibraryError, NoDatabase, SchemaBehind, Service, SettingsError, start


def started(command: str) -> Service:
    """Return the started service, whose database is let go when the command ends.

    Where it can't start, the command ends with the sentence that says why.
    """
    try:
        service = start(command)
    except (SettingsError, LibraryError, SchemaBehind, NoDatabase) as error:
        raise click.ClickException(str(error)) from error
    context = click.get_current_context(silent=True)
    if context is not None:
        # SQLite puts what is left beside its file into it when the last connection goes.
        context.call_on_close(service.deps.store.close)
    return service
