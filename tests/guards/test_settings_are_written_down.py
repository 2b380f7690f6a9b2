"""Every setting that the service reads is described, and the deployment asks for each that it needs."""

import ast
import json
import re

from source_code import ROOT, python_files

from service.config import Settings

# The demo starts the service's processes, and passes them their environment.
_PASSES_AN_ENVIRONMENT_ON = ("service/cli/", "service/simulator/")


def test_every_setting_is_described_and_every_description_is_of_a_setting() -> None:
    rows = (ROOT / "docs/settings.md").read_text().splitlines()
    described = [match.group(1) for row in rows if (match := re.match(r"\| `([A-Z_]+)` \|", row))]

    assert sorted(described) == sorted(name.upper() for name in Settings.model_fields)


def test_the_deployment_asks_for_every_setting_without_a_default_and_for_no_other_word() -> None:
    asked = set(json.loads((ROOT / "app.json").read_text())["env"])
    needed = {name.upper() for name, field in Settings.model_fields.items() if field.is_required()}

    assert needed - asked == set()
    assert asked - {name.upper() for name in Settings.model_fields} == set()


def test_the_environment_is_read_in_one_place() -> None:
    reading = {
        file.name
        for file in python_files("service")
        for node in ast.walk(file.tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("os.environ", "os.getenv", "os.environb")
    }

    assert [name for name in reading if not name.startswith(_PASSES_AN_ENVIRONMENT_ON)] == []
