"""Deny what a reply denies, and no more: a denial reaches along a list, and a comma, a "but" or a subject ends it."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from service.core.findings import Status
from service.core.reply.layout import HARD_BREAKS, SOFT_BREAKS, Event, Layout, Mention, Signal
from service.core.reply.lexicon import Cue, Group
from service.core.reply.thoughts import LONGEST_LIST, OF_THE_REST, cue_name, following, links_between, mark

# How many words may stand between a denial and what it denies; a red flag needs the tight form.
_DENIAL_REACH: Final = 5
_TIGHT_REACH: Final = 3
_OPENERS: Final = {Cue.DENIAL: Status.ABSENT, Cue.NO: Status.ABSENT, Cue.GONE_BEFORE: Status.RESOLVED}
_CLOSERS: Final = frozenset(
    {Cue.CONTRAST, Cue.EXCEPTION, Cue.YES, Cue.PATIENT, Cue.CORRECTION, Cue.NOT_A_DENIAL}
)
# Cues that stand within a list without ending it.
_PASSING: Final = frozenset({Cue.FACT, Cue.DEGREE, Cue.THANKS})
_WIDE: Final = "wide"
# "Haven't" denies the very next words only ("haven't fainted", but not "haven't slept, headache").
_CLOSE: Final = "close"
_AFTER_DENIALS: Final = frozenset({Cue.NO, Cue.NONE, Cue.DENIAL_AFTER})
_ANSWER_BREAKS: Final = frozenset(":-=?,()")
# Behind one of these "fine" is the answer to what stands before it ("Bladder? Fine").
_MARKS: Final = frozenset(":-=?")


def deny(layout: Layout, red_flags: frozenset[str], asked: tuple[str, ...]) -> None:
    """Give every mention that the reply denies its status, and with it the cue that proves it."""
    _deny_what_follows(layout, red_flags, asked)
    _deny_what_precedes(layout, asked)


def _deny_what_follows(layout: Layout, red_flags: frozenset[str], asked: tuple[str, ...]) -> None:
    opener: Signal | None = None
    events = layout.events
    index = 0
    while index < len(events):
        event = events[index]
        index += 1
        if isinstance(event, Signal):
            if event.cue in _OPENERS:
                opener = event
            elif event.cue in _CLOSERS:
                opener = None
            continue
        if event.said_status is Status.ABSENT and (opener is None or opener.end <= event.start):
            _carry_on(layout, events, index - 1)
        if opener is None:
            continue
        if event.said_status is not None:
            _contradict(layout, opener, event)
            continue
        if not _reaches(layout, opener, event, event.symptom in red_flags):
            opener = None
            continue
        run = _list_run(layout, events, index - 1)
        is_wide = _WIDE in opener.features
        part = following(layout, opener) if is_wide else _denied_part(layout, run, red_flags, asked)
        for mention in part:
            mark(layout, mention, opener, _OPENERS[opener.cue])
        opener.used = True
        opener = None


def _carry_on(layout: Layout, events: list[Event], index: int) -> None:
    """A phrase that denies ("no trouble breathing") denies what is tied to it by "or" as well."""
    first = events[index]
    for mention, links in _list_run(layout, events, index)[1:]:
        if "or" not in links or not isinstance(first, Mention):
            break
        mention.status, mention.cue = Status.ABSENT, first.cue


def _contradict(layout: Layout, opener: Signal, mention: Mention) -> None:
    """What says that all is well ("breathing fine") says the contrary behind a "not" or an "I am not able"."""
    is_denied = opener.cue is Cue.DENIAL and mention.status is Status.ABSENT
    if is_denied and mention.start - opener.end <= 1 and _reaches(layout, opener, mention, is_red=True):
        mention.status, mention.cue = Status.PRESENT, None
        opener.used = True


def _reaches(layout: Layout, opener: Signal, mention: Mention, is_red: bool) -> bool:
    if opener.sentence != mention.sentence:
        return False
    between = layout.words[opener.end : mention.start]
    if _CLOSE in opener.features:
        return not between
    if len(between) > (_TIGHT_REACH if is_red else _DENIAL_REACH):
        return False
    subjects = layout.groups[Group.SUBJECT]
    return not any(word in SOFT_BREAKS or word in subjects for word in between)


def _list_run(layout: Layout, events: list[Event], index: int) -> list[tuple[Mention, frozenset[str]]]:
    """Return the mention and those listed right after it, each with the kinds of words that join it."""
    first = events[index]
    assert isinstance(first, Mention)
    run: list[tuple[Mention, frozenset[str]]] = [(first, frozenset())]
    end = first.end
    for event in events[index + 1 :]:
        if isinstance(event, Signal) and event.cue in _PASSING:
            continue
        if isinstance(event, Signal) or event.said_status is not None:
            break
        if event.start < end:
            run.append((event, run[-1][1]))
            end = max(end, event.end)
            continue
        links = links_between(layout, end, event.start)
        if links is None:
            break
        run.append((event, links))
        end = event.end
    return run


def _denied_part(
    layout: Layout,
    run: list[tuple[Mention, frozenset[str]]],
    red_flags: frozenset[str],
    asked: tuple[str, ...],
) -> list[Mention]:
    """Return how much of a list the denial before it covers: all of "no a, b or c", only the first of "no a, b"."""
    mentions = [mention for mention, _ in run]
    last_or = max((place for place, (_, links) in enumerate(run) if "or" in links), default=0)
    reach = last_or + 1
    symptoms = {mention.symptom for mention in mentions}
    mirrors_question = len(symptoms) > 1 and symptoms <= set(asked) and _ends_there(layout, mentions[-1].end)
    if mirrors_question:
        return mentions
    while reach < len(run):
        mention, links = run[reach]
        before = run[reach - 1][0]
        overlaps = mention.start < before.end and (
            mention.end <= before.end or mention.symptom not in red_flags
        )
        plain_and = "and" in links and mention.symptom not in red_flags and _ends_there(layout, mention.end)
        if not overlaps and not plain_and:
            break
        reach += 1
    return mentions[:reach]


def _ends_there(layout: Layout, place: int) -> bool:
    return (
        place >= len(layout.words) or layout.words[place] in HARD_BREAKS or layout.words[place] in SOFT_BREAKS
    )


def _deny_what_precedes(layout: Layout, asked: tuple[str, ...]) -> None:
    """Read "headache: no" and "spasms no headache yes", where the answer stands behind its symptom."""
    events = layout.events
    answers_follow = _answers_follow(layout)
    for place in range(len(events) - 1):
        mention, signal = events[place], events[place + 1]
        if (
            not isinstance(mention, Mention)
            or not isinstance(signal, Signal)
            or OF_THE_REST in signal.features
        ):
            continue
        between = layout.words[mention.end : signal.start]
        if not all(word in _ANSWER_BREAKS for word in between):
            continue
        is_fine = signal.cue is Cue.FINE and mention.symptom in asked and not _MARKS.isdisjoint(between)
        if signal.cue not in _AFTER_DENIALS and not is_fine:
            continue
        # "None" answers what stands before it, even where the next symptom follows at once.
        is_none = signal.cue is Cue.NONE and signal.end - signal.start == 1 and not signal.features
        if answers_follow or is_none or _ends_there(layout, signal.end):
            _unset_following(layout, signal, events, place + 2)
            if mention.status is Status.PRESENT and mention.said_status is None:
                for denied in _joined_before(layout, mention):
                    mark(layout, denied, signal, Status.ABSENT)
                signal.used = mention.symptom in asked


def _joined_before(layout: Layout, last: Mention) -> list[Mention]:
    """Return the mention and those tied to it by "and" or "or": all of "spasms and bladder: nil"."""
    joined = [last]
    place = bisect_left(layout.mention_starts, last.start)
    for mention in reversed(layout.mentions[max(0, place - LONGEST_LIST) : place]):
        if mention.end > joined[-1].start:
            continue
        links = links_between(layout, mention.end, joined[-1].start)
        if not links or "," in links or mention.status is not Status.PRESENT:
            break
        joined.append(mention)
    return joined


def _answers_follow(layout: Layout) -> bool:
    first, last = layout.events[0], layout.events[-1]
    return (
        isinstance(first, Mention)
        and isinstance(last, Signal)
        and last.cue in (_AFTER_DENIALS | {Cue.YES})
        and _ends_there(layout, last.end)
        and len(layout.mentions) > 1
    )


def _unset_following(layout: Layout, signal: Signal, events: list[Event], place: int) -> None:
    """Undo what "no" did to the symptom behind it, where it turns out to answer the one before."""
    if place >= len(events):
        return
    following = events[place]
    if isinstance(following, Mention) and following.cue == cue_name(layout, signal):
        following.status, following.cue = Status.PRESENT, None
