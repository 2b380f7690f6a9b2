"""Exporting and importing from a terminal: a file that only its passphrase opens, and sentences where it can't be done."""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.fernet import Fernet

from service.bootstrap import DEMO_ACCOUNT_SID
from service.cli import main

Dripline = Callable[..., Result]


@pytest.fixture
def dripline(sqlite_template: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Dripline:
    """Run a command in a deployment that stands in the file "here" or "there", each with keys of its own."""
    settings = {
        "PUBLIC_BASE_URL": "http://127.0.0.1:9",
        "SECRET_KEY": "s" * 40,
        "TWILIO_ACCOUNT_SID": DEMO_ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": "a token",
        "TWILIO_FROM_NUMBER": "+12025550100",
        "TWILIO_API_URL": "http://127.0.0.1:9",
        "LOG_LEVEL": "ERROR",
        "DRIPLINE_PASSPHRASE": "a passphrase for this test",
    }
    keys = {place: Fernet.generate_key().decode() for place in ("here", "there")}
    for place in keys:
        shutil.copy(sqlite_template, tmp_path / f"{place}.db")

    def run(place: str, *words: str, **more: str) -> Result:
        for name, value in (settings | more).items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / place}.db")
        monkeypatch.setenv("ENCRYPTION_KEYS", keys[place])
        monkeypatch.setenv("LOOKUP_KEY", place * 10)
        return CliRunner().invoke(main, words)

    return run


@pytest.fixture
def file(dripline: Dripline, tmp_path: Path) -> Path:
    """An export of a clinic with one patient."""
    clinic = ("clinic", "set", "--name", "Willow Clinic", "--phone", "(202) 555-0199")
    ana = ("patient", "enrol", "--name", "Ana Example", "--phone", "(202) 555-0121", "--consent")
    made = tmp_path / "clinic.dripline"
    for words in ((*clinic, "--zone", "America/Chicago"), ana, ("export", str(made))):
        done = dripline("here", *words)
        assert done.exit_code == 0, done.output
    return made


def test_a_clinic_moves_to_another_database_with_other_keys(dripline: Dripline, file: Path) -> None:
    moved = dripline("there", "import", str(file))
    again = dripline("there", "patient", "enrol", "--name", "Ana E", "--phone", "202 555 0121", "--consent")

    assert moved.output.startswith(
        "The database now holds 1 patients, 0 messages received, 1 messages of ours,"
    )
    assert moved.exit_code == 0
    assert again.output == "Enrolled as patient 2.\n"


def test_only_its_owner_may_read_an_export_and_none_is_written_over(dripline: Dripline, file: Path) -> None:
    before = file.read_bytes()

    again = dripline("here", "export", str(file))

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (again.exit_code, file.read_bytes()) == (1, before)
    assert again.output == f"Error: {file} is there already; name another file.\n"


def test_another_passphrase_imports_nothing_and_says_so(dripline: Dripline, file: Path) -> None:
    refused = dripline("there", "import", str(file), DRIPLINE_PASSPHRASE="another passphrase")

    assert (refused.exit_code, refused.output) == (
        1,
        "Error: Nothing was imported. The passphrase is not the one that this file was made with.\n",
    )


def test_a_short_passphrase_is_refused_before_anything_is_written(dripline: Dripline, tmp_path: Path) -> None:
    refused = dripline("here", "export", str(tmp_path / "short"), DRIPLINE_PASSPHRASE="drip")

    assert (refused.exit_code, refused.output) == (1, "Error: A passphrase needs 12 characters or more.\n")
    assert not (tmp_path / "short").exists()


def test_an_export_that_fails_leaves_no_file(dripline: Dripline, file: Path, tmp_path: Path) -> None:
    shutil.copy(tmp_path / "here.db", tmp_path / "there.db")

    failed = dripline("there", "export", str(tmp_path / "other"))

    assert failed.exit_code == 1
    assert failed.output.startswith("Error: Nothing was exported: A sealed column was written with a key")
    assert sorted(path.name for path in tmp_path.glob("other*")) == []
