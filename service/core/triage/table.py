"""The rules as a table that a medical director can read through and sign."""

from __future__ import annotations

from collections.abc import Iterable

from service.core.findings import Status
from service.core.triage.rule import Condition, Rule


def sign_table(rules: tuple[Rule, ...]) -> tuple[str, ...]:
    """Return the lines of the table, highest disposition first: id, condition in words, what follows, source."""
    lines = ["| rule | when | disposition | basis | source | approved by |", "|---|---|---|---|---|---|"]
    for rule in sorted(rules, key=lambda rule: -rule.then.rank):
        when = " — or ".join(condition_in_words(condition) for condition in rule.when)
        approved = rule.approved_by or "not yet"
        lines.append(f"| {rule.id} | {when} | {rule.then} | {rule.basis} | {rule.source} | {approved} |")
    return tuple(lines)


def condition_in_words(condition: Condition) -> str:
    """Return a condition as a phrase: "spasm, severe, in the first 48 h"."""
    parts = [*_finding_words(condition), *_company_words(condition), *_setting_words(condition)]
    return ", ".join(parts) or "always"


def _finding_words(condition: Condition) -> Iterable[str]:
    if condition.symptom is None:
        return
    yield condition.symptom.replace("_", " ")
    if condition.status != frozenset({Status.PRESENT}):
        yield _either(condition.status)
    if condition.grades:
        yield _either(condition.grades).replace("unsaid", "severity not said")
    if condition.any_of:
        yield _either(condition.any_of)
    if condition.all_of:
        yield " and ".join(sorted(condition.all_of))
    if condition.none_of:
        yield f"not {_either(condition.none_of)}"


def _company_words(condition: Condition) -> Iterable[str]:
    if condition.together_any:
        yield f"with {_either(condition.together_any)}"
    if condition.together_all:
        yield f"with {' and '.join(sorted(condition.together_all))}"
    if condition.together_none:
        yield f"without {_either(condition.together_none)}"
    for limit in condition.measured:
        low = f" {limit.at_least:g} or more" if limit.at_least is not None else ""
        high = f" below {limit.below:g}" if limit.below is not None else ""
        yield f"{limit.name}{low}{high}"


def _setting_words(condition: Condition) -> Iterable[str]:
    if condition.over_hours is not None:
        yield f"more than {condition.over_hours:g} h after the infusion"
    if condition.up_to_hours is not None:
        yield f"up to {condition.up_to_hours:g} h after the infusion"
    if condition.asked:
        yield f"asked {_either(condition.asked)}"
    if condition.about:
        yield f"about {_either(condition.about)}"
    if condition.answer:
        yield f"answered {_either(condition.answer)}"
    if condition.intent:
        yield f"wants {_either(condition.intent)}"


def _either(words: Iterable[str]) -> str:
    return " or ".join(sorted(str(word).replace("_", " ") for word in words))
