"""Judge a reading: every rule whose condition holds fires, and the highest disposition wins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.core.findings import Finding, Judgement
from service.core.triage.facts import Facts, grade
from service.core.triage.rule import Condition, Limit, Rule
from service.core.words import Disposition, highest

# What a reply gets that no rule speaks of: a person cannot have been understood to be well.
UNSPOKEN = Disposition.UNCLEAR


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules, sorted by the symptom they speak of so that a reply meets only those that concern it."""

    rules: tuple[Rule, ...]
    by_symptom: Mapping[str | None, tuple[tuple[Rule, Condition], ...]]


def rule_book(rules: tuple[Rule, ...]) -> RuleBook:
    """Return the rules as a book."""
    sorted_rules: dict[str | None, list[tuple[Rule, Condition]]] = {}
    for rule in rules:
        for condition in rule.when:
            sorted_rules.setdefault(condition.symptom, []).append((rule, condition))
    return RuleBook(rules, {symptom: tuple(found) for symptom, found in sorted_rules.items()})


def judge(facts: Facts, book: RuleBook) -> Judgement:
    """Return the highest disposition that any rule asks for, and every rule that fired, highest first."""
    fired: dict[str, Rule] = {}
    for finding in facts.reading.findings:
        for rule, condition in book.by_symptom.get(finding.symptom, ()):
            if rule.id not in fired and _speaks_of(condition, finding) and _holds(condition, facts):
                fired[rule.id] = rule
    for rule, condition in book.by_symptom.get(None, ()):
        if rule.id not in fired and _holds(condition, facts):
            fired[rule.id] = rule
    in_order = sorted(fired.values(), key=lambda rule: (-rule.then.rank, rule.id))
    disposition = highest(*(rule.then for rule in in_order)) if in_order else UNSPOKEN
    return Judgement(disposition, tuple(rule.id for rule in in_order))


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
        _in_time(condition, facts.hours)
        and (not condition.asked or facts.asked.kind in condition.asked)
        and (not condition.about or facts.asked.symptom in condition.about)
        and (not condition.answer or facts.reading.answer in condition.answer)
        and (not condition.intent or facts.reading.intent in condition.intent)
        and (not condition.together_any or not condition.together_any.isdisjoint(facts.signs))
        and condition.together_all <= facts.signs
        and condition.together_none.isdisjoint(facts.signs)
        and all(_within(limit, facts.measures) for limit in condition.measured)
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
