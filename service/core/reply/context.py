"""Say of every mention how it stands: present unless words nearby prove that it is denied, gone, feared or another's."""

from __future__ import annotations

from typing import Final

from service.core.findings import Status
from service.core.reply.denial import deny
from service.core.reply.layout import SOFT_BREAKS, Layout, Mention, Signal
from service.core.reply.lexicon import Cue, Group
from service.core.reply.thoughts import beside, following, links_between, mark, nearest_before, stands_alone

_SOMEBODY_ENDS: Final = frozenset({Cue.CONTRAST, Cue.CORRECTION, Cue.PATIENT})
_CALM: Final = frozenset({Cue.NONE, Cue.FINE, Cue.NO})
_GONE: Final = frozenset({Cue.GONE_AFTER, Cue.DENIAL_AFTER})
_BEFORE: Final = frozenset({Cue.LONG_STANDING, Cue.LONG_AGO})
_TELLING: Final = _GONE | _BEFORE | {Cue.WELL_NOW, Cue.OTHER_PERSON, Cue.UNREAL, Cue.ASKING}
_OWN_WELLBEING: Final = Cue.OWN_WELLBEING
_FAR: Final = "far"
_BACK: Final = "before"
# "The one with the fever is my son": such a cue speaks of what stands before it.
_POINTS_BACK: Final = "back"
_AHEAD: Final = "ahead"
_CLOSE_BY: Final = 3
_PARTING: Final = SOFT_BREAKS - frozenset("(/")
# How many words may stand between somebody and what is said of them.
_FARTHEST: Final = 5


def settle(layout: Layout, red_flags: frozenset[str], asked: tuple[str, ...]) -> None:
    """Give every mention of the layout its status, and with it the cue that proves it."""
    if not layout.mentions or len(layout.events) == 1:
        return
    deny(layout, red_flags, asked)
    calm = [signal for signal in layout.signals if signal.cue in _CALM and _answers(layout, signal)]
    speaks_for_self = any(signal.cue is _OWN_WELLBEING for signal in layout.signals)
    well_from = 0
    for signal in layout.signals:
        if signal.cue not in _TELLING:
            continue
        if signal.cue is Cue.WELL_NOW:
            well_from = _mark_recovered(layout, signal, well_from)
        elif signal.cue is Cue.OTHER_PERSON:
            mentions = _somebody_elses(layout, signal, red_flags, calm, speaks_for_self=speaks_for_self)
            _mark_all(layout, signal, mentions, Status.OTHER_PERSON)
        else:
            _mark_by_cue(layout, signal, red_flags)


def _answers(layout: Layout, signal: Signal) -> bool:
    """Return whether a calm word speaks for the writer: it denied no symptom, asks nothing, and stands alone."""
    return not signal.used and signal.sentence not in layout.questions and stands_alone(layout, signal)


def _mark_by_cue(layout: Layout, signal: Signal, red_flags: frozenset[str]) -> None:
    if signal.cue in _GONE:
        _mark_all(layout, signal, nearest_before(layout, signal), Status.RESOLVED)
    elif signal.cue in _BEFORE:
        _mark_all(layout, signal, _long_since(layout, signal), Status.HISTORICAL)
    elif signal.cue is Cue.UNREAL:
        _mark_all(layout, signal, following(layout, signal), Status.HYPOTHETICAL)
    elif signal.cue is Cue.ASKING and signal.sentence in layout.questions:
        asked_about = [m for m in following(layout, signal, _SOMEBODY_ENDS) if m.symptom not in red_flags]
        _mark_all(layout, signal, asked_about, Status.HYPOTHETICAL)


def _long_since(layout: Layout, signal: Signal) -> list[Mention]:
    """Return what was long ago: a year dates what stands right before it, "used to" what follows, others both."""
    if _BACK in signal.features:
        return [m for m in nearest_before(layout, signal) if signal.start - m.end <= _CLOSE_BY]
    if _AHEAD in signal.features:
        return [m for m in following(layout, signal) if m.start - signal.end <= _CLOSE_BY]
    return beside(layout, signal)


def _mark_all(layout: Layout, signal: Signal, mentions: list[Mention], status: Status) -> None:
    for mention in mentions:
        if mention.status is Status.PRESENT:
            mark(layout, mention, signal, status)
            signal.used = True


def _mark_recovered(layout: Layout, signal: Signal, place: int) -> int:
    """Mark everything said before "fine now" as gone; return the first mention that was not reached."""
    mentions = layout.mentions
    start = place
    while place < len(mentions) and mentions[place].end <= signal.start:
        place += 1
    _mark_all(layout, signal, mentions[start:place], Status.RESOLVED)
    return place


def _somebody_elses(
    layout: Layout, signal: Signal, red_flags: frozenset[str], calm: list[Signal], *, speaks_for_self: bool
) -> list[Mention]:
    """Return the mentions that are not the patient's.

    A relative's complaint is the patient's, written by a carer, unless the patient speaks for themself too; a
    red flag needs that in so many words.
    """
    behind = following(layout, signal, _SOMEBODY_ENDS)
    mentions = _told_of(layout, signal, behind)
    if not behind and _POINTS_BACK in signal.features:
        mentions = nearest_before(layout, signal)
    if _FAR in signal.features or speaks_for_self:
        return mentions
    elsewhere = bool(calm) and (
        calm[0].end <= signal.start or signal.sentence not in (calm[0].sentence, calm[-1].sentence)
    )
    return [mention for mention in mentions if elsewhere and mention.symptom not in red_flags]


def _told_of(layout: Layout, signal: Signal, mentions: list[Mention]) -> list[Mention]:
    """Return the mentions that are said of the person: "walked the dog and fainted" says nothing of the dog."""
    ends = layout.groups[Group.SELF] | layout.groups[Group.AND_WORD] | _PARTING
    told: list[Mention] = []
    end = signal.end
    for mention in mentions:
        between = layout.words[end : mention.start]
        joined = told and (mention.start < end or links_between(layout, end, mention.start) is not None)
        if not joined and (len(between) > _FARTHEST or not ends.isdisjoint(between)):
            break
        told.append(mention)
        end = max(end, mention.end)
    return told
