"""Judge a reading: every rule whose condition holds fires, and the highest disposition wins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from service.core.findings import Judgement
from service.core.triage.book import ALWAYS, Row, RuleBook
from service.core.triage.facts import Facts
from service.core.triage.rule import Condition, Limit
from service.core.words import Disposition

# What a reply gets that no rule speaks of: a person cannot have been understood to be well.
UNSPOKEN = Disposition.UNCLEAR


def judge(facts: Facts, book: RuleBook) -> Judgement:
    """Return the highest disposition that any rule asks for, and every rule that fired, highest first."""
    fired: set[int] = set()
    kind, reading = facts.asked.kind, facts.reading
    for finding in reading.findings:
        _fire(fired, book.about(kind, finding), facts)
    brought_up = book.brought_up(kind)
    for need in (ALWAYS, reading.answer, reading.intent, *facts.measures, *facts.signs):
        if need in brought_up:
            _fire(fired, brought_up[need], facts)
    if not fired:
        return Judgement(UNSPOKEN, ())
    # What the rules led to so far brings up others, such as an urgent matter with nobody on call.
    sign = f"disposition.{book.ranked[min(fired)].then}"
    if sign in brought_up:
        _fire(fired, brought_up[sign], replace(facts, signs=facts.signs | {sign}))
    rules = [book.ranked[place] for place in sorted(fired)]
    return Judgement(rules[0].then, tuple([rule.id for rule in rules]))


def _fire(fired: set[int], rows: Iterable[Row], facts: Facts) -> None:
    signs = facts.signs
    for place, company, condition in rows:
        if not (company and company.isdisjoint(signs)) and place not in fired and _holds(condition, facts):
            fired.add(place)


def _holds(condition: Condition, facts: Facts) -> bool:
    """Return whether all holds that the book has not looked at when it filed the condition."""
    return (
        condition.together_all <= facts.signs
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
