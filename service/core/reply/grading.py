"""Tie numbers and words of degree to the symptoms that they speak of."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Final

from service.core.findings import Status
from service.core.reply.layout import COMPLAINT, HARD_BREAKS, SOFT_BREAKS, Layout, Mention, Signal
from service.core.reply.lexicon import Cue
from service.core.reply.quantities import Quantities, Score

_ADJACENT: Final = 4
_SAME_THOUGHT: Final = 12
_COMMA_COST: Final = 4
_DEGREE: Final = Cue.DEGREE


def grade_mentions(layout: Layout, quantities: Quantities) -> tuple[list[Score], list[Signal]]:
    """Give mentions their severities; return the scores and degree words that belong to none of them."""
    starts = layout.mention_starts
    loose_degrees = [s for s in layout.signals if s.cue is _DEGREE and not _grade_by_words(layout, s, starts)]
    loose_scores: list[Score] = []
    for score in quantities.scores:
        target = (
            _target_of(layout, score, starts, quantities)
            if score.certain
            else _adjacent(layout, score, starts)
        )
        if target is None:
            loose_scores.append(score)
        elif not score.past or target.severity is None:
            _give(target, score)
            if target.symptom == COMPLAINT:
                loose_scores.append(score)
    return loose_scores, loose_degrees


def give_to_only_symptom(layout: Layout, scores: list[Score], listed: tuple[str, ...]) -> list[Score]:
    """Where one number stands apart from every symptom, it is the last ungraded one's of those named before it."""
    certain = [score for score in scores if score.certain and not score.past]
    if len(certain) != 1:
        return scores
    named = [m for m in layout.mentions if m.status is Status.PRESENT and m.symptom != COMPLAINT]
    if any(m.severity is not None for m in named):
        return scores
    before = [mention for mention in named if mention.end <= certain[0].start]
    asked_for = [mention for mention in before if mention.symptom in listed]
    alone = named if len({mention.symptom for mention in named}) == 1 else []
    spoken_of = asked_for or before or alone
    if not spoken_of:
        return scores
    _give(spoken_of[-1], certain[0])
    return [score for score in scores if score is not certain[0]]


def _give(mention: Mention, score: Score) -> None:
    mention.severity = score.value
    if score.value == 0 and mention.status is Status.PRESENT:
        mention.status = Status.ABSENT
        mention.cue = "score: 0"
    elif (
        score.value > 0 and mention.status is Status.ABSENT and mention.said_status is None and not score.past
    ):
        mention.status, mention.cue = Status.PRESENT, None


def _adjacent(layout: Layout, score: Score, starts: list[int]) -> Mention | None:
    holder = _mention_at(layout, bisect_right(starts, score.start) - 1)
    if holder is not None and score.end <= holder.end:
        return holder
    following = _mention_at(layout, bisect_left(starts, score.end))
    if following is not None and following.start == score.end and score.end - score.start > 1:
        return following
    preceding = _mention_at(layout, bisect_left(starts, score.start) - 1)
    return preceding if preceding is not None and preceding.end == score.start else None


def _target_of(layout: Layout, score: Score, starts: list[int], quantities: Quantities) -> Mention | None:
    holder = _mention_at(layout, bisect_right(starts, score.start) - 1)
    if holder is not None and score.end <= holder.end:
        return holder
    place = bisect_left(starts, score.start)
    preceding = _mention_at(layout, place - 1)
    following = _mention_at(layout, bisect_left(starts, score.end))
    before = _cost(layout, preceding.end, score.start) if preceding else None
    after = _cost(layout, score.end, following.start) if following else None
    if after is not None and (
        after > _ADJACENT or (before is not None and not _leads(layout, quantities, starts))
    ):
        close = before is not None and after == 0 and before > 0
        after = after if close else None
    if before is not None and after is None:
        return preceding
    if after is not None and before is not None:
        return following if after <= before or _leads(layout, quantities, starts) else preceding
    if after is not None:
        return following
    if preceding is None or score.sentence - preceding.sentence != 1:
        return None
    # In "bladder is fine. It's a 7 now" the number is not of what was just denied.
    return preceding if preceding.status is not Status.ABSENT or score.value == 0 else None


def _leads(layout: Layout, quantities: Quantities, starts: list[int]) -> bool:
    """In "0 spasms 0 headache 4 bladder" the numbers stand before what they speak of."""
    first = quantities.scores[0]
    return (
        bool(starts) and first.end <= starts[0] and starts[0] - first.end <= 1 and len(quantities.scores) > 1
    )


def _cost(layout: Layout, start: int, end: int) -> int | None:
    """Return how far apart two places are, or None where a thought ends between them."""
    cost = 0
    for word in layout.words[max(start, 0) : end][: _SAME_THOUGHT * 2]:
        if word in HARD_BREAKS:
            return None
        cost += _COMMA_COST if word == "," else 0 if word in SOFT_BREAKS else 1
    return cost if end - start <= _SAME_THOUGHT * 2 else None


def _around(layout: Layout, signal: Signal, place: int) -> Mention | None:
    """Return the mention whose own words hold the signal."""
    for mention in (_mention_at(layout, place), _mention_at(layout, place - 1)):
        if mention is not None and mention.start <= signal.start and signal.end <= mention.end:
            return mention
    return None


def _mention_at(layout: Layout, place: int) -> Mention | None:
    return layout.mentions[place] if 0 <= place < len(layout.mentions) else None


def _grade_by_words(layout: Layout, signal: Signal, starts: list[int]) -> bool:
    following = _mention_at(layout, bisect_left(starts, signal.end))
    preceding = _mention_at(layout, bisect_left(starts, signal.start) - 1)
    after = _cost(layout, signal.end, following.start) if following else None
    before = _cost(layout, preceding.end, signal.start) if preceding else None
    target = _around(layout, signal, bisect_left(starts, signal.start))
    if target is not None:
        pass
    elif following and after is not None and after <= _ADJACENT and (before is None or after <= before):
        target = following
    elif preceding and before is not None and before <= _SAME_THOUGHT:
        target = preceding
    if target is None:
        return False
    target.features |= signal.features
    if target.severity is None and signal.severity is not None:
        target.severity = signal.severity
    return True
