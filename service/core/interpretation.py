"""Understand a reply: read it, judge the reading, and keep which words, rules and version led there."""

from __future__ import annotations

from dataclasses import dataclass

from service.core.findings import NOTHING_KNOWN, Interpretation, KnownFacts
from service.core.reply.lexicon import Lexicon
from service.core.reply.reading import read
from service.core.triage.book import RuleBook
from service.core.triage.facts import gather
from service.core.triage.judge import judge
from service.core.triage.knowable import Knowable
from service.core.words import Asked, Language

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
    reading = read(text, asked, guide.lexicon)
    facts = gather(reading, asked, hours, known, guide.lexicon.red_flags)
    judgement = judge(facts, guide.rules)
    return Interpretation(reading.intent, reading.findings, judgement, guide.version)
