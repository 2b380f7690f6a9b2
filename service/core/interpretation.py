"""Understand a reply: read it, judge the reading, and keep which words, rules and version led there."""

from __future__ import annotations

from dataclasses import dataclass, replace

from service.core.findings import NOTHING_KNOWN, Interpretation, Judgement, KnownFacts, Reading, Status
from service.core.reply.context import PERHAPS_OWN, RELATIVE
from service.core.reply.lexicon import Lexicon
from service.core.reply.reading import RELATIVES_ALARM, read
from service.core.triage.book import RuleBook
from service.core.triage.facts import gather, grade
from service.core.triage.judge import judge
from service.core.triage.knowable import Knowable
from service.core.triage.rule import Grade
from service.core.words import ASKED_HOW_BAD, Asked, Disposition, Language

__all__ = ["NOTHING_KNOWN", "KnownFacts", "TriageGuide", "interpret"]


@dataclass(frozen=True, slots=True)
class TriageGuide:
    """The clinic's lexicon and rules, compiled; `version` is a hash of every file they were read from.

    `knowable` are the medicines and conditions that the rules tell apart where the clinic has recorded them.
    """

    lexicon: Lexicon
    rules: RuleBook
    version: str
    knowable: Knowable


def interpret(
    text: str,
    asked: Asked,
    hours: float,
    language: Language,
    guide: TriageGuide,
    known: KnownFacts = NOTHING_KNOWN,
) -> Interpretation:
    """Return what a reply means.

    `hours` count from the end of the infusion. Both languages are always read, since patients mix them;
    `language` is the one the patient was written to in and settles nothing by itself. Never raises,
    whatever the text; the same arguments give the same result on every machine.
    """
    reading = _alarmed_for_relatives(read(text, asked, guide.lexicon), asked, hours, known, guide)
    judgement = _judged(reading, asked, hours, known, guide)
    mild = _if_mild(reading) if judgement.disposition is Disposition.CALLBACK else reading
    if_mild = _judged(mild, asked, hours, known, guide).disposition if mild is not reading else None
    return Interpretation(reading.intent, reading.findings, judgement, guide.version, if_mild, reading.answer)


def _judged(reading: Reading, asked: Asked, hours: float, known: KnownFacts, guide: TriageGuide) -> Judgement:
    return judge(gather(reading, asked, hours, known, guide.lexicon.red_flags), guide.rules)


def _alarmed_for_relatives(
    reading: Reading, asked: Asked, hours: float, known: KnownFacts, guide: TriageGuide
) -> Reading:
    """Raise the reading where a relative has what would page staff if it were the patient's, whose carer may be writing.

    Beside "I'm fine" it is a sign for the rules; beside a calm word that names nobody ("slept well") it counts as had.
    """
    if not any(RELATIVE in finding.features for finding in reading.findings):
        return reading
    as_own = tuple(
        replace(finding, status=Status.PRESENT, cue=None) if RELATIVE in finding.features else finding
        for finding in reading.findings
    )
    own = replace(reading, findings=as_own)
    if not _judged(own, asked, hours, known, guide).disposition.needs_paging:
        return reading
    if any(PERHAPS_OWN in finding.features for finding in reading.findings):
        return own
    return replace(reading, facts=reading.facts | {RELATIVES_ALARM})


def _if_mild(reading: Reading) -> Reading:
    """Return the reading with each asked symptom that was told without a strength as a mild one; itself where none was."""
    unsaid = [
        finding
        for finding in reading.findings
        if finding.symptom in ASKED_HOW_BAD
        and finding.status is Status.PRESENT
        and grade(finding) is Grade.UNSAID
    ]
    if not unsaid:
        return reading
    as_mild = tuple(replace(one, severity=1) if one in unsaid else one for one in reading.findings)
    return replace(reading, findings=as_mild)
