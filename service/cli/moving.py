"""`dripline export` and `dripline import`: everything into one encrypted file, and out of it into another database."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import BinaryIO, Final

import click

from service.cli.starting import started
from service.store.keyring import UnableToOpen
from service.store.moving import UnableToImport, export_to, import_from
from service.store.sealed_file import UnableToRead

_VARIABLE: Final = "DRIPLINE_PASSPHRASE"
_SHORTEST: Final = 12


@click.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export_command(file: Path) -> None:
    """Write everything in the database to FILE, encrypted under a passphrase.

    The passphrase is asked for, or taken from DRIPLINE_PASSPHRASE. Without it nobody can read the file again.
    """
    if file.exists():
        raise click.ClickException(f"{file} is there already; name another file.")
    deps = started("export").deps
    passphrase = _passphrase(is_new=True)
    unfinished = file.with_name(f"{file.name}.unfinished")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            counts = export_to(deps.store, stream, passphrase, deps.now())
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.replace(file)
    except (OSError, UnableToOpen) as error:
        unfinished.unlink(missing_ok=True)
        raise click.ClickException(f"Nothing was exported: {error}") from error
    click.echo(f"{file} holds {_in_words(counts)}.")


@click.command("import")
@click.argument("file", type=click.File("rb"))
def import_command(file: BinaryIO) -> None:
    """Take everything in FILE into this database, which must be migrated and empty; all of it or nothing."""
    store = started("import").deps.store
    passphrase = _passphrase(is_new=False)
    try:
        counts = import_from(store, file, passphrase)
    except (UnableToRead, UnableToImport) as error:
        raise click.ClickException(f"Nothing was imported. {error}") from error
    click.echo(f"The database now holds {_in_words(counts)}.")


def _passphrase(*, is_new: bool) -> str:
    given = os.environ.get(_VARIABLE) or click.prompt(
        "Passphrase", hide_input=True, confirmation_prompt=is_new
    )
    if is_new and len(given) < _SHORTEST:
        raise click.ClickException(f"A passphrase needs {_SHORTEST} characters or more.")
    return str(given)


def _in_words(counts: Mapping[str, int]) -> str:
    shown = ((counts.get(name, 0), words) for name, words in _SHOWN)
    return ", ".join(f"{count} {words}" for count, words in shown) + f", {sum(counts.values())} rows in all"


_SHOWN: Final = (("patients", "patients"), ("inbox", "messages received"), ("outbox", "messages of ours"))
