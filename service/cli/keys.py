"""`dripline keys`: fresh keys for a deployment."""

from __future__ import annotations

import secrets

import click
from cryptography.fernet import Fernet


@click.group()
def keys() -> None:
    """The keys of the encrypted columns."""


@keys.command()
def new() -> None:
    """Print a fresh ENCRYPTION_KEYS and LOOKUP_KEY. Keep both: without them nobody can read the database again."""
    click.echo(f"ENCRYPTION_KEYS={Fernet.generate_key().decode()}")
    click.echo(f"LOOKUP_KEY={secrets.token_urlsafe(32)}")
