"""Judge a reading: every rule whose condition holds fires, and the highest disposition wins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from service.core.findings import Finding, Judgement
from service.core.triage.book import ALWAYS, RuleBook
from service.core.triage.facts import Facts, grade
from service.core.triage.rule import Condition, Grade, Limit
from service.core.words import Disposition

# What a reply gets that no rule speaks of: a person cannot have been understood to be well.
UNSPOKEN = Disposition.UNCLEAR


def judge(facts: Facts, book: RuleBook) -> Judgement:
    """Return the highest disposition that any rule asks for, and every rule that fired, highest first."""
    fired: set[int] = set()
    for finding in facts.reading.findings:
        _judge_finding(finding, facts, book, fired)
    reading = facts.reading
    drawer = book.for_replies[facts.asked.kind]
    for need in (ALWAYS, reading.answer, reading.intent, *facts.measures, *facts.signs):
        for place, condition in drawer.get(need, ()):
            if place not in fired and _holds(condition, facts):
                fired.add(place)
    if not fired:
        return Judgement(UNSPOKEN, ())
    _add_consequences(fired, facts, book)
    rules = [book.ranked[place] for place in sorted(fired)]
    return Judgement(rules[0].then, tuple(rule.id for rule in rules))


def _judge_finding(finding: Finding, facts: Facts, book: RuleBook, fired: set[int]) -> None:
    drawer = book.for_findings.get((facts.asked.kind, finding.symptom, finding.status))
    if drawer is None:
        return
    graded = grade(finding)
    for need in (ALWAYS, graded, *finding.features):
        for place, condition in drawer.get(need, ()):
            if place not in fired and _speaks_of(condition, finding, graded) and _holds(condition, facts):
                fired.add(place)


def _add_consequences(fired: set[int], facts: Facts, book: RuleBook) -> None:
    """Add the rules that speak of what the others led to, such as an urgent matter with nobody on call."""
    sign = f"disposition.{book.ranked[min(fired)].then}"
    rows = book.for_replies[facts.asked.kind].get(sign, ())
    if rows:
        led_to = replace(facts, signs=facts.signs | {sign})
        fired.update([place for place, condition in rows if _holds(condition, led_to)])


def _speaks_of(condition: Condition, finding: Finding, graded: Grade) -> bool:
    features = finding.features
    return (
        (not condition.grades or graded in condition.grades)
        and (not condition.any_of or not condition.any_of.isdisjoint(features))
        and condition.all_of <= features
        and condition.none_of.isdisjoint(features)
    )


def _holds(condition: Condition, facts: Facts) -> bool:
    return (
        (not condition.together_any or not condition.together_any.isdisjoint(facts.signs))
        and condition.together_all <= facts.signs
        and condition.together_none.isdisjoint(facts.signs)
        and (not condition.about or facts.asked.symptom in condition.about)
        and (not condition.answer or facts.reading.answer in condition.answer)
        and (not condition.intent or facts.reading.intent in condition.intent)
        and (not condition.measured or all(_within(limit, facts.measures) for limit in condition.measured))
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
