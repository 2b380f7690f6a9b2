"""`dripline templates`: write every message at its longest, and refuse what must not leave as it is."""

from __future__ import annotations

from pathlib import Path

import click

from service.cli.protocol import FOLDER, ROOT
from service.library.errors import LibraryError
from service.library.voice_check import SpokenMessage, check_voice
from service.library.wording import SYMPTOMS_FILE, load_wording
from service.library.wording_check import WrittenMessage, check_wording


@click.group()
def templates() -> None:
    """The sentences that patients and staff receive."""


@templates.command()
@click.option("--templates", "folder", type=FOLDER, default=ROOT / "templates", help="Where they are.")
def check(folder: Path) -> None:
    """Write and speak every message; print its length, encoding and reading grade."""
    try:
        texts = load_wording(folder / "texts")
        voice = load_wording(folder / "voice", folder / "texts" / SYMPTOMS_FILE)
    except LibraryError as error:
        raise click.ClickException(str(error)) from error
    written, spoken = check_wording(texts), check_voice(voice, texts)
    click.echo(f"{'text':<24} {'':2} {'signs':>5} {'parts':>5}  {'encoding':<8} {'grade':>5}")
    for text in written.messages:
        click.echo(_text(text))
    click.echo(f"\n{'speech':<24} {'':2} {'words':>5} {'':>15} {'grade':>5}")
    for speech in spoken.messages:
        click.echo(_speech(speech))
    problems = written.problems + spoken.problems
    if problems:
        raise click.ClickException("\n".join(str(problem) for problem in problems))
    click.echo(f"\n{len(written.messages)} texts and {len(spoken.messages)} spoken messages, fine.")


def _text(message: WrittenMessage) -> str:
    length = f"{message.characters:>5} {message.parts:>5}"
    return f"{message.name:<24} {message.language:<2} {length}  {message.encoding:<8} {message.grade:>5.1f}"


def _speech(message: SpokenMessage) -> str:
    return f"{message.name:<24} {message.language:<2} {message.words:>5} {'':>15} {message.grade:>5.1f}"
