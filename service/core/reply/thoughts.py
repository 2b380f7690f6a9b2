"""Where one thought ends and the next begins: what lies before, beside and behind a cue, and how list items are joined."""

from __future__ import annotations

from bisect import bisect_left
from typing import Final

from service.core.findings import Status
from service.core.reply.layout import HARD_BREAKS, SOFT_BREAKS, Layout, Mention, Signal
from service.core.reply.lexicon import Cue, Group

# How far a word like "gone" looks back, in words; and how many mentions one cue can speak of: the bounds keep
# the reading of any text linear in its length.
AFTER_REACH: Final = 9
LONGEST_LIST: Final = 24
_LETTER: Final = "letter"
# "No" and "nothing" are answers, but not before a verb ("no orino", "nothing comes out").
_DENIES_VERBS: Final = "denies_verbs"
# "Nothing else" denies what was not named, and not the symptom before it.
OF_THE_REST: Final = "rest"
# "Other than that, I" stands between the rest and what is said of it.
_REST_REACH: Final = 2
_COMMA_COST: Final = 4
# So many words that say "all is well" say so wherever they stand.
_LONG_ENOUGH: Final = 3
_COURTESIES: Final = frozenset({Cue.THANKS, Cue.YES, Cue.NO, Cue.NONE})
# Of so many events before and behind a cue some may touch it.
_NEIGHBOURS: Final = 6
# "But yes", "fine except yes".
_LEADING: Final = frozenset({Cue.CONTRAST, Cue.EXCEPTION})
_BESIDE_COURTESIES: Final = frozenset({Cue.FINE, Cue.YES})
THOUGHT_ENDS: Final = frozenset({Cue.CONTRAST, Cue.CORRECTION})


def mark(layout: Layout, mention: Mention, signal: Signal, status: Status) -> None:
    """Give a mention a status, and keep the cue that proves it."""
    mention.status = status
    mention.cue = cue_name(layout, signal)


def cue_name(layout: Layout, signal: Signal) -> str:
    """Return the cue and its words, as an explanation names them."""
    return f"{signal.cue}: {' '.join(layout.words[signal.start : signal.end])}"


def links_between(layout: Layout, start: int, end: int) -> frozenset[str] | None:
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


def rest_of_thoughts(layout: Layout) -> frozenset[int]:
    """Return where words begin that speak of the rest only ("otherwise | I feel good"), and, negative, where they end."""
    places: set[int] = set()
    for signal in layout.signals:
        if OF_THE_REST in signal.features:
            places.update(range(signal.start, signal.end + _REST_REACH + 1))
            places.update(range(-signal.end, -signal.start + 1))
    return frozenset(places)


def nearest_before(layout: Layout, signal: Signal) -> list[Mention]:
    """Return the mention that a word like "gone" speaks of, and those listed with it."""
    place = bisect_left(layout.mention_starts, signal.start)
    before = [m for m in layout.mentions[max(0, place - LONGEST_LIST) : place] if m.end <= signal.start]
    if not before:
        return []
    last = before[-1]
    if signal.sentence - last.sentence > 1 or signal.start - last.end > AFTER_REACH:
        return []
    group = [last]
    for mention in reversed(before[:-1]):
        if mention.end > group[-1].start or links_between(layout, mention.end, group[-1].start) is not None:
            group.append(mention)
        else:
            break
    return group


def following(layout: Layout, signal: Signal, stoppers: frozenset[Cue] = THOUGHT_ENDS) -> list[Mention]:
    """Return the mentions behind a cue up to the end of its thought; one may begin with the cue's last word."""
    found: list[Mention] = []
    place = bisect_left(layout.event_starts, signal.start + 1)
    for event in layout.events[place : place + LONGEST_LIST]:
        if event.end <= signal.end or (event.start < signal.end and isinstance(event, Signal)):
            continue
        if event.sentence != signal.sentence or (isinstance(event, Signal) and event.cue in stoppers):
            break
        if isinstance(event, Mention):
            found.append(event)
    return found


def beside(layout: Layout, signal: Signal) -> list[Mention]:
    """Return the mentions of the cue's own thought, before and behind it."""
    before: list[Mention] = []
    place = bisect_left(layout.event_starts, signal.start)
    for event in reversed(layout.events[max(0, place - LONGEST_LIST) : place]):
        if event.sentence != signal.sentence:
            break
        if isinstance(event, Signal) and event.cue in (Cue.CONTRAST, Cue.EXCEPTION):
            break
        if isinstance(event, Mention):
            before.append(event)
    return before + following(layout, signal) or nearest_before(layout, signal)


def distance(layout: Layout, one: Signal, other: Signal) -> int:
    """Return how many words lie between two cues; a comma counts for many."""
    first, last = (one, other) if one.start < other.start else (other, one)
    between = layout.words[first.end : last.start]
    return len(between) + _COMMA_COST * sum(word in SOFT_BREAKS for word in between)


def stands_alone(layout: Layout, signal: Signal) -> bool:
    """A "no" answers where it opens or closes a sentence or stands beside a courtesy or another answer."""
    words = layout.words
    if _LETTER in signal.features:
        return True
    opens = signal.start == 0 or not words[signal.start - 1][0].isalnum()
    closes = signal.end == len(words) or not words[signal.end][0].isalnum()
    if closes or words[signal.end - 1] in HARD_BREAKS:
        return True
    if signal.cue is Cue.FINE and signal.end - signal.start >= _LONG_ENOUGH:
        return True
    if opens or signal.cue is Cue.NONE:
        return _DENIES_VERBS not in signal.features or _is_followed(layout, signal.end)
    touching = _touching(layout, signal)
    if signal.cue is Cue.YES and any(o.cue in _LEADING and o.end == signal.start for o in touching):
        return True
    return signal.cue in _BESIDE_COURTESIES and any(other.cue in _COURTESIES for other in touching)


def _touching(layout: Layout, signal: Signal) -> list[Signal]:
    """Return the cues that begin where this one ends, or end where it begins."""
    place = bisect_left(layout.event_starts, signal.start)
    near = layout.events[max(0, place - _NEIGHBOURS) : place + _NEIGHBOURS]
    return [
        event
        for event in near
        if isinstance(event, Signal) and (event.end == signal.start or event.start == signal.end)
    ]


def _is_followed(layout: Layout, place: int) -> bool:
    """Return whether something known stands behind a "no"; before an unknown word ("no jala aire") it denies that."""
    passing = layout.groups[Group.SUBJECT] | layout.groups[Group.LIST_WORD]
    while place < len(layout.words) - 1 and layout.words[place] in passing:
        place += 1
    nearest = bisect_left(layout.event_starts, place)
    known = nearest < len(layout.events) and layout.event_starts[nearest] == place
    return known or not layout.words[place][0].isalnum()
