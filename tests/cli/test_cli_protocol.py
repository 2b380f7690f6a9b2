"""`dripline protocol` and `dripline templates` as somebody at a terminal meets them."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.cli.protocol import protocol
from service.cli.templates import templates

ROOT = Path(__file__).parents[2]


@pytest.fixture
def schedules(tmp_path: Path) -> Path:
    """A copy of the protocols that a test may spoil."""
    folder = tmp_path / "schedules"
    folder.mkdir()
    for path in (ROOT / "schedules").glob("*.yaml"):
        shutil.copy(path, folder)
    return folder


def run(*arguments: object) -> Result:
    return CliRunner().invoke(protocol, [str(argument) for argument in arguments])


def change(path: Path, old: str, new: str) -> int:
    """Replace the first place of `old` in a file; return its line."""
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def test_check_passes_the_shipped_protocols() -> None:
    result = run("check")

    assert result.exit_code == 0
    assert result.output.splitlines() == [
        "bladder-watch, version 1: 3 steps, fine.",
        "ketamine-induction, version 1: 5 steps, fine.",
        "ketamine-infusion, version 1: 4 steps, fine.",
        "ketamine-pain-multiday, version 1: 5 steps, fine.",
    ]


def test_check_names_the_infusions_whose_check_in_the_night_takes(schedules: Path) -> None:
    change(schedules / "ketamine-infusion.yaml", "window: 10 h", "window: 4 h")

    result = run("check", "--schedules", schedules)

    assert result.exit_code == 0
    assert result.output.splitlines()[2:4] == [
        "ketamine-infusion, version 1: 4 steps, fine.",
        "  4h is never sent after infusions that end 19:30 to 00:00: the night takes it.",
    ]


def test_check_lists_mistakes_of_all_files_with_file_line_and_field(schedules: Path) -> None:
    window = change(schedules / "ketamine-infusion.yaml", "window: 10 h", "window: ten")
    symptom = change(schedules / "bladder-watch.yaml", "asks: [memory]", "asks: [memmory]")

    result = run("check", "--schedules", schedules)

    assert result.exit_code == 1
    first, second = result.output.splitlines()
    assert first.startswith(
        f"Error: {schedules / 'bladder-watch.yaml'}:{symptom}: steps[1].asks[0] is 'memmory'"
    )
    assert second.startswith(
        f"{schedules / 'ketamine-infusion.yaml'}:{window}: steps[0].window is 'ten'; write"
    )


def test_show_draws_the_steps_and_the_ladders() -> None:
    result = run("show", "ketamine-infusion")

    assert result.exit_code == 0
    lines = result.output.splitlines()
    assert lines[:2] == [
        "ketamine-infusion, version 1: After a single infusion",
        "Quiet hours 21:00-08:00. Check-ins less than 12 h apart become one.",
    ]
    assert [line.split()[1:4] for line in lines if "├─" in line] == [
        ["+4", "h", "4h"],
        ["+1", "d", "24h"],
        ["+3", "d", "72h"],
        ["+7", "d", "7d"],
    ]
    assert "    +5 min    backup: text at +5 min, call at +6 min" in lines


def test_show_draws_the_plan_of_infusions_with_what_was_merged_and_moved() -> None:
    result = run(
        *("show", "ketamine-induction", "--zone", "America/Chicago"),
        *("--infusion", "2026-05-04 15:00", "--infusion", "2026-05-07 19:30"),
    )

    plan = result.output[result.output.index("Plan in America/Chicago") :].splitlines()
    assert plan[1:13] == [
        "  Mon 2026-05-04",
        "    15:00  infusion 1 ends",
        "    19:00  1/4h",
        "  Tue 2026-05-05",
        "    15:00  1/24h",
        "  Thu 2026-05-07",
        "    15:00  1/72h",
        "    19:30  infusion 2 ends",
        "  Fri 2026-05-08",
        "    08:00  2/4h  Moved from 2026-05-07 23:30 to the morning: quiet hours.",
        "    19:30  2/24h",
        "  Sun 2026-05-10",
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("show", "ketamin"), "There is no protocol 'ketamin'; there are bladder-watch, ketamine-induction"),
        (("show", "bladder-watch", "--zone", "Chicago"), "'Chicago' is no time zone; write one such as"),
        (("show", "bladder-watch", "--infusion", "yesterday"), "'yesterday' does not match the format"),
    ],
)
def test_a_mistake_at_the_terminal_gets_a_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    result = run(*arguments)

    assert result.exit_code != 0
    assert sentence in result.output


def test_compare_says_what_a_new_version_changes(schedules: Path) -> None:
    old, new = ROOT / "schedules" / "ketamine-infusion.yaml", schedules / "ketamine-infusion.yaml"
    change(new, "window: 20 h", "window: 16 h")
    change(new, "acknowledge_within: 15 min", "acknowledge_within: 12 min")
    change(new, "version: 1", "version: 2")

    result = run("compare", old, new)

    assert result.output.splitlines() == [
        "steps.24h.window: 20 h -> 16 h",
        "ladders.urgent.acknowledge_within: 15 min -> 12 min",
    ]


def test_compare_of_a_file_with_itself_finds_nothing() -> None:
    same = ROOT / "schedules" / "bladder-watch.yaml"

    assert (
        run("compare", same, same).output
        == "No difference that a patient or a member of staff would notice.\n"
    )


def test_templates_check_prints_a_line_for_each_message() -> None:
    result = CliRunner().invoke(templates, ["check"])

    assert result.exit_code == 0
    texts, speech, verdict = result.output.strip().split("\n\n")
    assert texts.splitlines()[0].split() == ["text", "signs", "parts", "encoding", "grade"]
    assert speech.splitlines()[0].split() == ["speech", "words", "grade"]
    for table in (texts, speech):
        urgent = [line.split()[:2] for line in table.splitlines() if line.startswith("reply_urgent")]
        assert urgent == [["reply_urgent", "en"], ["reply_urgent", "es"]]
    count_of_texts, count_of_speech = texts.count("\n"), speech.count("\n")
    assert verdict == f"{count_of_texts} texts and {count_of_speech} spoken messages, fine."


def test_templates_check_fails_on_a_message_that_must_not_leave(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    for name in ("texts", "voice"):
        shutil.copytree(ROOT / "templates" / name, folder / name)
    (folder / "texts" / "en" / "recheck.txt").write_text("{{ clinic }}: How is your {{ diagnosis }}?")
    (folder / "texts" / "es" / "digest.txt").unlink()

    missing = CliRunner().invoke(templates, ["check", "--templates", str(folder)])
    (folder / "texts" / "en" / "digest.txt").unlink()
    unknown = CliRunner().invoke(templates, ["check", "--templates", str(folder)])

    assert (missing.exit_code, unknown.exit_code) == (1, 1)
    assert "es/digest.txt:1: (file) is missing; every message is in every language." in missing.output
    assert "recheck needs 'diagnosis', which is not given here" in unknown.output
