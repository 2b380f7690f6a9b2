"""One text laid out for reading: its words, where thoughts end, and every lexicon entry found, in order."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from service.core.findings import Status
from service.core.reply.lexicon import Cue, Entry, EntryKind, Group, Lexicon
from service.core.reply.normalize import Text
from service.core.reply.spotting import Match

# How a word is covered: by one word's entry (1), by a phrase of several, or by a saying that means no symptom.
IN_PHRASE: Final = 2
IN_IDIOM: Final = 3
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


# A bodily complaint that no symptom's phrase explains: it is read in context like one, and never thrown away.
COMPLAINT: Final = ""


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
        self.symptom = entry.name if entry.kind is EntryKind.SYMPTOM else COMPLAINT
        self.features = entry.features
        self.severity = entry.severity
        self.said_status = entry.status
        self.status = entry.status or Status.PRESENT
        self.cue: str | None = entry.where if entry.status else None
        self.sentence = sentence


class Signal:
    """A cue found at one place; `used` once it has told of a symptom, so that it is no answer as well."""

    __slots__ = ("cue", "end", "features", "sentence", "severity", "start", "used")

    def __init__(self, start: int, end: int, entry: Entry, sentence: int) -> None:
        """Take the words [start, end) and the entry of the cue that was found there."""
        self.start = start
        self.end = end
        self.cue = Cue(entry.name)
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
    for match in _widest(lexicon.spotter.find(words), lexicon.entries):
        entry = lexicon.entries[match.entry]
        for place in range(match.start, match.end):
            covered[place] = (
                IN_IDIOM if entry.kind is EntryKind.IDIOM else min(match.end - match.start, IN_PHRASE)
            )
        if entry.kind is EntryKind.SYMPTOM or entry.name == Cue.COMPLAINT:
            mention = Mention(match.start, match.end, entry, sentences[match.start])
            mentions.append(mention)
            events.append(mention)
        elif entry.kind is EntryKind.CUE and not _is_stray_letter(entry, match, words):
            signal = Signal(match.start, match.end, entry, sentences[match.start])
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
        questions=frozenset(n for n, word in zip(sentences, words, strict=True) if word == "?"),
    )


def _is_stray_letter(entry: Entry, match: Match, words: tuple[str, ...]) -> bool:
    """A letter like "y" is a yes at the start of a reply or between two breaks; elsewhere it is Spanish for "and"."""
    if "letter" not in entry.features:
        return False
    closed = match.end == len(words) or not words[match.end].isalnum() or words[match.end] in _LETTERS
    opened = match.start == 0 or not words[match.start - 1].isalnum() or words[match.start - 1] in _LETTERS
    return not (match.start == 0 or (opened and closed))


def _widest(matches: list[Match], entries: tuple[Entry, ...]) -> list[Match]:
    """Drop every match that lies within a longer one; what overlaps only in part stays.

    Words of courtesy, of asking and of degree hide nothing that lies within them, and a mild word is heard
    even within a symptom's phrase ("my head aches a little behind the eyes").
    """
    matches.sort(key=_outermost_first)
    matches = _without_broken_cues(matches, entries)
    kept: list[Match] = []
    reach = widest_start = -1
    named = {(m.start, m.end) for m in matches if entries[m.entry].kind is EntryKind.SYMPTOM}
    seen: set[tuple[int, int, str, frozenset[str], int | None]] = set()
    for match in matches:
        entry = entries[match.entry]
        said = (match.start, match.end, entry.name, entry.features, entry.severity)
        if said in seen or (entry.name == Cue.COMPLAINT and said[:2] in named):
            continue
        seen.add(said)
        outermost = match.end > reach or (match.end == reach and match.start == widest_start)
        if outermost or (entry.name == Cue.DEGREE and _MILD in entry.features):
            kept.append(match)
        if match.end > reach and entry.name not in _HIDES_NOTHING:
            reach, widest_start = match.end, match.start
    return kept


def _without_broken_cues(matches: list[Match], entries: tuple[Entry, ...]) -> list[Match]:
    """Drop a cue whose last words begin a symptom ("there's no" before "no hope"): they are the symptom's own."""
    symptoms = [match for match in matches if entries[match.entry].kind is EntryKind.SYMPTOM]
    starts = [match.start for match in symptoms]
    whole: list[Match] = []
    for match in matches:
        place = bisect_right(starts, match.start)
        broken = place < len(symptoms) and starts[place] < match.end < symptoms[place].end
        if not broken or entries[match.entry].kind is not EntryKind.CUE:
            whole.append(match)
    return whole


def _outermost_first(match: Match) -> tuple[int, int]:
    return (match.start, -match.end)


def _number_sentences(words: tuple[str, ...]) -> list[int]:
    number = 0
    numbers: list[int] = []
    for word in words:
        numbers.append(number)
        if word in HARD_BREAKS:
            number += 1
    return numbers
