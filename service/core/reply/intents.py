"""What the writer wants of us: to report, to stop, a call, an answer; a report of symptoms never hides behind it."""

from __future__ import annotations

from typing import Final

from service.core.findings import Answer
from service.core.reply.layout import Layout, Signal
from service.core.reply.lexicon import Cue, Group
from service.core.words import Intent

# Where a reply wants several things, the one whose neglect is worst.
_IN_ORDER: Final = (
    (Cue.STOP, Intent.STOP),
    (Cue.WRONG_PERSON, Intent.WRONG_PERSON),
    (Cue.START, Intent.START),
    (Cue.CALL_ME, Intent.CALL_ME),
    (Cue.RESCHEDULE, Intent.RESCHEDULE),
    (Cue.HELP, Intent.HELP),
    (Cue.QUESTION, Intent.QUESTION),
)
_ALONE: Final = "alone"
_LONGEST_ALONE: Final = 8
_MOST_UNREAD: Final = 9


def find_intent(layout: Layout, answer: Answer, has_findings: bool) -> Intent:
    """Return what the writer wants; `has_findings`: the reply names a symptom or answers for one."""
    wanted = {signal.cue for signal in layout.signals if _counts(layout, signal)}
    for cue, intent in _IN_ORDER:
        if cue in wanted:
            return intent
    if layout.questions and (Cue.ASKING in wanted or _asks_for_self(layout)):
        return Intent.QUESTION
    if has_findings or answer not in (Answer.NOTHING, Answer.UNSURE):
        return Intent.REPORT
    return Intent.THANKS if Cue.THANKS in wanted and _says_little_else(layout) else Intent.UNCLEAR


def _asks_for_self(layout: Layout) -> bool:
    """A sentence that opens with "when", "can" or "may", says "I" and ends in a question mark is a question to us."""
    openers, selves = layout.groups[Group.QUESTION_OPENER], layout.groups[Group.SELF]
    opened: set[int] = set()
    for place, number in enumerate(layout.sentences):
        if number in layout.questions:
            if layout.words[place] in openers and (place == 0 or layout.sentences[place - 1] != number):
                opened.add(number)
            if number in opened and layout.words[place] in selves:
                return True
    return False


def _says_little_else(layout: Layout) -> bool:
    """A courtesy in the midst of many words that nobody understood is no mere courtesy."""
    return (
        sum(
            not covered and word[0].isalnum()
            for word, covered in zip(layout.words, layout.covered, strict=True)
        )
        <= _MOST_UNREAD
    )


def _counts(layout: Layout, signal: Signal) -> bool:
    """A word like STOP or HELP counts where it is a sentence by itself; a phrase like "stop texting me" anywhere."""
    if _ALONE not in signal.features:
        return True
    small = layout.groups[Group.SMALL_WORD]
    first = last = signal.start
    while (
        first > 0 and layout.sentences[first - 1] == signal.sentence and signal.start - first < _LONGEST_ALONE
    ):
        first -= 1
    while (
        last < len(layout.words)
        and layout.sentences[last] == signal.sentence
        and last - first < _LONGEST_ALONE
    ):
        last += 1
    words = (*layout.words[first : signal.start], *layout.words[signal.end : last])
    return last - first < _LONGEST_ALONE and all(word in small or not word[0].isalnum() for word in words)
