"""The rule files in `schedules/rules/`, validated: unknown words, overlaps and missing sources with file and line."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from service.core.findings import Answer, Status
from service.core.triage.rule import Basis, Condition, Example, Grade, Limit, Rule
from service.core.words import Asked, AskedKind, Disposition, Intent
from service.library.errors import LibraryError, Problem
from service.library.source import Source, read_yaml, validated


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _LimitRow(_Strict):
    at_least: float | None = None
    below: float | None = None


class _ConditionRow(_Strict):
    symptom: str | None = None
    status: tuple[Status, ...] = (Status.PRESENT,)
    grade: tuple[Grade, ...] = ()
    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    together_any: tuple[str, ...] = ()
    together_all: tuple[str, ...] = ()
    together_none: tuple[str, ...] = ()
    over_hours: float | None = Field(default=None, ge=0)
    up_to_hours: float | None = Field(default=None, gt=0)
    measured: dict[str, _LimitRow] = {}
    asked: tuple[AskedKind, ...] = ()
    about: tuple[str, ...] = ()
    answer: tuple[Answer, ...] = ()
    intent: tuple[Intent, ...] = ()

    def condition(self) -> Condition:
        """Return the row as the core's value."""
        return Condition(
            symptom=self.symptom,
            status=frozenset(self.status),
            grades=frozenset(self.grade),
            any_of=frozenset(self.any_of),
            all_of=frozenset(self.all_of),
            none_of=frozenset(self.none_of),
            together_any=frozenset(self.together_any),
            together_all=frozenset(self.together_all),
            together_none=frozenset(self.together_none),
            over_hours=self.over_hours,
            up_to_hours=self.up_to_hours,
            measured=tuple(Limit(name, row.at_least, row.below) for name, row in self.measured.items()),
            asked=frozenset(self.asked),
            about=frozenset(self.about),
            answer=frozenset(self.answer),
            intent=frozenset(self.intent),
        )


class _ExampleRow(_Strict):
    text: str
    asked: str = "opening"
    hours: float = Field(default=24, ge=0)

    @field_validator("asked")
    @classmethod
    def _is_a_question(cls, asked: str) -> str:
        return str(Asked.parse(asked))


class _ExamplesRow(_Strict):
    fires: tuple[str | _ExampleRow, ...]
    silent: tuple[str | _ExampleRow, ...]


class _RuleRow(_Strict):
    id: str = Field(min_length=1)
    when: _ConditionRow | tuple[_ConditionRow, ...]
    then: Disposition
    because: str = Field(min_length=1)
    source: str = Field(min_length=1)
    basis: Basis
    approved_by: str | None
    examples: _ExamplesRow

    @field_validator("when", mode="before")
    @classmethod
    def _one_or_several(cls, when: Any) -> Any:
        return [when] if isinstance(when, dict) else when

    def rule(self) -> Rule:
        """Return the row as the core's value."""
        rows = self.when if isinstance(self.when, tuple) else (self.when,)
        examples = [_example(row, fires=True) for row in self.examples.fires]
        examples += [_example(row, fires=False) for row in self.examples.silent]
        return Rule(
            id=self.id,
            when=tuple(row.condition() for row in rows),
            then=self.then,
            because=self.because,
            source=self.source,
            basis=self.basis,
            approved_by=self.approved_by,
            examples=tuple(examples),
        )


class _RuleFile(_Strict):
    rules: tuple[_RuleRow, ...]


def _example(row: str | _ExampleRow, *, fires: bool) -> Example:
    if isinstance(row, str):
        return Example(row, fires=fires)
    return Example(row.text, row.asked, row.hours, fires)


def load_rules(folder: Path, symptoms: Iterable[str], features: Iterable[str]) -> tuple[Rule, ...]:
    """Return the rules of a folder; raise LibraryError with every problem of every file.

    `symptoms` are the codes and `features` the finer facts that the lexicon can find: a rule that speaks
    of anything else could never fire.
    """
    rules: list[Rule] = []
    problems: list[Problem] = []
    seen: dict[str, Source] = {}
    known, finer = frozenset(symptoms), frozenset(features)
    for path in sorted(folder.rglob("*.yaml")):
        try:
            source = read_yaml(path)
            rows = validated(source, _RuleFile).rules
        except LibraryError as error:
            problems.extend(error.problems)
            continue
        for index, row in enumerate(rows):
            if row.id in seen:
                other = seen[row.id].path.name
                problems.append(source.problem(("rules", index, "id"), f"is {row.id!r}, as in {other}; ids are unique."))
            seen[row.id] = source
            rules.append(row.rule())
            problems.extend(_unknown_words(source, index, rules[-1], known, finer))
    problems.extend([] if rules or problems else [Problem(folder, 1, "(folder)", "holds no rules; add a .yaml file.")])
    if problems:
        raise LibraryError(problems)
    return tuple(rules)


def _unknown_words(
    source: Source, index: int, rule: Rule, symptoms: frozenset[str], features: frozenset[str]
) -> Iterable[Problem]:
    for condition in rule.when:
        place = ("rules", index, "when")
        if condition.symptom is not None and condition.symptom not in symptoms:
            yield source.problem((*place, "symptom"), f"names {condition.symptom!r}, which is no symptom of the lexicon.")
        for about in sorted(condition.about - symptoms):
            yield source.problem((*place, "about"), f"names {about!r}, which is no symptom of the lexicon.")
        for feature in sorted((condition.any_of | condition.all_of | condition.none_of) - features):
            yield source.problem(place, f"names the feature {feature!r}, which no phrase of the lexicon has.")
