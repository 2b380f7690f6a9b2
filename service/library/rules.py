"""The rule files in `schedules/rules/`, validated: unknown words, overlaps and missing sources with file and line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

from service.core.findings import NOTHING_KNOWN, Answer, Status
from service.core.triage.knowable import Knowable
from service.core.triage.rule import Basis, Condition, Example, Grade, Limit, Rule
from service.core.words import Asked, AskedKind, Disposition, Intent
from service.library.errors import LibraryError, Problem
from service.library.known import KNOWN_FILE, KnownRow, facts_used
from service.library.source import Place, Source, read_yaml, validated


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
    known: KnownRow | None = None

    @field_validator("asked")
    @classmethod
    def _is_a_question(cls, asked: str) -> str:
        return str(Asked.parse(asked))


class _ExamplesRow(_Strict):
    fires: tuple[_ExampleRow, ...]
    silent: tuple[_ExampleRow, ...]

    @field_validator("fires", "silent", mode="before")
    @classmethod
    def _text_alone_or_more(cls, rows: Any) -> Any:
        return (
            [{"text": row} if isinstance(row, str) else row for row in rows]
            if isinstance(rows, list)
            else rows
        )


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


def _example(row: _ExampleRow, *, fires: bool) -> Example:
    known = row.known.facts() if row.known else NOTHING_KNOWN
    return Example(row.text, row.asked, row.hours, fires, known)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What a rule may speak of: the symptoms, features and facts that the lexicon finds, and what may be known."""

    symptoms: frozenset[str]
    features: frozenset[str]
    facts: frozenset[str]
    knowable: Knowable

    def knows_sign(self, sign: str) -> bool:
        """Return whether something can ever bring up the sign: a symptom, a feature of one, or a fact."""
        subject, dot, detail = sign.partition(".")
        if not dot and (subject in self.symptoms or subject in self.facts):
            return True
        if subject in self.symptoms:
            return detail in self.features or detail in [*Grade] or detail in _HISTORY
        return self.knowable.has_sign(sign) or (subject == "disposition" and detail in [*Disposition])


_HISTORY: Final = frozenset({"again", "after_infusions"})


def load_rules(folder: Path, vocabulary: Vocabulary) -> tuple[Rule, ...]:
    """Return the rules of a folder; raise LibraryError with every problem of every file."""
    rules: list[Rule] = []
    problems: list[Problem] = []
    seen: dict[str, Source] = {}
    for path in sorted(folder.rglob("*.yaml")):
        if path.name == KNOWN_FILE:
            continue
        try:
            source = read_yaml(path)
            rows = validated(source, _RuleFile).rules
        except LibraryError as error:
            problems.extend(error.problems)
            continue
        for index, row in enumerate(rows):
            if row.id in seen:
                sentence = f"is {row.id!r}, as in {seen[row.id].path.name}; ids are unique."
                problems.append(source.problem(("rules", index, "id"), sentence))
            seen[row.id] = source
            rules.append(row.rule())
            place: Place = ("rules", index, "when")
            for condition in rules[-1].when:
                sentences = [*_unknown_words(condition, vocabulary), *_contradictions(condition)]
                problems.extend(source.problem(place, sentence) for sentence in sentences)
            problems.extend(_problems_of_examples(source, index, row, rules[-1], vocabulary))
    if not rules and not problems:
        problems.append(Problem(folder, 1, "(folder)", "holds no rules; add a .yaml file to it."))
    if problems:
        raise LibraryError(problems)
    return tuple(rules)


def _problems_of_examples(
    source: Source, index: int, row: _RuleRow, rule: Rule, vocabulary: Vocabulary
) -> Iterator[Problem]:
    """Yield a problem for each wrong name in what is known, and for each known fact that no example shows."""
    named: set[str] = set()
    unknowing = 0
    for side, examples in (("fires", row.examples.fires), ("silent", row.examples.silent)):
        for number, example in enumerate(examples):
            if example.known is None:
                unknowing += 1
                continue
            named |= example.known.named()
            place: Place = ("rules", index, "examples", side, number, "known")
            for sentence in example.known.unknown_names(vocabulary.knowable, vocabulary.symptoms):
                yield source.problem(place, sentence)
    used = frozenset[str]().union(*map(facts_used, rule.when))
    at: Place = ("rules", index, "examples")
    for fact in sorted(used - named):
        yield source.problem(
            at, f"show nothing of {fact!r}, which the rule looks at; add an example with it."
        )
    if used and not unknowing:
        yield source.problem(at, "are all of patients of whom something is known; add one without.")


def _unknown_words(condition: Condition, vocabulary: Vocabulary) -> Iterator[str]:
    named = condition.about | ({condition.symptom} if condition.symptom else set())
    for symptom in sorted(named - vocabulary.symptoms):
        yield f"names {symptom!r}, which is no symptom of the lexicon."
    for feature in sorted((condition.any_of | condition.all_of | condition.none_of) - vocabulary.features):
        yield f"names the feature {feature!r}, which no phrase of the lexicon has: the rule could never fire for it."
    for sign in sorted(condition.together_any | condition.together_all | condition.together_none):
        if not vocabulary.knows_sign(sign):
            yield f"names the sign {sign!r}, which nothing brings up: the rule could never fire for it."


def _contradictions(condition: Condition) -> Iterator[str]:
    """Yield why a condition can never hold, whatever a patient writes: the rule would be unreachable."""
    excluded = condition.none_of & condition.all_of or (
        condition.any_of and condition.any_of <= condition.none_of
    )
    if excluded:
        yield "asks for a feature that it also excludes: the rule is unreachable."
    if condition.together_none & condition.together_all:
        yield "asks for a sign that it also excludes: the rule is unreachable."
    over, up_to = condition.over_hours, condition.up_to_hours
    if over is not None and up_to is not None and over >= up_to:
        yield "ends before it begins: up_to_hours must be more than over_hours."
    for limit in condition.measured:
        if limit.at_least is not None and limit.below is not None and limit.at_least >= limit.below:
            yield f"asks for {limit.name} of at least {limit.at_least:g} and below {limit.below:g}: the rule is unreachable."
