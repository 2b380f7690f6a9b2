"""Say of every mention how it stands: present unless words nearby prove that it is denied, gone, feared or another's."""

from __future__ import annotations

from typing import Final

from service.core.findings import Status
from service.core.reply.denial import deny
from service.core.reply.layout import SOFT_BREAKS, Layout, Mention, Signal
from service.core.reply.lexicon import Cue, Group
from service.core.reply.thoughts import (
    OF_THE_REST,
    beside,
    following,
    links_between,
    mark,
    nearest_before,
    rest_of_thoughts,
    stands_alone,
)

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
# "Mom is in the hospital with a stroke": she is looked after, and the reply is about the writer.
_LOOKED_AFTER: Final = "looked_after"
# A relative's complaint told of now; it is the patient's where a carer writes, as one who says no "I" may well do.
RELATIVE: Final = "relative"
PERHAPS_OWN: Final = "perhaps_own"
_PARTING: Final = SOFT_BREAKS - frozenset("(/")
# How many words may stand between somebody and what is said of them.
_FARTHEST: Final = 5


def settle(layout: Layout, red_flags: frozenset[str], asked: tuple[str, ...]) -> None:
    """Give every mention of the layout its status, and with it the cue that proves it."""
    if not layout.mentions or len(layout.events) == 1:
        return
    deny(layout, red_flags, asked)
    others = any(signal.cue is Cue.OTHER_PERSON for signal in layout.signals)
    calm, speaks_for_self = _said_of_self(layout) if others else ([], False)
    dated = {signal.sentence for signal in layout.signals if signal.cue in _BEFORE} if others else set()
    well_from = 0
    for signal in layout.signals:
        if signal.cue not in _TELLING:
            continue
        if signal.cue is Cue.WELL_NOW:
            well_from = _mark_recovered(layout, signal, well_from)
        elif signal.cue is Cue.OTHER_PERSON:
            told = _somebody_elses(layout, signal, red_flags, calm, speaks_for_self=speaks_for_self)
            mentions = [mention for mention in told if mention.status is Status.PRESENT]
            _mark_all(layout, signal, mentions, Status.OTHER_PERSON)
            for_self = speaks_for_self or any(said.cue is not Cue.FINE for said in calm)
            _mark_relatives(signal, mentions, dated, {RELATIVE} if for_self else {RELATIVE, PERHAPS_OWN})
        else:
            _mark_by_cue(layout, signal, red_flags)


def _said_of_self(layout: Layout) -> tuple[list[Signal], bool]:
    """Return the calm words that speak for the writer, and whether the writer says "I" of them.

    "Otherwise I feel good" speaks of the rest of the same person: what stands before it is the patient's.
    """
    rest = rest_of_thoughts(layout)
    own = [signal for signal in layout.signals if signal.cue is _OWN_WELLBEING or signal.cue in _CALM]
    own = [s for s in own if OF_THE_REST not in s.features and rest.isdisjoint((s.start, -s.end))]
    calm = [signal for signal in own if signal.cue in _CALM and _answers(layout, signal)]
    return calm, any(signal.cue is _OWN_WELLBEING for signal in own)


def _mark_relatives(signal: Signal, mentions: list[Mention], dated: set[int], marks: set[str]) -> None:
    """Keep of a relative's complaint that a carer may have told it of the patient, unless it is long ago or looked after."""
    if not {_FAR, _LOOKED_AFTER}.isdisjoint(signal.features):
        return
    for mention in mentions:
        if mention.sentence not in dated:
            mention.features |= marks


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
