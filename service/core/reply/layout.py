"""One text laid out for reading: its words, where thoughts end, and every lexicon entry found, in order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from service.core.findings import Status
from service.core.reply.lexicon import Cue, Entry, EntryKind, Group, Lexicon
from service.core.reply.normalize import Text
from service.core.reply.spotting import Match

# How a word is covered: by one word's entry (1), by a phrase of several, or by a saying that means no symptom.
IN_PHRASE: Final = 2
IN_IDIOM: Final = 3
_COVERS: Final = (b"\0", b"\1", b"\2", b"\3")
HARD_BREAKS: Final = frozenset(".!?;\n|")
_LETTERS: Final = frozenset("yn")
_MILD: Final = "mild"
_HIDES_NOTHING: Final = frozenset(
    {
        Cue.QUESTION,
        Cue.CALL_ME,
        Cue.THANKS,
        Cue.RESCHEDULE,
        Cue.WRONG_PERSON,
        Cue.FACT,
        Cue.PATIENT,
        Cue.DEGREE,
    }
    | {Cue.OTHER_PERSON, Cue.OWN_WELLBEING, Cue.ASKING, Cue.COMPLAINT}
)
SOFT_BREAKS: Final = frozenset(',:-()=/&+"~•')


# A phrase of so many words is heard within a wider one, unless that one is marked as the last word on the matter.
_TELLING: Final = 3
_FINAL: Final = "final"
_NO_ENTRY: Final = Entry(EntryKind.IDIOM, "", frozenset(), None, None, "")
# A bodily complaint that no symptom's phrase explains: it is read in context like one, and never thrown away.
COMPLAINT: Final = ""
# What is looked at for every entry found, by names that are quicker to look up than an enumeration's.
_SYMPTOM: Final = EntryKind.SYMPTOM
_IDIOM: Final = EntryKind.IDIOM
_CUE: Final = EntryKind.CUE
_start_of: Final = itemgetter(0)
_PRESENT: Final = Status.PRESENT
_COMPLAINT_CUE: Final = str(Cue.COMPLAINT)
_DEGREE_CUE: Final = str(Cue.DEGREE)


class Mention:
    """A symptom spoken of at one place, and what the context has made of it so far."""

    __slots__ = (
        "cue",
        "end",
        "features",
        "said_status",
        "sentence",
        "severity",
        "start",
        "status",
        "symptom",
    )

    def __init__(self, start: int, end: int, entry: Entry, sentence: int) -> None:
        """Take the words [start, end) and the entry that was found there."""
        self.start = start
        self.end = end
        self.symptom = entry.name if entry.kind is _SYMPTOM else COMPLAINT
        self.features = entry.features
        self.severity = entry.severity
        self.said_status = entry.status
        self.status = entry.status or _PRESENT
        self.cue: str | None = entry.where if entry.status else None
        self.sentence = sentence


_CUES: Final = {str(cue): cue for cue in Cue}


class Signal:
    """A cue found at one place; `used` once it has told of a symptom, so that it is no answer as well."""

    __slots__ = ("cue", "end", "features", "sentence", "severity", "start", "used")

    def __init__(self, start: int, end: int, entry: Entry, sentence: int) -> None:
        """Take the words [start, end) and the entry of the cue that was found there."""
        self.start = start
        self.end = end
        self.cue = _CUES[entry.name]
        self.features = entry.features
        self.severity = entry.severity
        self.sentence = sentence
        self.used = False


Event = Mention | Signal


@dataclass(slots=True)
class Layout:
    """A text with everything found in it; `sentences[i]` numbers the sentence of word i."""

    text: Text
    words: tuple[str, ...]
    sentences: list[int]
    events: list[Event]
    mentions: list[Mention]
    signals: list[Signal]
    covered: bytearray
    groups: Mapping[Group, frozenset[str]]
    mention_starts: list[int]
    event_starts: list[int]
    questions: frozenset[int]


def lay_out(text: Text, lexicon: Lexicon) -> Layout:
    """Find every entry and sort out which of those that overlap was meant: the one that says more."""
    words = text.words
    sentences = _number_sentences(words)
    events: list[Event] = []
    mentions: list[Mention] = []
    signals: list[Signal] = []
    covered = bytearray(len(words))
    for start, end, place in _widest(lexicon.spotter.find(words), lexicon.entries):
        entry = lexicon.entries[place]
        is_idiom = entry.kind is _IDIOM
        covered[start:end] = _COVERS[IN_IDIOM if is_idiom else min(end - start, IN_PHRASE)] * (end - start)
        if entry.kind is _SYMPTOM or entry.name == _COMPLAINT_CUE:
            mention = Mention(start, end, entry, sentences[start])
            mentions.append(mention)
            events.append(mention)
        elif not is_idiom and not _is_stray_letter(entry, start, end, words):
            signal = Signal(start, end, entry, sentences[start])
            signals.append(signal)
            events.append(signal)
    return Layout(
        text=text,
        words=words,
        sentences=sentences,
        events=events,
        mentions=mentions,
        signals=signals,
        covered=covered,
        groups=lexicon.groups,
        mention_starts=[mention.start for mention in mentions],
        event_starts=[event.start for event in events],
        questions=_questions(sentences, words),
    )


def _questions(sentences: list[int], words: tuple[str, ...]) -> frozenset[int]:
    if "?" not in words:
        return frozenset()
    return frozenset(n for n, word in zip(sentences, words, strict=True) if word == "?")


def _is_stray_letter(entry: Entry, start: int, end: int, words: tuple[str, ...]) -> bool:
    """A letter like "y" is a yes at the start of a reply or before a break; elsewhere it is Spanish for "and"."""
    if "letter" not in entry.features:
        return False
    closed = end == len(words) or not words[end].isalnum()
    opened = start == 0 or not words[start - 1].isalnum() or words[start - 1] in _LETTERS
    return not (start == 0 or closed or (opened and words[end] in _LETTERS))


def _widest(matches: list[Match], entries: tuple[Entry, ...]) -> list[Match]:
    """Drop every match that lies within a longer one; what overlaps only in part stays.

    Words of courtesy, of asking and of degree hide nothing that lies within them, and a mild word is heard
    even within a symptom's phrase ("my head aches a little behind the eyes").
    """
    if len(matches) < 2:
        return matches
    symptoms = [match[:2] for match in matches if entries[match[2]].kind is _SYMPTOM]
    named = set(symptoms)
    kept: list[Match] = []
    reach = widest_start = -1
    widest = _NO_ENTRY
    seen: set[tuple[int, int, str, frozenset[str], int | None]] = set()
    for match in matches:
        start, end, place = match
        entry = entries[place]
        if symptoms and entry.kind is _CUE and _is_broken(start, end, symptoms):
            continue
        said = (start, end, entry.name, entry.features, entry.severity)
        if said in seen or (entry.name == _COMPLAINT_CUE and match[:2] in named):
            continue
        seen.add(said)
        outermost = end > reach or (end == reach and start == widest_start)
        if (
            outermost
            or (entry.name == _DEGREE_CUE and _MILD in entry.features)
            or (end - start >= _TELLING and _says_more(entry, widest))
        ):
            kept.append(match)
        if end > reach and entry.name not in _HIDES_NOTHING:
            reach, widest_start, widest = end, start, entry
    return kept


def _says_more(entry: Entry, widest: Entry) -> bool:
    """Return whether a phrase within a wider one of the same symptom knows more of it ("looks like coffee grounds")."""
    if entry.kind is not _SYMPTOM or entry.name != widest.name or widest.kind is not _SYMPTOM:
        return False
    is_final = _FINAL in widest.features or widest.status is not None
    return not is_final and entry.status is None and not entry.features <= widest.features


def _is_broken(start: int, end: int, symptoms: list[tuple[int, int]]) -> bool:
    """Return whether the last words of a cue ("there's no") begin a symptom ("no hope"): they are the symptom's own."""
    place = bisect_right(symptoms, start, key=_start_of)
    return place < len(symptoms) and symptoms[place][0] < end < symptoms[place][1]


def _number_sentences(words: tuple[str, ...]) -> list[int]:
    if HARD_BREAKS.isdisjoint(words):
        return [0] * len(words)
    number = 0
    numbers: list[int] = []
    for word in words:
        numbers.append(number)
        if word in HARD_BREAKS:
            number += 1
    return numbers
