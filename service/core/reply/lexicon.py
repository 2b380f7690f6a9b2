"""The words that the reader knows: entries that mean something, sets they are built from, and the speller beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from service.core.findings import Status
from service.core.reply.net import Net
from service.core.reply.phrase_graph import PhraseGraph
from service.core.reply.phrases import Phrase
from service.core.reply.spelling import Speller
from service.core.reply.spotting import Spotter


class EntryKind(StrEnum):
    """What a phrase of the lexicon is for."""

    SYMPTOM = "symptom"
    IDIOM = "idiom"
    CUE = "cue"


@dataclass(frozen=True, slots=True)
class Entry:
    """What it means that a phrase was found.

    `name` is a symptom's code, a cue's name, or empty for an idiom; `severity` is on the scale of 0 to 10;
    `status` is set where the phrase itself says it ("peeing fine" is `urinary` absent).
    """

    kind: EntryKind
    name: str
    features: frozenset[str]
    severity: int | None
    status: Status | None
    where: str


class Cue(StrEnum):
    """The cues that the reader acts on; a lexicon that names another is refused."""

    # What stands before or after a symptom and says how it stands.
    DENIAL = "denial"
    DENIAL_AFTER = "denial_after"
    NOT_A_DENIAL = "not_a_denial"
    GONE_BEFORE = "gone_before"
    GONE_AFTER = "gone_after"
    WELL_NOW = "well_now"
    NOT_GONE = "not_gone"
    LONG_STANDING = "long_standing"
    LONG_AGO = "long_ago"
    UNREAL = "unreal"
    ASKING = "asking"
    OTHER_PERSON = "other_person"
    OWN_WELLBEING = "own_wellbeing"
    CONTRAST = "contrast"
    EXCEPTION = "exception"
    PATIENT = "patient"
    CORRECTION = "correction"
    # Answers.
    YES = "yes"
    NO = "no"
    NONE = "none"
    FINE = "fine"
    BETTER = "better"
    SAME = "same"
    WORSE = "worse"
    NUMBER_ONE = "number_one"
    NUMBER_TWO = "number_two"
    NUMBER_THREE = "number_three"
    OTHERS = "others"
    DONT_KNOW = "dont_know"
    THUMBS_UP = "thumbs_up"
    # How bad: `mild`, `moderate`, `severe` and `extreme` are its features.
    DEGREE = "degree"
    # What the writer wants.
    STOP = "stop"
    START = "start"
    HELP = "help"
    CALL_ME = "call_me"
    QUESTION = "question"
    WRONG_PERSON = "wrong_person"
    RESCHEDULE = "reschedule"
    THANKS = "thanks"
    # Facts about the reply as a whole, which rules may look at.
    FACT = "fact"
    COMPLAINT = "complaint"


class Group(StrEnum):
    """Sets of single words that the reader asks for by name; a lexicon defines them under `sets`."""

    SUBJECT = "subject"
    LIST_WORD = "list_word"
    OR_WORD = "or_word"
    AND_WORD = "and_word"
    SMALL_WORD = "small_word"
    DURATION_UNIT = "duration_unit"
    DAY_WORD = "day_word"
    COUNT_UNIT = "count_unit"
    CLOCK_WORD = "clock_word"
    CLOCK_LEAD = "clock_lead"
    CLOCK_FOLLOW = "clock_follow"
    SCORE_LEAD = "score_lead"
    SCORE_FOLLOW = "score_follow"
    PAST_LEAD = "past_lead"
    RANGE_WORD = "range_word"
    OUT_OF_WORD = "out_of_word"
    OVER_WORD = "over_word"
    PRESSURE_WORD = "pressure_word"
    BOTTOM_WORD = "bottom_word"
    PULSE_WORD = "pulse_word"
    TEMPERATURE_WORD = "temperature_word"
    DEGREE_WORD = "degree_word"
    CONTRACTION = "contraction"
    POINT_WORD = "point_word"
    ZERO_WORD = "zero_word"
    QUESTION_OPENER = "question_opener"
    SELF = "self"
    TOPIC_LEAD = "topic_lead"
    TOPIC_PRONOUN = "topic_pronoun"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A compiled lexicon: finds entries, repairs words, names emoji, and says what numbers words are."""

    entries: tuple[Entry, ...]
    spotter: Spotter
    speller: Speller
    emoji: Mapping[str, str]
    numbers: Mapping[str, float]
    large_numbers: frozenset[str]
    net: Net
    red_flags: frozenset[str]
    asked: tuple[str, ...]
    groups: Mapping[Group, frozenset[str]]
    measured: Mapping[str, str]
    symptoms: Mapping[str, Mapping[str, str]]
    vocabulary: frozenset[str]


@dataclass(frozen=True, slots=True)
class LexiconSource:
    """A lexicon as it was read from its files, before it is compiled."""

    phrases: tuple[tuple[Phrase, int], ...]
    entries: tuple[Entry, ...]
    sets: Mapping[str, tuple[Phrase, ...]]
    emoji: Mapping[str, str]
    numbers: Mapping[str, float]
    protected: frozenset[str]
    fixes: Mapping[str, str]
    net: Mapping[str, tuple[str, ...]]
    red_flags: frozenset[str]
    asked: tuple[str, ...]
    measured: Mapping[str, str]
    symptoms: Mapping[str, Mapping[str, str]]


# From here on a number word may be a part of a longer one ("one eighty").
_LARGE: Final = 10
# Cues whose words may stand inside a gap; every other lone word of the lexicon ends a gap.
_CROSSABLE: Final = frozenset(
    {
        Cue.DEGREE,
        Cue.FACT,
        Cue.THANKS,
        Cue.PATIENT,
        Cue.ASKING,
        Cue.OTHER_PERSON,
        Cue.LONG_STANDING,
        Cue.LONG_AGO,
        Cue.COMPLAINT,
        Cue.NUMBER_ONE,
        Cue.NUMBER_TWO,
        Cue.NUMBER_THREE,
        Cue.OTHERS,
        Cue.CONTRAST,
    }
)


def compile_lexicon(source: LexiconSource) -> Lexicon:
    """Return the lexicon ready to read with; raises PhraseError where a phrase names a set that is not there."""
    graph = PhraseGraph(source.sets)
    for phrase, index in source.phrases:
        entry = source.entries[index]
        ends_thoughts = entry.kind is not EntryKind.IDIOM and entry.name not in _CROSSABLE
        graph.add(phrase, index, ends_thoughts=ends_thoughts)
    graph.seal()
    spotter = Spotter(graph)
    contractions = graph.members(Group.CONTRACTION)
    speller = Speller(graph.vocabulary(), source.protected, source.fixes, contractions, spotter.knows)
    return Lexicon(
        entries=source.entries,
        spotter=spotter,
        speller=speller,
        emoji=source.emoji,
        numbers=source.numbers,
        large_numbers=frozenset(word for word, value in source.numbers.items() if value >= _LARGE)
        | graph.members(Group.ZERO_WORD),
        net=Net(source.net),
        red_flags=source.red_flags,
        asked=source.asked,
        measured=source.measured,
        groups={group: graph.members(group) for group in Group},
        symptoms=source.symptoms,
        vocabulary=graph.vocabulary(),
    )
