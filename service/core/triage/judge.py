"""Judge a reading: every rule whose condition holds fires, and the highest disposition wins."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from service.core.findings import Finding, Judgement
from service.core.triage.facts import Facts, grade
from service.core.triage.rule import Condition, Limit, Rule
from service.core.words import AskedKind, Disposition, highest

# What a reply gets that no rule speaks of: a person cannot have been understood to be well.
UNSPOKEN = Disposition.UNCLEAR


# What brings a condition up: the kind of question, and one thing that must be there for it to hold.
Trigger = tuple[AskedKind, str]
_ALWAYS: Final = ""


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules, filed by what triggers them so that a reply meets only those that may concern it."""

    rules: tuple[Rule, ...]
    by_trigger: Mapping[Trigger, tuple[tuple[Rule, Condition], ...]]


def rule_book(rules: tuple[Rule, ...]) -> RuleBook:
    """Return the rules as a book."""
    filed: dict[Trigger, list[tuple[Rule, Condition]]] = {}
    for rule in rules:
        for condition in rule.when:
            for kind in condition.asked or AskedKind:
                for trigger in _triggers(condition):
                    filed.setdefault((kind, trigger), []).append((rule, condition))
    return RuleBook(rules, {trigger: tuple(found) for trigger, found in filed.items()})


def _triggers(condition: Condition) -> Iterable[str]:
    if condition.symptom is not None:
        return (f"symptom {condition.symptom}",)
    if condition.measured:
        return (f"measure {condition.measured[0].name}",)
    if condition.together_any or condition.together_all:
        return [f"sign {sign}" for sign in condition.together_any or tuple(condition.together_all)[:1]]
    if condition.answer:
        return [f"answer {answer}" for answer in condition.answer]
    return [f"intent {intent}" for intent in condition.intent] or (_ALWAYS,)


def judge(facts: Facts, book: RuleBook) -> Judgement:
    """Return the highest disposition that any rule asks for, and every rule that fired, highest first."""
    fired: dict[str, Rule] = {}
    kind = facts.asked.kind
    for finding in facts.reading.findings:
        for rule, condition in book.by_trigger.get((kind, f"symptom {finding.symptom}"), ()):
            if rule.id not in fired and _speaks_of(condition, finding) and _holds(condition, facts):
                fired[rule.id] = rule
    for trigger in _other_triggers(facts):
        for rule, condition in book.by_trigger.get((kind, trigger), ()):
            if rule.id not in fired and _holds(condition, facts):
                fired[rule.id] = rule
    _add_consequences(fired, facts, book)
    in_order = sorted(fired.values(), key=lambda rule: (-rule.then.rank, rule.id))
    disposition = in_order[0].then if in_order else UNSPOKEN
    return Judgement(disposition, tuple(rule.id for rule in in_order))


def _add_consequences(fired: dict[str, Rule], facts: Facts, book: RuleBook) -> None:
    """Add the rules that speak of what the others led to, such as an urgent matter with nobody on call."""
    if not fired:
        return
    sign = f"disposition.{highest(*(rule.then for rule in fired.values()))}"
    for rule, condition in book.by_trigger.get((facts.asked.kind, f"sign {sign}"), ()):
        if _holds(condition, replace(facts, signs=facts.signs | {sign})):
            fired[rule.id] = rule


def _other_triggers(facts: Facts) -> Iterator[str]:
    yield _ALWAYS
    yield f"answer {facts.reading.answer}"
    yield f"intent {facts.reading.intent}"
    for name in facts.measures:
        yield f"measure {name}"
    for sign in facts.signs:
        yield f"sign {sign}"


def _speaks_of(condition: Condition, finding: Finding) -> bool:
    features = finding.features
    return (
        finding.status in condition.status
        and (not condition.grades or grade(finding) in condition.grades)
        and (not condition.any_of or not condition.any_of.isdisjoint(features))
        and condition.all_of <= features
        and condition.none_of.isdisjoint(features)
    )


def _holds(condition: Condition, facts: Facts) -> bool:
    return (
        (not condition.measured or all(_within(limit, facts.measures) for limit in condition.measured))
        and (not condition.about or facts.asked.symptom in condition.about)
        and (not condition.answer or facts.reading.answer in condition.answer)
        and (not condition.intent or facts.reading.intent in condition.intent)
        and (not condition.together_any or not condition.together_any.isdisjoint(facts.signs))
        and condition.together_all <= facts.signs
        and condition.together_none.isdisjoint(facts.signs)
        and _in_time(condition, facts.hours)
    )


def _in_time(condition: Condition, hours: float) -> bool:
    if condition.over_hours is not None and not hours > condition.over_hours:
        return False
    return condition.up_to_hours is None or hours <= condition.up_to_hours


def _within(limit: Limit, measures: Mapping[str, float]) -> bool:
    value = measures.get(limit.name)
    if value is None:
        return False
    above = limit.at_least is None or value >= limit.at_least
    return above and (limit.below is None or value < limit.below)
