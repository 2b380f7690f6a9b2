"""Say why a reply was judged as it was, in lines that a person reads."""

from __future__ import annotations

from collections.abc import Mapping

from service.core.findings import Finding, Interpretation
from service.core.triage.book import RuleBook


def explain_reading(
    interpretation: Interpretation,
    rules: RuleBook,
    names: Mapping[str, Mapping[str, str]],
    language: str = "en",
) -> tuple[str, ...]:
    """Return the lines that tell what was read in a reply, on which words, and which rules then fired.

    `names` are the symptoms' display names by code and language. The lines quote the reply: they are for
    the staff's eyes, never for a log.
    """
    judgement = interpretation.judgement
    lines = [f"{judgement.disposition.upper()}  (intent: {interpretation.intent})"]
    lines += [_finding_line(finding, names, language) for finding in interpretation.findings]
    lines += rule_lines(judgement.rules, rules) or ("  no rule speaks of this reply; a person asks again",)
    lines.append(f"  lexicon and rules: version {interpretation.version}; not yet approved by a clinician")
    return tuple(lines)


def rule_lines(ids: tuple[str, ...], rules: RuleBook) -> tuple[str, ...]:
    """Return one line for each rule that fired: its id, its disposition, why it asks for it, and the source."""
    by_id = {rule.id: rule for rule in rules.rules}
    found = [by_id[rule_id] for rule_id in ids if rule_id in by_id]
    return tuple(f"  rule {rule.id} -> {rule.then}: {rule.because} [{rule.source}]" for rule in found)


def _finding_line(finding: Finding, names: Mapping[str, Mapping[str, str]], language: str) -> str:
    name = names.get(finding.symptom, {}).get(language, finding.symptom)
    severity = f", {finding.severity} of 10" if finding.severity is not None else ""
    words = "; ".join(f"“{evidence.text}” ({evidence.start}-{evidence.end})" for evidence in finding.evidence)
    more = f" [{', '.join(sorted(finding.features))}]" if finding.features else ""
    cue = f" because of {finding.cue}" if finding.cue else ""
    return f"  {name}: {finding.status}{severity}{cue}, read in {words}{more}"
