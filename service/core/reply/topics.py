"""Read "My chest. It feels tight." as one thought: a bare topic, and behind the full stop what is said of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from service.core.reply.lexicon import Group
from service.core.reply.normalize import Text

_STOPS: Final = frozenset(".…\n;")
# "My legs." and "My left arm." are topics; what is longer says something itself.
_LONGEST_TOPIC: Final = 3


def join_topics(text: Text, groups: Mapping[Group, frozenset[str]]) -> Text:
    """Return the text without the stop and the pronoun that part a bare topic from what is said of it."""
    pronouns, leads = groups[Group.TOPIC_PRONOUN], groups[Group.TOPIC_LEAD]
    if pronouns.isdisjoint(text.words) or leads.isdisjoint(text.words):
        return text
    dropped = set(_parting(text.words, pronouns, leads))
    if not dropped:
        return text
    kept = [place for place in range(len(text.words)) if place not in dropped]
    return Text(
        text.raw,
        text.folded,
        tuple(text.words[place] for place in kept),
        tuple(text.starts[place] for place in kept),
        tuple(text.ends[place] for place in kept),
    )


def _parting(words: tuple[str, ...], pronouns: frozenset[str], leads: frozenset[str]) -> list[int]:
    """Return the places of the stops and pronouns that stand between a bare topic and its comment."""
    places: list[int] = []
    begin = 0
    for place, word in enumerate(words[:-1]):
        if word not in _STOPS and word not in "!?":
            continue
        is_topic = word in _STOPS and 2 <= place - begin <= _LONGEST_TOPIC and words[begin] in leads
        if is_topic and words[place + 1] in pronouns:
            places += [place, place + 1]
        begin = place + 1
    return places
