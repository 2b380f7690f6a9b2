"""`dripline roster` names who is on call and where nobody is; wrong words get a sentence."""

from __future__ import annotations

import importlib

import pytest
from builders import Clock, a_clinic, a_nurse, deps_for
from click.testing import CliRunner

from service.bootstrap import Service
from service.store.database import Store
from service.workflows.deps import Deps

# The package shows the command under the name of its module.
commands = importlib.import_module("service.cli.roster")


@pytest.fixture
def deps(store: Store, monkeypatch: pytest.MonkeyPatch) -> Deps:
    """A clinic with one nurse, which the commands find instead of the environment's."""
    opened = deps_for(store, now=Clock())
    a_clinic(opened)
    a_nurse(opened)
    a_nurse(opened, name="Noor Haddad", phone="+12025550112", login="noor", tier=None)
    monkeypatch.setattr(commands, "started", lambda _: Service(None, opened))  # type: ignore[arg-type]  # no command reads the settings
    return opened


def run(*words: str) -> tuple[int, str]:
    outcome = CliRunner().invoke(commands.roster, list(words))
    return outcome.exit_code, outcome.output


def test_a_cover_shows_in_the_roster(deps: Deps) -> None:
    covered = run("cover", "nadia", "noor", "2026-03-10T18:00", "2026-03-10T20:00")

    assert covered == (0, "Tue 10 Mar 18:00 - Tue 10 Mar 20:00  nurse: noor\n")
    assert run("show", "--days", "1")[1].splitlines() == [
        "Tue 10 Mar 10:00 - Tue 10 Mar 18:00  nurse    Nadia Osei",
        "Tue 10 Mar 18:00 - Tue 10 Mar 20:00  nurse    Noor Haddad",
        "Tue 10 Mar 20:00 - Wed 11 Mar 10:00  nurse    Nadia Osei",
    ]


def test_a_tier_without_anybody_is_a_gap(deps: Deps) -> None:
    code, words = run("gaps", "--days", "1")

    assert code == 1
    assert words.splitlines()[0] == "Tue 10 Mar 10:00 - Wed 11 Mar 10:00  backup: nobody"


def test_wrong_words_get_a_sentence(deps: Deps) -> None:
    assert run("cover", "nadia", "nobody", "2026-03-10T18:00", "2026-03-10T20:00")[1] == (
        "Error: Nobody signs in as 'nobody'.\n"
    )
    assert "is no time" in run("cover", "nadia", "noor", "soon", "later")[1]
    assert "No ladder has a tier" in run("shift", "porter", "nadia", "mon", "07:00", "19:00")[1]
