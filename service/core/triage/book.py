"""The rules, filed by what must be there for them to fire, so that a reply meets only those that may concern it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final

from service.core.findings import Finding, Status
from service.core.triage.facts import grade
from service.core.triage.rule import Condition, Grade, Rule
from service.core.words import AskedKind

# The place of a rule among those that are ranked highest first, the signs of which there must be one unless they
# are none, and the condition.
Row = tuple[int, frozenset[str], Condition]
# What brings up a condition that needs nothing more.
ALWAYS: Final = ""
# Of how many kinds of finding the conditions that speak of them are remembered.
_MOST_REMEMBERED: Final = 4096


class RuleBook:
    """The rules as they were written and ranked highest first, with their conditions filed."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        """Take the rules in the order in which they were written."""
        self.rules = rules
        self.ranked = tuple(sorted(rules, key=lambda rule: (-rule.then.rank, rule.id)))
        self._of_findings: dict[str, list[Row]] = {}
        self._of_replies: dict[AskedKind, dict[str, list[Row]]] = {kind: {} for kind in AskedKind}
        self._about = lru_cache(maxsize=_MOST_REMEMBERED)(self._about_such)
        for place, rule in enumerate(self.ranked):
            for condition in rule.when:
                self._file((place, condition.together_any or condition.together_all, condition), condition)

    def _file(self, row: Row, condition: Condition) -> None:
        if condition.symptom is not None:
            self._of_findings.setdefault(condition.symptom, []).append(row)
            return
        for kind in condition.asked or AskedKind:
            for need in _needs(condition):
                self._of_replies[kind].setdefault(need, []).append(row)

    def about(self, kind: AskedKind, finding: Finding) -> tuple[Row, ...]:
        """Return the conditions that speak of such a finding in answer to such a question."""
        return self._about(kind, finding.symptom, finding.status, grade(finding), finding.features)

    def _about_such(
        self, kind: AskedKind, symptom: str, status: Status, graded: Grade, features: frozenset[str]
    ) -> tuple[Row, ...]:
        return tuple(
            row
            for row in self._of_findings.get(symptom, ())
            if status in (condition := row[-1]).status
            and (not condition.asked or kind in condition.asked)
            and (not condition.grades or graded in condition.grades)
            and (not condition.any_of or not condition.any_of.isdisjoint(features))
            and condition.all_of <= features
            and condition.none_of.isdisjoint(features)
        )

    def brought_up(self, kind: AskedKind) -> Mapping[str, list[Row]]:
        """Return the conditions that speak of no finding, by the measure, sign, answer or intent that they need."""
        return self._of_replies[kind]


def _needs(condition: Condition) -> Iterable[str]:
    """Return measures, signs, answers or intents of which a reply must have one for the condition to hold."""
    if condition.measured:
        return (condition.measured[0].name,)
    signs = condition.together_any or sorted(condition.together_all)[:1]
    return signs or condition.answer or condition.intent or (ALWAYS,)
