"""The README tells every command of the Makefile, and no document names a command that there is not."""

import re

import click
from source_code import ROOT, text_files

from service.cli import main

_MAKEFILE = (ROOT / "Makefile").read_text()
_FOR_PEOPLE = re.findall(r"^([a-z-]+):.*## .", _MAKEFILE, re.MULTILINE)


def test_the_readme_names_every_command_of_the_makefile() -> None:
    readme = (ROOT / "README.md").read_text()

    assert [command for command in _FOR_PEOPLE if f"make {command}" not in readme and command != "help"] == []


def test_every_make_command_in_the_documents_exists() -> None:
    named = [word for code in _code_in_the_documents() for word in re.findall(r"\bmake ([a-z-]+)", code)]

    assert [command for command in named if command not in _FOR_PEOPLE] == []


def test_every_dripline_command_in_the_documents_exists() -> None:
    named = [
        words for code in _code_in_the_documents() for words in re.findall(r"\bdripline((?: [a-z-]+)+)", code)
    ]

    assert [words for words in named if not _leads_to_a_command(main, words.split())] == []


def _leads_to_a_command(command: click.Command, words: list[str]) -> bool:
    """Follow the words until they are no longer sub-commands but what a command is given."""
    if not isinstance(command, click.Group):
        return True
    return (
        words != []
        and words[0] in command.commands
        and _leads_to_a_command(command.commands[words[0]], words[1:])
    )


def _code_in_the_documents() -> list[str]:
    documents = [file.text for file in text_files() if file.name.endswith(".md")]
    return [code for text in documents for code in re.findall(r"`[^`]+`", text)]
