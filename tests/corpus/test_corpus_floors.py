"""How well replies are read may only rise: each figure has a floor, part by part."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pytest

from benchmarks.triage_baselines import read_by_keywords
from benchmarks.triage_denials import SETS, engines_of, f1, sentences_of, wrongly_suppressed
from benchmarks.triage_score import CORPUS, Label, is_held_out, labels_of, reader_of, score
from service.core.interpretation import TriageGuide
from service.library.triage import load_triage

FLOORS = {
    "emergency recall": 1.0,
    "urgent+ recall": 0.99,
    "concern recall": 0.98,
    "plain ok needing nobody": 0.97,
    "denials read": 0.98,
    "severity within 1": 0.97,
    "spasm F1": 0.965,
    "headache F1": 0.97,
    "urinary F1": 0.97,
}
CEILINGS = {"benign false alarm rate": 0.03, "false alarm rate": 0.02}


@pytest.fixture(scope="module")
def guide() -> TriageGuide:
    return load_triage(Path("schedules"))


@pytest.fixture(scope="module")
def replies() -> tuple[Label, ...]:
    return labels_of(CORPUS / "replies.jsonl")


def below(figures: dict[str, float | None], floors: dict[str, float]) -> dict[str, float | None]:
    return {name: figures[name] for name, floor in floors.items() if (figures[name] or 0) < floor}


def above(figures: dict[str, float | None], ceilings: dict[str, float]) -> dict[str, float | None]:
    return {name: figures[name] for name, ceiling in ceilings.items() if (figures[name] or 0) > ceiling}


def test_the_projects_own_replies_are_read_above_every_floor(
    guide: TriageGuide, replies: tuple[Label, ...]
) -> None:
    figures = score(replies, reader_of(guide))

    assert below(figures, FLOORS) == {}
    assert above(figures, CEILINGS) == {}


def test_the_held_out_third_misses_no_emergency(guide: TriageGuide, replies: Iterable[Label]) -> None:
    figures = score(filter(is_held_out, replies), reader_of(guide))

    assert below(figures, {"emergency recall": 1.0, "urgent+ recall": 0.96, "concern recall": 0.97}) == {}


@pytest.mark.parametrize(
    ("writer", "floors"),
    [
        ("second_writer", {"emergency recall": 1.0, "urgent+ recall": 0.99, "concern recall": 0.99}),
        ("third_writer", {"emergency recall": 0.97, "urgent+ recall": 0.98, "concern recall": 0.97}),
        # At first reading, before anybody looked at what was missed: 1.0, 0.98, 0.976 and 0.95, 0.942, 0.945.
        ("fourth_writer", {"emergency recall": 1.0, "urgent+ recall": 1.0, "concern recall": 0.98}),
        ("fifth_writer", {"emergency recall": 1.0, "urgent+ recall": 1.0, "concern recall": 1.0}),
        # Fifteen voices, the literary one the hardest; at first reading 0.893, 0.815 and 0.831.
        ("sixth_writer", {"emergency recall": 1.0, "urgent+ recall": 0.97, "concern recall": 0.98}),
        # Dialects, learners, shorthand and anecdotes, after the sixth was learnt from: first 0.76, 0.784 and 0.786.
        ("seventh_writer", {"emergency recall": 0.96, "urgent+ recall": 0.95, "concern recall": 0.97}),
        # Everyday voices; before it was learnt from 0.933, 0.975 and 0.969.
        ("eighth_writer", {"emergency recall": 1.0, "urgent+ recall": 1.0, "concern recall": 1.0}),
        # Clipped texts and chatter; at first reading 0.929, 0.929 and 0.933, one in eight benign ones alarmed.
        ("ninth_writer", {"emergency recall": 1.0, "urgent+ recall": 1.0, "concern recall": 1.0}),
        # Spanish of several countries; at first reading 0.944, 0.938 and 0.908.
        ("tenth_writer", {"emergency recall": 1.0, "urgent+ recall": 1.0, "concern recall": 1.0}),
        # Told sideways (jokes, other people, wishes, questions); at first reading 0.714, 0.727 and 0.75.
        ("eleventh_writer", {"emergency recall": 1.0, "urgent+ recall": 1.0, "concern recall": 1.0}),
        # The old, the formal and those who write for somebody; at first reading 0.833, 0.82 and 0.82.
        ("twelfth_writer", {"emergency recall": 1.0, "urgent+ recall": 1.0, "concern recall": 1.0}),
        # Plain voices once more; at first reading 1.0, 0.981 and 0.975, four of 35 benign ones alarmed.
        ("thirteenth_writer", {"emergency recall": 1.0, "urgent+ recall": 1.0, "concern recall": 1.0}),
        # And again, after the thirteenth was learnt from: first 1.0, 0.942 and 0.939, one of 36 benign ones alarmed.
        ("fourteenth_writer", {"emergency recall": 1.0, "urgent+ recall": 1.0, "concern recall": 1.0}),
        # And again: first 0.955, 0.981 and 0.976, three of 33 benign ones alarmed.
        ("fifteenth_writer", {"emergency recall": 1.0, "urgent+ recall": 1.0, "concern recall": 1.0}),
    ],
)
def test_other_writers_replies_stay_above_what_was_reached(
    guide: TriageGuide, writer: str, floors: dict[str, float]
) -> None:
    figures = score(labels_of(CORPUS / f"{writer}.jsonl"), reader_of(guide))

    assert below(figures, floors) == {}


def test_keyword_rules_read_the_same_replies_far_worse(
    guide: TriageGuide, replies: tuple[Label, ...]
) -> None:
    ours = score(replies, reader_of(guide))
    keywords = score(replies, read_by_keywords)

    assert (keywords["urgent+ recall"] or 0) < 0.5 < (ours["urgent+ recall"] or 0)
    assert (keywords["benign false alarm rate"] or 0) > 0.3 > (ours["benign false alarm rate"] or 0)


@pytest.mark.parametrize("name", SETS)
def test_a_denial_is_read_better_than_negex_and_medspacy_read_it_and_hides_fewer_findings(
    guide: TriageGuide, name: str
) -> None:
    sentences = sentences_of(name)
    engines = engines_of(guide)
    ours = engines.pop("this reader")

    assert len(wrongly_suppressed(sentences, ours)) <= 1
    for other in engines.values():
        assert len(wrongly_suppressed(sentences, other)) > 5
        assert f1(sentences, other) + 0.1 < f1(sentences, ours)
