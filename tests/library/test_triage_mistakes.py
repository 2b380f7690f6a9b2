"""A mistake in the lexicon or the rules is refused with its file, its line and a sentence; the shipped ones have none."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from service.library.errors import LibraryError
from service.library.triage import check_triage, fingerprint, load_triage

SHIPPED = Path("schedules")
RULE = """rules:
- id: T9
  when: {symptom: headache}
  then: callback
  because: It is only a test.
  source: S01
  basis: C
  approved_by: null
  examples: {fires: [headache], silent: [none]}
"""


@pytest.fixture
def schedules(tmp_path: Path) -> Path:
    for name in ("lexicon", "rules"):
        shutil.copytree(SHIPPED / name, tmp_path / name)
    return tmp_path


def complaints(folder: Path, *, with_examples: bool = False) -> list[str]:
    with pytest.raises(LibraryError) as caught:
        check_triage(folder) if with_examples else load_triage(folder)
    return [f"{p.path.name}:{p.line} {p.sentence}" for p in caught.value.problems]


def test_the_shipped_rules_do_what_their_examples_say() -> None:
    guide = check_triage(SHIPPED)

    assert len(guide.rules.rules) > 100
    assert all(rule.because and rule.source for rule in guide.rules.rules)


def test_no_shipped_rule_claims_a_clinicians_approval() -> None:
    assert {rule.approved_by for rule in load_triage(SHIPPED).rules.rules} == {None}


@pytest.mark.parametrize(
    ("change", "line", "sentence"),
    [
        (
            ("symptom: headache", "symptom: headach"),
            3,
            "names 'headach', which is no symptom of the lexicon.",
        ),
        (
            ("{symptom: headache}", "{symptom: headache, any_of: [purple]}"),
            3,
            "names the feature 'purple', which no phrase of the lexicon has: the rule could never fire for it.",
        ),
        (
            ("{symptom: headache}", "{symptom: headache, together_any: [moonlight]}"),
            3,
            "names the sign 'moonlight', which nothing brings up: the rule could never fire for it.",
        ),
        (
            ("{symptom: headache}", "{symptom: headache, over_hours: 48, up_to_hours: 24}"),
            3,
            "ends before it begins: up_to_hours must be more than over_hours.",
        ),
        (
            ("{symptom: headache}", "{measured: {systolic: {at_least: 180, below: 140}}}"),
            3,
            "asks for systolic of at least 180 and below 140: the rule is unreachable.",
        ),
        (("  source: S01\n", ""), 2, "is missing; add it."),
        (("id: T9", "id: S1"), 2, "is 'S1', as in spasm_headache.yaml; ids are unique."),
    ],
)
def test_a_mistake_in_a_rule_is_shown_where_it_stands(
    schedules: Path, change: tuple[str, str], line: int, sentence: str
) -> None:
    (schedules / "rules" / "zz.yaml").write_text(RULE.replace(*change), "utf-8")

    assert complaints(schedules) == [f"zz.yaml:{line} {sentence}"]


def test_a_rule_whose_example_fails_is_refused(schedules: Path) -> None:
    (schedules / "rules" / "zz.yaml").write_text(
        RULE.replace("fires: [headache]", "fires: [sunshine]"), "utf-8"
    )

    expected = "zz.yaml:2 should fire on 'sunshine' and does not do so."
    assert complaints(schedules, with_examples=True) == [expected]


@pytest.mark.parametrize(
    ("text", "line", "sentence"),
    [
        (
            "symptoms:\n  headache:\n    - says: |\n        fine words,\n        head (hurts\n",
            5,
            "'head (hurts' opens a parenthesis that is never closed.",
        ),
        ("idioms: |\n  ?nothing\n", 2, "'?nothing' has a '?' after nothing."),
        ("idioms: a <nowhere> word\n", 1, "there is no set <nowhere>."),
        ("symptoms:\n  toothache:\n    - says: ow\n", 2, None),
        ("colours: red\n", 1, "is not a field known here; check its spelling or remove it."),
    ],
)
def test_a_mistake_in_the_lexicon_is_shown_where_it_stands(
    schedules: Path, text: str, line: int, sentence: str | None
) -> None:
    (schedules / "lexicon" / "zz.yaml").write_text(text, "utf-8")

    (found,) = complaints(schedules)

    place, _, said = found.partition(" ")
    assert place == f"zz.yaml:{line}"
    assert said == sentence or (sentence is None and said.startswith("is no symptom named under `names`"))


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    assert complaints(tmp_path) == ["lexicon:1 is missing; triage needs it."]


def test_the_version_changes_with_every_word(schedules: Path) -> None:
    before = fingerprint(schedules)

    with (schedules / "lexicon" / "shared.yaml").open("a", encoding="utf-8") as file:
        file.write("# a word\n")

    assert fingerprint(schedules) != before == fingerprint(SHIPPED)
