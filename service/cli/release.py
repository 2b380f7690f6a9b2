"""`dripline release`: what a deploy runs before the new code starts."""

from __future__ import annotations

import click

from service.bootstrap import LibraryError, SettingsError, UnableToMigrate, prepare_database


@click.command()
def release() -> None:
    """Check the settings and the library, then migrate the database; a failure stops the deploy."""
    try:
        prepare_database()
    except (SettingsError, LibraryError, UnableToMigrate) as error:
        raise click.ClickException(str(error)) from error
    click.echo("The library is sound and the database is up to date.")
