"""Say of every mention how it stands: present unless words nearby prove that it is denied, gone, feared or another's."""

from __future__ import annotations

from typing import Final

from service.core.findings import Status
from service.core.reply.layout import COMPLAINT, HARD_BREAKS, SOFT_BREAKS, Event, Layout, Mention, Signal
from service.core.reply.lexicon import Cue, Group

# How many words may stand between a denial and what it denies; a red flag needs the tight form.
_DENIAL_REACH: Final = 5
_TIGHT_REACH: Final = 3
_AFTER_REACH: Final = 9
_OPENERS: Final = {Cue.DENIAL: Status.ABSENT, Cue.NO: Status.ABSENT, Cue.GONE_BEFORE: Status.RESOLVED}
_CLOSERS: Final = frozenset(
    {Cue.CONTRAST, Cue.EXCEPTION, Cue.YES, Cue.PATIENT, Cue.CORRECTION, Cue.NOT_A_DENIAL}
)
_THOUGHT_ENDS: Final = frozenset({Cue.CONTRAST, Cue.CORRECTION})
_SOMEBODY_ENDS: Final = frozenset({Cue.CONTRAST, Cue.CORRECTION, Cue.PATIENT})
_WIDE: Final = "wide"
_AFTER_DENIALS: Final = frozenset({Cue.NO, Cue.NONE, Cue.DENIAL_AFTER})
_ANSWER_BREAKS: Final = frozenset(":-=?,()")


def settle(layout: Layout, red_flags: frozenset[str], asked: tuple[str, ...]) -> None:
    """Give every mention of the layout its status, and with it the cue that proves it."""
    if not layout.mentions or not layout.signals:
        return
    _deny_what_follows(layout, red_flags, asked)
    _deny_what_precedes(layout)
    for signal in layout.signals:
        if signal.cue in (Cue.GONE_AFTER, Cue.DENIAL_AFTER):
            _mark(layout, signal, _nearest_before(layout, signal), Status.RESOLVED)
        elif signal.cue is Cue.WELL_NOW:
            _mark(layout, signal, [m for m in layout.mentions if m.end <= signal.start], Status.RESOLVED)
        elif signal.cue in (Cue.LONG_STANDING, Cue.LONG_AGO):
            _mark(layout, signal, _beside(layout, signal), Status.HISTORICAL)
        elif signal.cue is Cue.UNREAL:
            _mark(layout, signal, _following(layout, signal), Status.HYPOTHETICAL)
        elif signal.cue is Cue.ASKING and _is_question(layout, signal):
            asked_about = [m for m in _following(layout, signal, _SOMEBODY_ENDS) if m.symptom not in red_flags]
            _mark(layout, signal, asked_about, Status.HYPOTHETICAL)
        elif signal.cue is Cue.OTHER_PERSON:
            _mark(layout, signal, _somebody_elses(layout, signal, red_flags), Status.OTHER_PERSON)


# --- denial ---------------------------------------------------------------------------------------


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
        if opener is None or event.said_status is not None:
            continue
        if not _reaches(layout, opener, event, event.symptom in red_flags):
            opener = None
            continue
        run = _list_run(layout, events, index - 1)
        is_wide = _WIDE in opener.features
        part = _following(layout, opener) if is_wide else _denied_part(layout, run, red_flags, asked)
        for mention in part:
            _set(layout, mention, opener, _OPENERS[opener.cue])
        opener.used = True
        opener = None


def _reaches(layout: Layout, opener: Signal, mention: Mention, is_red: bool) -> bool:
    if opener.sentence != mention.sentence:
        return False
    between = layout.words[opener.end : mention.start]
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
        if not isinstance(event, Mention) or event.said_status is not None:
            break
        if event.start < end:
            run.append((event, run[-1][1]))
            end = max(end, event.end)
            continue
        links = _links(layout, end, event.start)
        if links is None:
            break
        run.append((event, links))
        end = event.end
    return run


def _links(layout: Layout, start: int, end: int) -> frozenset[str] | None:
    """Return how two list items are joined ("or", "and", ","), or None where something else stands between."""
    groups = layout.groups
    kinds: set[str] = set()
    for word in layout.words[start:end]:
        if word in groups[Group.OR_WORD]:
            kinds.add("or")
        elif word in groups[Group.AND_WORD]:
            kinds.add("and")
        elif word == ",":
            kinds.add(",")
        elif word not in groups[Group.LIST_WORD]:
            return None
    return frozenset(kinds)


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
        overlaps = mention.start < run[reach - 1][0].end
        plain_and = "and" in links and mention.symptom not in red_flags and _ends_there(layout, mention.end)
        if not overlaps and not plain_and:
            break
        reach += 1
    return mentions[:reach]


def _ends_there(layout: Layout, place: int) -> bool:
    return (
        place >= len(layout.words) or layout.words[place] in HARD_BREAKS or layout.words[place] in SOFT_BREAKS
    )


def _deny_what_precedes(layout: Layout) -> None:
    """Read "headache: no" and "spasms no headache yes", where the answer stands behind its symptom."""
    events = layout.events
    answers_follow = _answers_follow(layout)
    for place in range(len(events) - 1):
        mention, signal = events[place], events[place + 1]
        if (
            not isinstance(mention, Mention)
            or not isinstance(signal, Signal)
            or signal.cue not in _AFTER_DENIALS
        ):
            continue
        if not all(word in _ANSWER_BREAKS for word in layout.words[mention.end : signal.start]):
            continue
        if answers_follow or _ends_there(layout, signal.end):
            _unset_following(layout, signal, events, place + 2)
            if mention.status is Status.PRESENT and mention.said_status is None:
                for denied in _joined_before(layout, mention):
                    _set(layout, denied, signal, Status.ABSENT)
                signal.used = mention.symptom != COMPLAINT


def _joined_before(layout: Layout, last: Mention) -> list[Mention]:
    """Return the mention and those tied to it by "and" or "or": all of "spasms and bladder: nil"."""
    joined = [last]
    for mention in reversed(layout.mentions):
        if mention.end > joined[-1].start:
            continue
        links = _links(layout, mention.end, joined[-1].start)
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
    if isinstance(following, Mention) and following.cue == _name(layout, signal):
        following.status, following.cue = Status.PRESENT, None


# --- the other ways of not being present ----------------------------------------------------------


def _mark(layout: Layout, signal: Signal, mentions: list[Mention], status: Status) -> None:
    for mention in mentions:
        if mention.status is Status.PRESENT:
            _set(layout, mention, signal, status)
            signal.used = True


def _nearest_before(layout: Layout, signal: Signal) -> list[Mention]:
    """Return the mention that a word like "gone" speaks of, and those listed with it."""
    before = [mention for mention in layout.mentions if mention.end <= signal.start]
    if not before:
        return []
    last = before[-1]
    if signal.sentence - last.sentence > 1 or signal.start - last.end > _AFTER_REACH:
        return []
    group = [last]
    for mention in reversed(before[:-1]):
        if mention.end > group[-1].start or _links(layout, mention.end, group[-1].start) is not None:
            group.append(mention)
        else:
            break
    return group


def _following(layout: Layout, signal: Signal, stoppers: frozenset[Cue] = _THOUGHT_ENDS) -> list[Mention]:
    """Return the mentions behind a cue up to the end of its thought."""
    found: list[Mention] = []
    for event in layout.events:
        if event.start < signal.end:
            continue
        if event.sentence != signal.sentence:
            break
        if isinstance(event, Signal) and event.cue in stoppers:
            break
        if isinstance(event, Mention):
            found.append(event)
    return found


def _beside(layout: Layout, signal: Signal) -> list[Mention]:
    """Return the mentions of the cue's own thought, before and behind it."""
    before: list[Mention] = []
    for event in layout.events:
        if event.sentence != signal.sentence or event.start >= signal.start:
            continue
        if isinstance(event, Signal) and event.cue in (Cue.CONTRAST, Cue.EXCEPTION):
            before = []
        if isinstance(event, Mention):
            before.append(event)
    return before + _following(layout, signal) or _nearest_before(layout, signal)


def _is_question(layout: Layout, signal: Signal) -> bool:
    return any(
        word == "?" and number == signal.sentence
        for word, number in zip(layout.words[signal.end :], layout.sentences[signal.end :], strict=True)
    )


def _somebody_elses(layout: Layout, signal: Signal, red_flags: frozenset[str]) -> list[Mention]:
    """Return the mentions that are not the patient's.

    A relative's complaint is the patient's, written by a carer, unless the patient speaks for themself too; a red
    flag needs that in so many words.
    """
    mentions = _following(layout, signal, _SOMEBODY_ENDS) or _nearest_before(layout, signal)
    if "far" in signal.features or any(other.cue is Cue.OWN_WELLBEING for other in layout.signals):
        return mentions
    speaks = any(
        other.cue in (Cue.NONE, Cue.FINE, Cue.NO) and (other.end <= signal.start or other.sentence != signal.sentence)
        for other in layout.signals
    )
    return [mention for mention in mentions if speaks and mention.symptom not in red_flags]


def _set(layout: Layout, mention: Mention, signal: Signal, status: Status) -> None:
    mention.status = status
    mention.cue = _name(layout, signal)


def _name(layout: Layout, signal: Signal) -> str:
    return f"{signal.cue}: {' '.join(layout.words[signal.start : signal.end])}"
