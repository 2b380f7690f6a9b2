"""`dripline release`: what a deploy runs before the new code starts."""

from __future__ import annotations

import click

from service import logs
from service.bootstrap import ROOT, LibraryError, SettingsError, read_settings
from service.library.shelf import load_library
from service.library.wording_check import check_wording
from service.store.migrating import UnableToMigrate, migrate


@click.command()
def release() -> None:
    """Check the settings and the library, then migrate the database; a failure stops the deploy."""
    try:
        prepare_database()
    except (SettingsError, LibraryError, UnableToMigrate) as error:
        raise click.ClickException(str(error)) from error
    click.echo("The library is sound and the database is up to date.")


def prepare_database() -> None:
    """Migrate the database and check the library: what a deploy does before the new code runs."""
    settings = read_settings()
    logs.set_up(settings.log_level, "release")
    unfit = check_wording(load_library(ROOT).wording).problems
    if unfit:
        raise LibraryError(unfit)
    migrate(settings.database_url)
