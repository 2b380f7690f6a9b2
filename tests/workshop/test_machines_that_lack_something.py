"""On a machine that lacks something, one sentence says what, and what to do; nothing is half done."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
_TOOLS = ("cat", "cmp", "dirname", "rm", "sh")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder with our scripts and a `bin` that is all that is found: no Python, no browser."""
    shutil.copytree(ROOT / "scripts", tmp_path / "scripts")
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "bin").mkdir()
    (tmp_path / ".venv/bin").mkdir(parents=True)
    for tool in _TOOLS:
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool) or tool)
    _put(tmp_path / "bin/id", "echo 1000")
    return tmp_path


def test_a_machine_without_python(machine: Path) -> None:
    refused = _run(machine, "scripts/venv", "requirements.txt")

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        "Dripline needs Python 3.11 or newer, and this machine has none that it can find "
        "(python3 is not there or does not start): install one from your system's packages, "
        "or name one: make run PYTHON=/path/to/python3.12\n"
    )


def test_a_machine_with_an_old_python(machine: Path) -> None:
    _pretend_python(machine, "python3", "sys.version_info = (3, 9, 2)")

    refused = _run(machine, "scripts/venv", "requirements.txt")

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        "Dripline needs Python 3.11 or newer, and this machine has none that it can find "
        "(python3 is 3.9): install one from your system's packages, "
        "or name one: make run PYTHON=/path/to/python3.12\n"
    )


def test_a_named_python_that_does_not_exist(machine: Path) -> None:
    refused = _run(machine, "scripts/venv", "requirements.txt", PYTHON="/nowhere/python3.12")

    assert refused.returncode == 1
    assert "(/nowhere/python3.12 is not there or does not start)" in refused.stderr


@pytest.mark.parametrize("missing", ["ensurepip", "venv"])
def test_a_python_without_its_venv_or_pip(machine: Path, missing: str) -> None:
    _pretend_python(machine, "python3", f"sys.version_info = (3, 12, 1); sys.modules['{missing}'] = None")

    refused = _run(machine, "scripts/venv", "requirements.txt")

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        "Python 3.12 is here, but without its venv and pip, which Debian and Ubuntu keep in a package "
        "of their own: install it (apt-get install python3.12-venv) and run the command again.\n"
    )


def test_an_old_python_is_passed_over_for_a_newer_one(machine: Path) -> None:
    _pretend_python(machine, "python3.12", "sys.version_info = (3, 10)")
    _put(machine / "bin/python3", f'exec {sys.executable} "$@"')
    (machine / "requirements.txt").write_text("a-package-that-is-nowhere==1.0 --hash=sha256:" + "0" * 64)

    refused = _run(machine, "scripts/venv", "requirements.txt", PIP_NO_INDEX="1")

    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    assert refused.stdout.splitlines()[0] == f"Building .venv with Python {version} ..."
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1] == (
        "The packages could not be installed and pip says why above: if it could not reach its package "
        "index, connect this machine to the network and run the command again; what is already there is kept."
    )
    assert not (machine / ".venv/installed-requirements.txt").exists()


def test_a_named_browser_that_does_not_start(machine: Path) -> None:
    refused = _run(machine, "scripts/browser", CHROMIUM="/nowhere/chromium")

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        "Browser: CHROMIUM names /nowhere/chromium, which does not start: "
        "name another, or unset it to let this script look.\n"
    )


def test_a_machine_where_playwright_does_not_start(machine: Path) -> None:
    refused = _run(machine, "scripts/browser")

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == (
        "Browser: Playwright, which drives it, does not start and says why in .venv/browser.log: "
        "install what it misses (on Debian and Ubuntu: apt-get install libatomic1) and run the command "
        "again.\n"
    )


def test_a_machine_where_no_browser_can_be_had(machine: Path) -> None:
    _put(machine / ".venv/bin/python", '[ "$3" = --version ]')

    refused = _run(machine, "scripts/browser")

    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.splitlines() == [
        "Browser: none on this machine; Playwright downloads its own ...",
        "Browser: the tests need Chromium, Chrome or Edge; none is here and none could be got "
        "(.venv/browser.log has the reasons): install one from your system's packages, "
        "or name one: CHROMIUM=/path/to/browser make test",
    ]


def test_a_browser_that_does_not_start_is_passed_over(machine: Path) -> None:
    _put(machine / ".venv/bin/python", "exit 0")
    _put(machine / "bin/chromium", "exit 127")
    _put(machine / "bin/google-chrome", "echo Google Chrome 140")

    found = _run(machine, "scripts/browser")

    assert (found.returncode, found.stdout) == (0, f"{machine}/bin/google-chrome\n")


def _pretend_python(machine: Path, name: str, preparation: str) -> None:
    """Put a Python on the machine that believes what the preparation says of it."""
    code = f"import sys; {preparation}; exec(sys.argv[2])"
    _put(machine / "bin" / name, f'exec {sys.executable} -c "{code}" "$@"')


def _put(command: Path, script: str) -> None:
    command.write_text(f"#!/bin/sh\n{script}\n")
    command.chmod(0o755)


def _run(machine: Path, *command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHON", "CHROMIUM")}
    return subprocess.run(
        command,
        cwd=machine,
        env={**kept, "PATH": f"{machine}/bin", **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
    )
