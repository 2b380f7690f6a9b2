"""The README tells a newcomer every command there is, and the Makefile explains each."""

import re

from source_code import ROOT

_MAKEFILE = (ROOT / "Makefile").read_text()
_FOR_PEOPLE = re.findall(r"^([a-z-]+):.*## .", _MAKEFILE, re.MULTILINE)


def test_the_readme_names_every_command_of_the_makefile() -> None:
    readme = (ROOT / "README.md").read_text()

    assert [command for command in _FOR_PEOPLE if f"make {command}" not in readme and command != "help"] == []


def test_every_command_that_the_readme_names_exists() -> None:
    named = re.findall(
        r"\bmake ([a-z-]+)", "\n".join(re.findall(r"`[^`]+`", (ROOT / "README.md").read_text()))
    )

    assert [command for command in named if command not in _FOR_PEOPLE] == []
