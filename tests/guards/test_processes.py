"""The Procfile's processes are ours, can be loaded, and start under the server that the Procfile names."""

import importlib
import os
import re
import subprocess
import sys
from pathlib import Path

from cryptography.fernet import Fernet
from source_code import ROOT

from service.config import DEMO_ACCOUNT_SID

_PROCESSES = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())


def test_the_procfile_has_the_three_processes_of_the_design() -> None:
    assert list(_PROCESSES) == ["release", "web", "clock"]


def test_every_module_that_the_procfile_runs_can_be_loaded_and_has_something_to_run() -> None:
    modules = [
        match.group(1) for run in _PROCESSES.values() if (match := re.search(r"python -m ([\w.]+)", run))
    ]

    assert modules == ["service.cli", "service.clock"]
    assert [module for module in modules if not callable(importlib.import_module(module).main)] == []


def test_gunicorn_accepts_the_web_process_and_loads_its_application(sqlite_url: str) -> None:
    checked = subprocess.run(
        ["sh", "-c", f"{_PROCESSES['web']} --check-config"],
        cwd=ROOT,
        env={
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PORT": "0",
            "DATABASE_URL": sqlite_url,
            "PUBLIC_BASE_URL": "http://127.0.0.1:8000",
            "SECRET_KEY": "s" * 32,
            "LOOKUP_KEY": "l" * 32,
            "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
            "TWILIO_ACCOUNT_SID": DEMO_ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": "t" * 32,
            "TWILIO_FROM_NUMBER": "+12025550100",
        },
        capture_output=True,
        text=True,
    )

    assert (checked.returncode, checked.stderr) == (0, "")
