"""What a reply says to the question itself: a bare yes or no, a number, "better", the items of a list."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from service.core.findings import Answer, Evidence, Status
from service.core.reply.layout import COMPLAINT, Layout, Mention, Signal
from service.core.reply.lexicon import Cue
from service.core.reply.quantities import Quantities, Score
from service.core.reply.thoughts import distance, rest_of_thoughts, stands_alone
from service.core.words import Asked, AskedKind

_MEANS: Final = {
    Cue.YES: Answer.YES,
    Cue.NO: Answer.NO,
    Cue.NONE: Answer.NO,
    Cue.FINE: Answer.FINE,
    Cue.OWN_WELLBEING: Answer.FINE,
    Cue.BETTER: Answer.BETTER,
    Cue.SAME: Answer.SAME,
    Cue.WORSE: Answer.WORSE,
    Cue.DONT_KNOW: Answer.UNSURE,
    Cue.THUMBS_UP: Answer.THUMBS_UP,
    Cue.GONE_AFTER: Answer.NO,
    Cue.WELL_NOW: Answer.BETTER,
    Cue.DENIAL_AFTER: Answer.NO,
}
# Where a reply says several of these to "better, same or worse?", the first of this list is what counts.
_WORST_FIRST: Final = (Answer.WORSE, Answer.SAME, Answer.BETTER)
# A reply of fewer words that names one of the three by its number means that one.
_SHORT: Final = 12
# What is better is read as mild where no number says otherwise.
_BETTER: Final = frozenset({"mild"})
# Words that answer only where they open or close a thought: "good" in "a good doctor" says nothing.
_WEAK: Final = frozenset({Cue.FINE, Cue.YES, Cue.NO, Cue.NONE, Cue.DONT_KNOW})
_WEAKER: Final = _WEAK | {Cue.BETTER}
_DENIALS: Final = frozenset({Cue.NO, Cue.NONE})
_YES_OR_NO: Final = _DENIALS | {Cue.YES}
_ALL_GONE: Final = (Cue.GONE_AFTER, Cue.WELL_NOW, Cue.GONE_BEFORE)
_OPEN: Final = frozenset({AskedKind.OPENING, AskedKind.UNSOLICITED})
_NOT_THERE: Final = (Status.ABSENT, Status.RESOLVED)
_PLACES: Final = (Cue.NUMBER_ONE, Cue.NUMBER_TWO, Cue.NUMBER_THREE)


@dataclass(slots=True)
class Said:
    """What was said of one asked symptom by answering, not by naming it."""

    status: Status
    severity: int | None
    start: int
    end: int
    features: frozenset[str] = frozenset()


@dataclass(slots=True)
class Answers:
    """The answer of a reply, and what follows from it for the symptoms that were asked about."""

    answer: Answer
    said: dict[str, Said] = field(default_factory=dict)


def find_answers(
    layout: Layout,
    quantities: Quantities,
    scores: list[Score],
    degrees: list[Signal],
    asked: Asked,
    listed: tuple[str, ...],
) -> Answers:
    """Return the answer; `scores` and `degrees` are those that belong to no symptom, `listed` what the opening asks."""
    weak = _WEAK if asked.kind is AskedKind.RECHECK else _WEAKER
    free = [
        s
        for s in layout.signals
        if not s.used and s.cue in _MEANS and (s.cue not in weak or stands_alone(layout, s))
    ]
    if asked.symptom is not None and free:
        rest = rest_of_thoughts(layout)
        well = (Answer.NO, Answer.FINE)
        free = [s for s in free if _MEANS[s.cue] not in well or rest.isdisjoint((s.start, -s.end))]
    elif free:
        free = [signal for signal in _as_corrected(layout, free) if signal.cue is not Cue.GONE_AFTER]
    answers = Answers(_first_answer(free, asked))
    if asked.kind in _OPEN:
        _read_list(answers, layout, quantities, scores, free, listed)
        _grade_the_only_one(answers, degrees, scores)
        _deny_the_rest(answers, layout, free, listed)
        if answers.answer is Answer.NOTHING:
            answers.answer = _answer_without_words(layout, scores, answers.said)
    elif asked.symptom is not None:
        _read_about(answers, layout, scores, degrees, free, asked.symptom, asked.kind)
    return answers


def _answer_without_words(layout: Layout, scores: list[Score], said: dict[str, Said]) -> Answer:
    if not layout.mentions:
        return Answer.NUMBER if not said and any(s.certain and s.value for s in scores) else Answer.NOTHING
    gone = [m for m in layout.mentions if m.symptom == COMPLAINT and m.status in _NOT_THERE]
    return Answer.FINE if gone else Answer.NOTHING


def _as_corrected(layout: Layout, free: list[Signal]) -> list[Signal]:
    """Return the answers behind the last "I mean" or "misread", where there are any."""
    latest = max((signal.start for signal in layout.signals if signal.cue is Cue.CORRECTION), default=-1)
    return [signal for signal in free if signal.start > latest] or free


def _first_answer(free: list[Signal], asked: Asked) -> Answer:
    if not free:
        return Answer.NOTHING
    means = [_MEANS[signal.cue] for signal in free]
    sure: list[Answer] = [answer for answer in means if answer is not Answer.UNSURE]
    means = sure or means
    if asked.kind is AskedKind.RECHECK:
        for answer in _WORST_FIRST:
            if answer in means:
                return answer
    if asked.kind is AskedKind.REDFLAG and Answer.YES in means and means[0] is not Answer.NO:
        return Answer.YES
    if asked.kind is AskedKind.OPENING and Answer.YES in means and Answer.FINE in means:
        return Answer.FINE
    return means[0]


# --- the opening ----------------------------------------------------------------------------------


def _read_list(
    answers: Answers,
    layout: Layout,
    quantities: Quantities,
    scores: list[Score],
    free: list[Signal],
    listed: tuple[str, ...],
) -> None:
    if len(quantities.items) > 1:
        stops = [*(start for start, _ in quantities.items[1:]), len(layout.words)]
        for (start, number), stop in zip(quantities.items, stops, strict=True):
            _answer_place(answers, listed[number - 1], start, stop, scores, layout)
        return
    ordinals = [signal for signal in layout.signals if signal.cue in _PLACES][: len(listed) * 2]
    for signal in ordinals:
        _answer_ordinal(answers, listed[_PLACES.index(signal.cue)], signal, free, layout)
    if not layout.mentions and not ordinals:
        _read_three(answers, scores, free, listed)


def _answer_place(
    answers: Answers, symptom: str, start: int, stop: int, scores: list[Score], layout: Layout
) -> None:
    if any(start <= mention.start < stop for mention in layout.mentions):
        return
    score = next((score for score in scores if start < score.start < stop), None)
    signal = next(
        (s for s in layout.signals if start < s.start < stop and s.cue in _MEANS and not s.used), None
    )
    if score is not None and score.value > 0:
        answers.said[symptom] = Said(Status.PRESENT, score.value, score.start, score.end)
    elif score is not None or (signal and _MEANS[signal.cue] in (Answer.NO, Answer.FINE)):
        answers.said[symptom] = Said(Status.ABSENT, 0 if score else None, start, stop)
    elif signal and signal.cue is Cue.YES:
        answers.said[symptom] = Said(Status.PRESENT, None, start, stop)


def _answer_ordinal(
    answers: Answers, symptom: str, signal: Signal, free: list[Signal], layout: Layout
) -> None:
    beside = [other for other in free if other.sentence == signal.sentence and other.cue in _YES_OR_NO]
    if not beside and not layout.mentions and len(layout.words) < _SHORT:
        answers.said[symptom] = Said(Status.PRESENT, None, signal.start, signal.end)
    if beside:
        nearest = min(beside, key=lambda other: distance(layout, signal, other))
        status = Status.PRESENT if nearest.cue is Cue.YES else Status.ABSENT
        answers.said[symptom] = Said(status, None, signal.start, signal.end)


def _read_three(answers: Answers, scores: list[Score], free: list[Signal], listed: tuple[str, ...]) -> None:
    """Read three answers in the order of the question: "no no yes", "0 0 4", "N, N, Y 6"."""
    given: list[Said] = []
    steps: list[Signal | Score] = [s for s in free if s.cue in _YES_OR_NO]
    for step in sorted([*steps, *scores], key=lambda step: step.start):
        if isinstance(step, Signal):
            status = Status.PRESENT if step.cue is Cue.YES else Status.ABSENT
            given.append(Said(status, None, step.start, step.end))
        elif given and given[-1].status is Status.PRESENT and given[-1].severity is None and step.value:
            given[-1].severity = step.value
        else:
            status = Status.PRESENT if step.value else Status.ABSENT
            given.append(Said(status, step.value, step.start, step.end))
    if len(given) == len(listed):
        answers.said.update(zip(listed, given, strict=True))


def _grade_the_only_one(answers: Answers, degrees: list[Signal], scores: list[Score]) -> None:
    """Read "the second one, mild" and "first one yes, 6" as the degree of that one."""
    if not answers.said:
        return
    present = [said for said in answers.said.values() if said.status is Status.PRESENT]
    if len(present) != 1 or present[0].severity is not None:
        return
    if degrees:
        present[0].severity = degrees[-1].severity
        present[0].features |= degrees[-1].features
    certain = [score for score in scores if score.certain and score.value and not score.past]
    if len(certain) == 1:
        present[0].severity = certain[0].value


def _deny_the_rest(answers: Answers, layout: Layout, free: list[Signal], listed: tuple[str, ...]) -> None:
    denial = next((signal for signal in free if signal.cue in _DENIALS), None)
    if denial is None:
        return
    for symptom in listed:
        answers.said.setdefault(symptom, Said(Status.ABSENT, None, denial.start, denial.end))


# --- a question about one symptom -------------------------------------------------------------------


def _read_about(
    answers: Answers,
    layout: Layout,
    scores: list[Score],
    degrees: list[Signal],
    free: list[Signal],
    symptom: str,
    kind: AskedKind,
) -> None:
    if any(signal.cue in (Cue.QUESTION, Cue.HELP) for signal in layout.signals):
        degrees = []
    present = [score for score in scores if not score.past] or scores
    if present and kind is not AskedKind.REDFLAG:
        score = present[-1]
        status = Status.PRESENT if score.value else Status.ABSENT
        answers.said[symptom] = Said(status, score.value, score.start, score.end)
        if answers.answer in (Answer.NOTHING, Answer.UNSURE):
            answers.answer = Answer.NUMBER
    elif kind is AskedKind.RECHECK:
        _read_recheck(answers, free, symptom)
    elif kind is AskedKind.SEVERITY:
        _read_severity(answers, layout, free, symptom)
    elif answers.answer is Answer.YES:
        _say(answers, symptom, Status.PRESENT, free[0])
    else:
        says_no = answers.answer is Answer.NO and all(signal.cue is not Cue.YES for signal in free)
        _flag(answers, layout, symptom, only_complaints=says_no)
    if degrees and symptom in answers.said and answers.said[symptom].status is Status.PRESENT:
        said = answers.said[symptom]
        said.features |= degrees[-1].features
        said.severity = said.severity if said.severity is not None else degrees[-1].severity
    elif degrees and kind is not AskedKind.REDFLAG and answers.answer is not Answer.NO:
        last = degrees[-1]
        answers.said[symptom] = Said(Status.PRESENT, last.severity, last.start, last.end, last.features)


def _flag(answers: Answers, layout: Layout, symptom: str, *, only_complaints: bool) -> None:
    """Who names one of the red flags that were listed, or says that it hurts, has the symptom asked about."""
    flags = [mention for mention in layout.mentions if mention.status is Status.PRESENT]
    if only_complaints:
        flags = [mention for mention in flags if mention.symptom == COMPLAINT]
    if flags:
        answers.said[symptom] = Said(Status.PRESENT, None, flags[0].start, flags[0].end)


def _read_recheck(answers: Answers, free: list[Signal], symptom: str) -> None:
    gone = next((signal for signal in free if signal.cue in _ALL_GONE), None)
    if gone is not None and answers.answer is not Answer.WORSE:
        _say(answers, symptom, Status.RESOLVED, gone)
    elif answers.answer in _WORST_FIRST:
        _say(answers, symptom, Status.PRESENT, free[0])
        if answers.answer is Answer.BETTER:
            answers.said[symptom].features = _BETTER
    elif answers.answer is Answer.NO:
        _say(answers, symptom, Status.ABSENT, free[0])


def _read_severity(answers: Answers, layout: Layout, free: list[Signal], symptom: str) -> None:
    gone = next((signal for signal in free if signal.cue in (Cue.GONE_AFTER, Cue.WELL_NOW)), None)
    if gone is not None:
        _say(answers, symptom, Status.RESOLVED, gone)
    elif answers.answer in (Answer.NO, Answer.FINE):
        _say(answers, symptom, Status.ABSENT, free[0])
    elif free:
        _say(answers, symptom, Status.PRESENT, free[0])


def _say(answers: Answers, symptom: str, status: Status, signal: Signal) -> None:
    answers.said[symptom] = Said(status, None, signal.start, signal.end)


def evidence_of(layout: Layout, part: Mention | Said) -> Evidence:
    """Return the words of the raw text that a mention or an answer rests on."""
    start = layout.text.starts[part.start]
    end = layout.text.ends[min(part.end, len(layout.words)) - 1]
    return Evidence(start, end, layout.text.raw[start:end])
