"""`dripline roster` names who is on call and where nobody is; wrong words get a sentence."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest
from builders import Clock, a_clinic, a_nurse, deps_for
from click.testing import CliRunner

from service.bootstrap import Service
from service.store.database import Store
from service.workflows.deps import Deps

# The package shows the command under the name of its module.
commands = importlib.import_module("service.cli.roster")
changes = importlib.import_module("service.cli.roster_changes")


@pytest.fixture
def deps(store: Store, monkeypatch: pytest.MonkeyPatch) -> Deps:
    """A clinic with one nurse, which the commands find instead of the environment's."""
    opened = deps_for(store, now=Clock())
    a_clinic(opened)
    a_nurse(opened)
    a_nurse(opened, name="Noor Haddad", phone="+12025550112", login="noor", tier=None)
    for module in (commands, changes):
        monkeypatch.setattr(module, "started", lambda _: Service(None, opened))  # type: ignore[arg-type]  # no command reads the settings
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


def test_somebody_is_put_on_call_and_the_change_is_dropped_by_its_number(deps: Deps) -> None:
    put = run("put", "backup", "noor", "2026-03-10T18:00", "2026-03-10T20:00")

    listed = run("list")[1]
    dropped = run("drop", "duty", "1"), run("drop", "duty", "1")

    assert put == (0, "Put on call.\n")
    assert listed == "duty 1: backup Noor Haddad Tue 10 Mar 18:00 - Tue 10 Mar 20:00\n"
    assert dropped == (
        (0, "Dropped.\n"),
        (1, "Error: There is no such change; somebody may have removed it.\n"),
    )


def test_two_swap_and_a_shift_is_listed(deps: Deps) -> None:
    run("put", "backup", "noor", "2026-03-11T08:00", "2026-03-11T10:00")

    swapped = run(
        *("swap", "nadia", "2026-03-10T18:00", "2026-03-10T20:00"),
        *("noor", "2026-03-11T08:00", "2026-03-11T10:00"),
    )
    run("shift", "doctor", "noor", "mon", "19:00", "07:00")

    assert swapped[1].splitlines() == [
        "Tue 10 Mar 18:00 - Tue 10 Mar 20:00  nurse: Noor Haddad",
        "Wed 11 Mar 08:00 - Wed 11 Mar 10:00  backup: Nadia Osei",
    ]
    assert run("list")[1].splitlines()[0] == "shift 1: doctor Noor Haddad mon 19:00-07:00"


def test_the_roster_goes_out_as_a_calendar_and_comes_in_as_one(deps: Deps, tmp_path: Path) -> None:
    file = tmp_path / "roster.ics"
    printed, written = run("export"), run("export", str(file))

    imported = run("import", str(file))
    file.write_text("nadia, monday")

    assert printed[1].startswith("BEGIN:VCALENDAR")
    assert written == (0, f"Written to {file}.\n")
    assert imported == (0, "1 imported, the last until Mon 04 May 19:00.\n")
    assert run("import", str(file)) == (
        1,
        "Error: It is no iCalendar file. Export the roster as .ics, and try again.\n",
    )
