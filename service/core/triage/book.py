"""The rules, filed by what must be there for them to fire, so that a reply meets only those that may concern it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from service.core.findings import Status
from service.core.triage.rule import Condition, Rule
from service.core.words import AskedKind

# A condition, and the place of its rule among those that are ranked highest first.
Row = tuple[int, Condition]
# What one finding, or a reply as a whole, can bring up; ALWAYS stands for what needs nothing more.
Drawer = Mapping[str, tuple[Row, ...]]
ALWAYS: Final = ""


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules as they were written, and ranked highest first; conditions filed for findings and for replies."""

    rules: tuple[Rule, ...]
    ranked: tuple[Rule, ...]
    for_findings: Mapping[tuple[AskedKind, str, Status], Drawer]
    for_replies: Mapping[AskedKind, Drawer]


def rule_book(rules: tuple[Rule, ...]) -> RuleBook:
    """Return the rules as a book."""
    ranked = tuple(sorted(rules, key=lambda rule: (-rule.then.rank, rule.id)))
    for_findings: dict[tuple[AskedKind, str, Status], dict[str, tuple[Row, ...]]] = {}
    for_replies: dict[AskedKind, dict[str, tuple[Row, ...]]] = {kind: {} for kind in AskedKind}
    for place, rule in enumerate(ranked):
        for condition in rule.when:
            row = (place, condition)
            for kind in condition.asked or AskedKind:
                if condition.symptom is None:
                    _file(row, for_replies[kind], _reply_needs(condition))
                    continue
                for status in condition.status:
                    drawer = for_findings.setdefault((kind, condition.symptom, status), {})
                    _file(row, drawer, _finding_needs(condition))
    return RuleBook(rules, ranked, for_findings, for_replies)


def _file(row: Row, drawer: dict[str, tuple[Row, ...]], needs: Iterable[str]) -> None:
    for need in needs:
        drawer[need] = (*drawer.get(need, ()), row)


def _finding_needs(condition: Condition) -> Iterable[str]:
    """Return features and grades of which a finding must have one for the condition to hold."""
    return sorted(condition.all_of)[:1] or condition.any_of or condition.grades or (ALWAYS,)


def _reply_needs(condition: Condition) -> Iterable[str]:
    """Return measures, signs, answers or intents of which a reply must have one for the condition to hold."""
    if condition.measured:
        return (condition.measured[0].name,)
    signs = condition.together_any or sorted(condition.together_all)[:1]
    return signs or condition.answer or condition.intent or (ALWAYS,)
