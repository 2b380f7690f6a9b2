"""`dripline protocol diff`: whom an edited protocol would touch is said before it is in force, and nothing changes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from builders import a_clinic, a_patient, an_infusion, deps_for, settings_of_a_deployment
from click.testing import CliRunner

from service.cli import main
from service.cli.touching import touched_lines
from service.core.protocol import Protocol
from service.store import check_ins
from service.store.check_ins import CheckInState
from service.store.database import Store, open_store
from service.store.keyring import Keyring
from service.workflows.deps import Deps
from service.workflows.preview_protocols import whom_it_touches

ROOT = Path(__file__).parents[2]


@pytest.fixture
def store(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A database that the command finds through its environment."""
    settings = settings_of_a_deployment(sqlite_url)
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    opened = open_store(sqlite_url, Keyring(settings["ENCRYPTION_KEYS"], settings["LOOKUP_KEY"]))
    yield opened
    opened.close()


@pytest.fixture
def deps(store: Store) -> Deps:
    """Ana, whose infusion has ended just now, and Ben, who has had none."""
    made = deps_for(store)
    a_clinic(made)
    an_infusion(made, a_patient(made))
    a_patient(made, name="Ben Example", phone="+12025550124")
    return made


def edited(protocol: Protocol) -> Protocol:
    """Return the protocol with its second check-in an hour later, without the third, and with one more at the end."""
    first, second, _, last = protocol.steps
    one_more = replace(last, key="9d", after=timedelta(days=9))
    return replace(protocol, steps=(first, replace(second, after=timedelta(hours=25)), last, one_more))


def what_waits(store: Store) -> list[str]:
    with store.reading() as session:
        rows = check_ins.check_ins_of(session, 1)
        return [row.occurrence for row in rows if row.state == CheckInState.PLANNED]


def test_unedited_protocols_touch_nobody(deps: Deps) -> None:
    lines = list(touched_lines(whom_it_touches(deps, deps.library.protocols)))

    assert lines == ["It touches nobody: every check-in that waits stays as it is."]


def test_what_an_edit_adds_moves_and_cancels_is_said_for_each_patient_and_not_done(
    deps: Deps, store: Store
) -> None:
    before = what_waits(store)
    key = "ketamine-infusion"

    lines = list(
        touched_lines(
            whom_it_touches(deps, {**deps.library.protocols, key: edited(deps.library.protocols[key])})
        )
    )

    assert [" ".join(line.split()) for line in lines] == [
        "patient 1 (America/Chicago)",
        "added 1/9d Thu 2026-03-19 10:00, worth sending until Sat 2026-03-21 10:00",
        "moved 1/24h Wed 2026-03-11 11:00, worth sending until Thu 2026-03-12 07:00",
        "cancelled 1/72h Its infusion or its step is no longer there.",
        "",
        "It touches 1 patient: 1 check-in added, 1 moved, 1 cancelled.",
    ]
    assert what_waits(store) == before


def test_the_command_looks_at_the_clinics_own_database(deps: Deps, store: Store, tmp_path: Path) -> None:
    waits = what_waits(store)
    for name in ("bladder-watch", "ketamine-induction"):
        shutil.copy(ROOT / "schedules" / f"{name}.yaml", tmp_path)

    result = CliRunner().invoke(main, ["protocol", "diff", "--schedules", str(tmp_path)])

    assert result.exit_code == 0, result.output
    cancelled = [line.split()[1] for line in result.output.splitlines() if line.startswith("  cancelled")]
    assert sorted(cancelled) == sorted(waits)
    assert what_waits(store) == waits


def test_a_mistake_in_the_edited_files_is_said(deps: Deps, tmp_path: Path) -> None:
    source = (ROOT / "schedules" / "ketamine-infusion.yaml").read_text(encoding="utf-8")
    (tmp_path / "one.yaml").write_text(source.replace("window: 10 h", "window: ten"), encoding="utf-8")

    result = CliRunner().invoke(main, ["protocol", "diff", "--schedules", str(tmp_path)])

    assert result.exit_code == 1
    assert "steps[0].window is 'ten'" in result.output
