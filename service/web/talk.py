"""A conversation as bubbles, and a reply explained: its words with the evidence marked, findings and rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final

from service.core.findings import Evidence, Finding, Status
from service.core.triage.rule import Rule
from service.core.words import Asked, AskedKind, Language
from service.library.shelf import Library
from service.store.inbox import InboxMessage
from service.store.outbox import OutboxMessage, OutboxState
from service.store.readings import Reading
from service.web.escalation_views import Bubble, CallLine, FindingLine, Part, Reason, RuleLine
from service.web.moments import moment

_FATES: Final = {
    OutboxState.QUEUED: "waits to leave",
    OutboxState.SENDING: "leaving",
    OutboxState.ACCEPTED: "handed to Twilio",
    OutboxState.SENT: "sent",
    OutboxState.DELIVERED: "delivered",
    OutboxState.UNDELIVERED: "not delivered",
    OutboxState.FAILED: "failed",
    OutboxState.UNKNOWN: "outcome unknown, being looked up",
    OutboxState.CANCELLED: "not sent",
}
_LOST: Final = (OutboxState.UNDELIVERED, OutboxState.FAILED)
_STATUSES: Final = {
    Status.PRESENT: "present",
    Status.ABSENT: "absent",
    Status.RESOLVED: "over now",
    Status.HISTORICAL: "in the past",
    Status.HYPOTHETICAL: "asked about, not felt",
    Status.OTHER_PERSON: "somebody else's",
}


def conversation(
    received: Iterable[InboxMessage],
    sent: Iterable[OutboxMessage],
    called: Iterable[tuple[datetime, CallLine]],
    zone: str,
    now: datetime,
) -> tuple[Bubble | CallLine, ...]:
    """Return what both sides wrote, and the calls between them, oldest first; a reply comes before its answer.

    What was said on a call stands in the call, and not once more beside it.
    """
    lines: list[tuple[datetime, int, Bubble | CallLine]] = [(at, 0, call) for at, call in called]
    for message in received:
        if not message.is_spoken:
            at = moment(message.received_at, zone, now)
            lines.append((message.received_at, 1, Bubble(False, message.body, at, "", False)))
    for answer in sent:
        if not answer.is_of_a_call:
            at, what_became = moment(answer.created_at, zone, now), fate(answer)
            lines.append((answer.created_at, 2, Bubble(True, answer.body, at, what_became, is_lost(answer))))
    return tuple(line for _, _, line in sorted(lines, key=lambda line: line[:2]))


def fate(message: OutboxMessage) -> str:
    """Return what became of a message, with the reason where it was lost."""
    words = _FATES[OutboxState(message.state)]
    return f"{words}: {message.remark}" if message.remark else words


def is_lost(message: OutboxMessage) -> bool:
    """Return whether the message will never arrive."""
    return OutboxState(message.state) in _LOST


def reason(
    message: InboxMessage, reading: Reading | None, library: Library, zone: str, now: datetime
) -> Reason:
    """Return a reply explained; one that the service could not read says so by an empty version."""
    at = moment(message.received_at, zone, now)
    if reading is None:
        return Reason(at, "", "", marked(message.body, ()), (), (), "", False)
    understood = reading.interpretation()
    spans = [words for finding in understood.findings for words in finding.evidence]
    rules = {rule.id: rule for rule in library.guide.rules.rules}
    return Reason(
        at=at,
        level=reading.disposition,
        asked=_asked(Asked.parse(reading.asked), library),
        words=marked(message.body, spans),
        findings=tuple(_finding(finding, library) for finding in understood.findings),
        rules=tuple(_rule(rule_id, rules.get(rule_id)) for rule_id in understood.judgement.rules),
        version=reading.version,
        is_older_version=reading.version != library.guide.version,
    )


def marked(body: str, spans: Sequence[Evidence]) -> tuple[Part, ...]:
    """Return the words in runs, those that findings rest on marked; spans may overlap."""
    is_evidence = [False] * len(body)
    for span in spans:
        for place in range(max(span.start, 0), min(span.end, len(body))):
            is_evidence[place] = True
    return tuple(_runs(body, is_evidence))


def _runs(body: str, is_evidence: Sequence[bool]) -> Iterator[Part]:
    start = 0
    for place in range(1, len(body) + 1):
        if place == len(body) or is_evidence[place] != is_evidence[start]:
            yield Part(body[start:place], is_evidence[start])
            start = place


def symptom_in_words(symptom: str, library: Library) -> str:
    """Return a symptom as staff read it."""
    named = library.guide.lexicon.symptoms.get(symptom, {})
    words = named.get(Language.ENGLISH, symptom.replace("_", " "))
    return words[:1].upper() + words[1:]


def _finding(finding: Finding, library: Library) -> FindingLine:
    words = _STATUSES[finding.status]
    if finding.severity is not None:
        words += f", {finding.severity} of 10"
    if finding.features:
        words += f" ({', '.join(sorted(feature.replace('_', ' ') for feature in finding.features))})"
    return FindingLine(symptom_in_words(finding.symptom, library), words)


def _rule(rule_id: str, rule: Rule | None) -> RuleLine:
    if rule is None:
        return RuleLine(rule_id, "", "This rule is no longer in the library.", "", "")
    signed = f"signed by {rule.approved_by}" if rule.approved_by else "not signed yet"
    return RuleLine(rule.id, rule.then, rule.because, rule.source, signed)


def _asked(asked: Asked, library: Library) -> str:
    about = symptom_in_words(asked.symptom, library).lower() if asked.symptom else ""
    return {
        AskedKind.OPENING: "after the check-in's opening question",
        AskedKind.SEVERITY: f"after being asked how bad the {about} is",
        AskedKind.REDFLAG: f"after being asked about danger signs of {about}",
        AskedKind.RECHECK: f"after being asked again about {about}",
        AskedKind.UNSOLICITED: "without having been asked",
    }[asked.kind]
