"""Rules may look at what is known of a patient, and then their examples must show it, name by name."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from service.library.errors import LibraryError
from service.library.known import facts_used
from service.library.triage import check_triage, load_triage

SHIPPED = Path("schedules")
RULE = """rules:
- id: T9
  when: {symptom: headache, together_any: [takes.maoi]}
  then: urgent
  because: It is only a test.
  source: S01
  basis: C
  approved_by: null
  examples:
    fires:
    - {text: headache, known: {takes: [maoi]}}
    silent:
    - headache
"""


@pytest.fixture
def schedules(tmp_path: Path) -> Path:
    for name in ("lexicon", "rules"):
        shutil.copytree(SHIPPED / name, tmp_path / name)
    return tmp_path


def complaints(folder: Path) -> list[str]:
    with pytest.raises(LibraryError) as caught:
        check_triage(folder)
    return [f"{p.path.name}:{p.line} {p.sentence}" for p in caught.value.problems]


def test_an_example_may_say_what_is_known(schedules: Path) -> None:
    (schedules / "rules" / "zz.yaml").write_text(RULE, "utf-8")

    assert "T9" in {rule.id for rule in check_triage(schedules).rules.rules}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (
            ("together_any: [takes.maoi]", "together_any: [takes.maio]"),
            [
                "zz.yaml:3 names the sign 'takes.maio', which nothing brings up: the rule could never fire for it.",
                "zz.yaml:9 show nothing of 'takes.maio', which the rule looks at; add an example with it.",
            ],
        ),
        (
            ("known: {takes: [maoi]}", "known: {takes: [maoi, tea]}"),
            ["zz.yaml:11 takes 'tea', which is no group of medicines in known.yaml."],
        ),
        (
            ("known: {takes: [maoi]}", "known: {takes: [maoi], has: [luck], again: [luck]}"),
            [
                "zz.yaml:11 has 'luck', which is no condition in known.yaml.",
                "zz.yaml:11 names 'luck', which is no symptom of the lexicon.",
            ],
        ),
        (
            ("known: {takes: [maoi]}", "known: {takes: [maoi], shoe: 9}"),
            ["zz.yaml:11 is not a field known here; check its spelling or remove it."],
        ),
        (
            ("{text: headache, known: {takes: [maoi]}}", "{text: headache}"),
            ["zz.yaml:9 show nothing of 'takes.maoi', which the rule looks at; add an example with it."],
        ),
        (
            ("    - headache\n", "    - {text: headache, known: {takes: []}}\n"),
            ["zz.yaml:9 are all of patients of whom something is known; add one without."],
        ),
        (
            ("    - headache\n", "    - headache\n    - {text: headache, known: {takes: [maoi]}}\n"),
            ["zz.yaml:2 should be silent on 'headache' and does not do so."],
        ),
    ],
)
def test_a_mistake_about_what_is_known_is_shown_where_it_stands(
    schedules: Path, change: tuple[str, str], complaint: list[str]
) -> None:
    assert change[0] in RULE
    (schedules / "rules" / "zz.yaml").write_text(RULE.replace(*change), "utf-8")

    assert complaints(schedules) == complaint


def test_two_meanings_of_one_name_are_refused(schedules: Path) -> None:
    groups = (
        "known:\n  medicines:\n    maoi: An MAOI\n    epilepsy: A pill\n  conditions:\n    maoi: A state\n"
    )
    (schedules / "rules" / "known.yaml").write_text(groups, "utf-8")

    said = "is a name that stands for something else already; names are unique."
    assert complaints(schedules) == [f"known.yaml:6 {said}", f"known.yaml:4 {said}"]


def test_every_group_that_the_clinic_can_fill_in_changes_some_rule() -> None:
    guide = load_triage(SHIPPED)
    used = frozenset[str]().union(
        *(facts_used(condition) for rule in guide.rules.rules for condition in rule.when)
    )
    offered = {f"takes.{name}" for name in guide.knowable.medicines}
    offered |= {f"has.{name}" for name in guide.knowable.conditions}

    assert offered - used == set()
