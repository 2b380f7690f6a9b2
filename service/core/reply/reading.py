"""Read a reply: the steps from a patient's characters to findings, in their order."""

from __future__ import annotations

from typing import Final

from service.core.findings import Evidence, Finding, Reading, Status
from service.core.reply.answers import Answers, Said, evidence_of, find_answers
from service.core.reply.context import settle
from service.core.reply.grading import give_to_only_symptom, grade_mentions
from service.core.reply.intents import find_intent
from service.core.reply.layout import COMPLAINT, IN_IDIOM, Layout, Mention, lay_out
from service.core.reply.lexicon import Cue, Lexicon
from service.core.reply.net import Net
from service.core.reply.normalize import MOST_WORDS, normalize
from service.core.reply.numerals import join_numerals
from service.core.reply.quantities import Quantities, find_quantities
from service.core.reply.spelling import respell
from service.core.reply.topics import join_topics
from service.core.words import Asked, AskedKind, Intent

# Which of several statuses of one symptom counts: the one that asks most of us.
_GRAVITY: Final = {
    Status.PRESENT: 5,
    Status.RESOLVED: 4,
    Status.HISTORICAL: 3,
    Status.ABSENT: 2,
    Status.HYPOTHETICAL: 1,
    Status.OTHER_PERSON: 0,
}
RESIDUE: Final = "residue"
NET: Final = "net"
NAMED: Final = "named"
RELATIVES_ALARM: Final = "relatives_alarm"
MEASURED: Final = "measured"
PART_OF: Final = "part_of."
_FACT_REACH: Final = 3
_MOST_DENIALS: Final = 40
_DENIALS: Final = frozenset({Cue.DENIAL, Cue.NO})
# What is looked at again and again, by names that are quicker to look up than an enumeration's.
_FACT: Final = Cue.FACT
_PRESENT: Final = Status.PRESENT


def read(raw: str, asked: Asked, lexicon: Lexicon) -> Reading:
    """Return what a reply says, whatever its wording; never raises."""
    text = normalize(raw, lexicon.emoji)
    spelled = respell(text, lexicon.speller)
    counted = join_numerals(spelled, lexicon.numbers, lexicon.large_numbers, lexicon.groups)
    layout = lay_out(join_topics(counted, lexicon.groups), lexicon)
    quantities = find_quantities(layout, lexicon)
    settle(layout, lexicon.red_flags, lexicon.asked)
    scores, degrees = grade_mentions(layout, quantities)
    if asked.symptom is None:
        scores = give_to_only_symptom(layout, scores, lexicon.asked)
    answers = find_answers(layout, quantities, scores, degrees, asked, lexicon.asked)
    findings = _merge(layout, answers, lexicon.red_flags)
    intent = find_intent(layout, answers.answer, bool(findings))
    _presume(findings, layout, asked, intent)
    _add_measured(findings, layout, quantities, lexicon)
    _fold_in(findings, asked)
    _hear_asked(findings, layout, asked)
    facts = _facts(layout, findings)
    caught = lexicon.net.cast(text.folded, layout.words) - findings.keys()
    if caught:
        caught -= _in_sayings(layout, lexicon.net)
    facts.update({NET, *(f"{NET}.{symptom}" for symptom in caught)} if caught else ())
    measures = tuple(
        m for m in quantities.measures if not _is_anothers(findings, lexicon.measured.get(m.name))
    )
    return Reading(intent, answers.answer, tuple(findings.values()), measures, frozenset(facts))


def _merge(layout: Layout, answers: Answers, red_flags: frozenset[str]) -> dict[str, Finding]:
    grouped: dict[str, list[Mention]] = {}
    for mention in layout.mentions:
        if mention.symptom != COMPLAINT:
            grouped.setdefault(mention.symptom, []).append(mention)
    findings = {
        symptom: _one_finding(
            layout, symptom, _as_corrected(layout, symptom, mentions, red_flags), symptom in red_flags
        )
        for symptom, mentions in grouped.items()
    }
    for symptom, said in answers.said.items():
        findings[symptom] = _with_answer(layout, symptom, said, findings.get(symptom))
    return findings


def _as_corrected(
    layout: Layout, symptom: str, mentions: list[Mention], red_flags: frozenset[str]
) -> list[Mention]:
    """Return what was said of a symptom after the last "I mean"; of a red flag nothing is taken back."""
    if len(mentions) == 1 or symptom in red_flags:
        return mentions
    corrections = [signal.start for signal in layout.signals if signal.cue is Cue.CORRECTION]
    latest = max((place for place in corrections if place < mentions[-1].start), default=-1)
    return [mention for mention in mentions if mention.start > latest]


def _one_finding(layout: Layout, symptom: str, mentions: list[Mention], is_red: bool) -> Finding:
    last = mentions[-1]
    status = max([mention.status for mention in mentions], key=_GRAVITY.__getitem__)
    if status is _PRESENT and last.status is Status.RESOLVED and not is_red and not last.said_status:
        status = last.status
    telling = [mention for mention in mentions if mention.status is status]
    severities = [mention.severity for mention in telling if mention.severity is not None]
    return Finding(
        symptom=symptom,
        status=status,
        severity=_severity(status, severities),
        evidence=tuple([evidence_of(layout, mention) for mention in telling]),
        features=telling[0].features.union(*[mention.features for mention in telling[1:]]),
        cue=None if status is _PRESENT else telling[-1].cue,
    )


def _severity(status: Status, severities: list[int]) -> int | None:
    """A symptom that is not there has no severity but the 0 that says so."""
    if not severities or (status is Status.ABSENT and severities[-1] > 0):
        return None
    return severities[-1]


def _with_answer(layout: Layout, symptom: str, said: Said, finding: Finding | None) -> Finding:
    evidence = evidence_of(layout, said)
    if finding is None:
        cue = None if said.status is Status.PRESENT else f"answer: {evidence.text}"
        return Finding(symptom, said.status, said.severity, (evidence,), said.features, cue)
    if finding.status is Status.PRESENT and said.status is Status.PRESENT:
        severity = finding.severity if said.severity is None else said.severity
        return _with(finding, severity, finding.features | said.features, evidence)
    if _GRAVITY[said.status] > _GRAVITY[finding.status] and finding.status is not Status.RESOLVED:
        return Finding(symptom, said.status, said.severity, (evidence,), said.features, None)
    return finding


def _with(finding: Finding, severity: int | None, features: frozenset[str], evidence: Evidence) -> Finding:
    return Finding(
        finding.symptom, finding.status, severity, (*finding.evidence, evidence), features, finding.cue
    )


def _in_sayings(layout: Layout, net: Net) -> set[str]:
    """Return the symptoms whose letters stand nowhere but in sayings that mean none."""
    sayings = [word for word, how in zip(layout.words, layout.covered, strict=True) if how == IN_IDIOM]
    if not sayings:
        return set()
    others = [word for word, how in zip(layout.words, layout.covered, strict=True) if how != IN_IDIOM]
    return net.cast("", sayings) - net.cast("", others)


def _presume(findings: dict[str, Finding], layout: Layout, asked: Asked, intent: Intent) -> None:
    """A vague answer to "how bad is it?" still says that it is there."""
    if asked.kind is not AskedKind.SEVERITY or asked.symptom is None or asked.symptom in findings:
        return
    if intent in (Intent.REPORT, Intent.UNCLEAR) and len(layout.words) > 1 and "?" not in layout.words:
        whole = Evidence(
            layout.text.starts[0],
            layout.text.ends[-1],
            layout.text.raw[layout.text.starts[0] : layout.text.ends[-1]],
        )
        findings[asked.symptom] = Finding(asked.symptom, Status.PRESENT, None, (whole,))


def _add_measured(
    findings: dict[str, Finding], layout: Layout, quantities: Quantities, lexicon: Lexicon
) -> None:
    """A pressure or temperature that is given is a finding whatever its value; the rules judge it."""
    for measure, start, end in quantities.placed:
        symptom = lexicon.measured.get(measure)
        if symptom is None:
            continue
        evidence = evidence_of(layout, Said(Status.PRESENT, None, start, end))
        finding = findings.get(symptom)
        if finding is None or finding.status not in (Status.PRESENT, Status.OTHER_PERSON):
            finding = Finding(symptom, Status.PRESENT, None, ())
        findings[symptom] = _with(finding, None, finding.features | {MEASURED}, evidence)


def _is_anothers(findings: dict[str, Finding], symptom: str | None) -> bool:
    """Return whether what was measured is somebody else's ("my son has a fever of 102")."""
    return symptom in findings and findings[symptom].status is Status.OTHER_PERSON


def _fold_in(findings: dict[str, Finding], asked: Asked) -> None:
    """A finding that is part of another one ("stiff neck" beside a headache) is told with that one."""
    for finding in list(findings.values()):
        if not finding.features or finding.status is not _PRESENT:
            continue
        wholes = sorted(f.removeprefix(PART_OF) for f in finding.features if f.startswith(PART_OF))
        if not wholes:
            continue
        whole = next((findings[name] for name in wholes if _is_present(findings.get(name))), None)
        if whole is not None:
            features = whole.features | finding.features
            findings[whole.symptom] = _with(whole, whole.severity, features, finding.evidence[0])
            del findings[finding.symptom]
        elif asked.kind is AskedKind.REDFLAG and asked.symptom in wholes:
            told = Finding(asked.symptom, Status.PRESENT, None, finding.evidence, finding.features)
            del findings[finding.symptom]
            findings[told.symptom] = told


def _is_present(finding: Finding | None) -> bool:
    return finding is not None and finding.status is _PRESENT


def _hear_asked(findings: dict[str, Finding], layout: Layout, asked: Asked) -> None:
    """A bare word ("blood") is told of the symptom that was asked about, where the lexicon ties it to that."""
    if asked.symptom is None or asked.symptom not in findings:
        return
    for mention in layout.mentions:
        if mention.symptom == COMPLAINT and mention.status is Status.PRESENT:
            heard = {f.partition(".")[2] for f in mention.features if f.startswith(f"{asked.symptom}.")}
            finding = findings[asked.symptom]
            findings[asked.symptom] = _with(
                finding, finding.severity, finding.features | heard, evidence_of(layout, mention)
            )


def _facts(layout: Layout, findings: dict[str, Finding]) -> set[str]:
    facts: set[str] = {NAMED} if any(map(_is_present, findings.values())) else set()
    told = [signal for signal in layout.signals if signal.cue is _FACT]
    denials = [signal.end for signal in layout.signals if signal.cue in _DENIALS] if told else []
    for signal in told:
        if not any(0 <= signal.start - end < _FACT_REACH for end in denials[:_MOST_DENIALS]):
            facts.update(signal.features)
    if len(layout.words) >= MOST_WORDS:
        facts.add(RESIDUE)
    explained = {mention.sentence for mention in layout.mentions if mention.symptom != COMPLAINT}
    for mention in layout.mentions:
        if mention.symptom == COMPLAINT and mention.status is _PRESENT and mention.sentence not in explained:
            facts.add(RESIDUE)
    return facts
