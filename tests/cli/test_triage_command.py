"""`dripline triage` and `dripline rules check`, as a person and as another program use them."""

from __future__ import annotations

import json
import subprocess
import sys

from click.testing import CliRunner

from service.cli.rules import rules
from service.cli.triage import triage

LINE = {
    "id": "a1",
    "asked": "opening",
    "hours": 24,
    "lang": "en",
    "text": "No spasms but my head is pounding, 7",
}


def test_a_line_of_json_becomes_one_reading() -> None:
    result = CliRunner().invoke(triage, input=json.dumps(LINE) + "\n")

    assert result.exit_code == 0
    reading = json.loads(result.stdout)
    assert list(reading) == ["id", "disposition", "intent", "findings", "rules"]
    assert (reading["id"], reading["disposition"], reading["intent"]) == ("a1", "urgent", "report")
    head = {finding["symptom"]: finding for finding in reading["findings"]}["headache"]
    assert (head["status"], head["severity"]) == ("present", 7)
    assert head["evidence"] == [{"start": 17, "end": 33, "text": "head is pounding"}]
    assert reading["rules"][0] == "H4"


def test_a_malformed_line_is_named_and_the_others_are_read() -> None:
    lines = [
        json.dumps(LINE),
        "{oh no",
        json.dumps({**LINE, "id": "a2", "asked": "tomorrow"}),
        json.dumps({**LINE, "id": "a3"}),
    ]

    result = CliRunner().invoke(triage, input="\n".join(lines))

    assert result.exit_code == 1
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == ["a1", "a3"]
    assert [line.split(":")[0] for line in result.stderr.splitlines()] == ["line 2", "line 3"]


def test_one_reply_is_explained_for_a_person() -> None:
    result = CliRunner().invoke(triage, ["me duele el pecho", "--lang", "es"])

    assert result.exit_code == 0
    first, second = result.stdout.splitlines()[:2]
    assert first == "EMERGENCY  (intent: report)"
    assert second == "  dolor de pecho o palpitaciones: present, read in “me duele el pecho” (0-17) [pain]"
    assert "not yet approved by a clinician" in result.stdout


def test_the_rules_print_as_a_table_to_sign() -> None:
    result = CliRunner().invoke(rules, ["check"])

    assert result.exit_code == 0
    assert (
        "| S3 | spasm, severe — or spasm, cannot move | urgent | B | S44, S46, S47 | not yet |"
        in result.stdout
    )
    assert "not approved by a clinician yet" in result.stdout.splitlines()[-1]


def test_the_module_reads_from_a_pipe() -> None:
    command = [sys.executable, "-m", "service.cli", "triage"]

    done = subprocess.run(command, input=json.dumps(LINE), capture_output=True, text=True, check=True)

    assert json.loads(done.stdout)["id"] == "a1"
