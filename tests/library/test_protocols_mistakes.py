"""Every mistake in a protocol file is found where it stands, and all of them at once."""

from pathlib import Path

import pytest
from protocol_files import SOUND, a_file

from service.library.errors import LibraryError
from service.library.protocols import load_protocol


def mistakes(path: Path) -> list[str]:
    with pytest.raises(LibraryError) as caught:
        load_protocol(path)
    return [f"{problem.line}: {problem.field} {problem.sentence}" for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("version: 3\n", "", "1: version is missing; add it."),
        ("version: 3", "version: 0", "2: version is 0: input should be greater than or equal to 1."),
        ("title:", "titel:", "1: title is missing; add it."),
        ("key: 4h", "key: 4 h", "8: steps[0].key is '4 h'; write small letters, digits and dashes."),
        (
            "after: 4 h",
            "after: 4 hours",
            "9: steps[0].after is '4 hours'; "
            'write a duration such as "30 min", "4 h", "1 h 30 min" or "7 d".',
        ),
        (
            "after: 4 h",
            "every_months: 1",
            "9: steps[0].every_months is for monthly steps; remove it or write anchor: monthly.",
        ),
        (
            "22:00-07:30",
            "22-7",
            "5: quiet_hours is '22'; write a time of day such as \"08:00\".",
        ),
        (
            "silence: missed",
            "silence: quiet",
            "15: steps[0].silence is 'quiet'; it must be one of 'missed', 'escalate' or 'nothing'.",
        ),
        (
            "silence: missed",
            "silence: nothing",
            "15: steps[0].silence must be missed or escalate, because the step asks something.",
        ),
        ("asks: [spasm, headache]", "asks: spasm", "11: steps[0].asks must be a list."),
        (
            "asks: [spasm, headache]",
            "asks: []",
            "15: steps[0].silence must be nothing, without nudge or voice_after, where a step asks nothing.",
        ),
        (
            "    window: 10 h",
            "    window: 0 h",
            "10: steps[0].window is 0; say how long after its time the check-in is still worth sending.",
        ),
        (
            "nudge: 2 h",
            "nudge: 3 h",
            "13: steps[0].voice_after is 3 h; it must be later than nudge, 3 h.",
        ),
        (
            "give_up: 6 h",
            "give_up: 1 h",
            "14: steps[0].give_up is 1 h; it must be later than voice_after, 3 h.",
        ),
        (
            "    window: 10 h",
            "    window: 10 h\n    earliest: 5 h",
            "11: steps[0].earliest is later than after, 4 h; it can only be sooner.",
        ),
        (
            "    after: 4 h",
            "    after: 4 h\n    anchor: series",
            "10: steps[0].anchor is series, and the protocol has no series_gap; "
            "say what pause ends a series.",
        ),
        (
            "    after: 4 h",
            "    anchor: monthly\n    every_months: 1",
            "9: steps[0].anchor is monthly, and the protocol has no span; say there when it begins and ends.",
        ),
        (
            "    after: 4 h",
            "    anchor: monthly",
            "8: steps[0].every_months is missing; a monthly step needs it (1 is every month).",
        ),
        (
            "    asks: [spasm, headache]\n    nudge: 2 h\n    voice_after: 3 h\n    give_up: 6 h\n    silence: missed",
            "    asks: []\n    nudge: 2 h\n    give_up: 6 h\n    silence: nothing",
            "14: steps[0].silence must be nothing, without nudge or voice_after, where a step asks nothing.",
        ),
        (
            "    asks: [spasm, headache]\n    nudge: 2 h\n    voice_after: 3 h\n    give_up: 6 h\n    silence: missed",
            "    asks: []\n    voice_after: 3 h\n    give_up: 6 h\n    silence: nothing",
            "14: steps[0].silence must be nothing, without nudge or voice_after, where a step asks nothing.",
        ),
        (
            "steps:",
            "span: {ends_after: 60 d}\nsteps:",
            "7: span says not when it begins; give infusions, dose_mg or both.",
        ),
        (
            "acknowledge_within: 15 min",
            "acknowledge_within: 5 min",
            "20: ladders.urgent.tiers takes 5 min to reach the last tier; "
            "it must be less than acknowledge_within.",
        ),
        (
            "{tier: doctor, wait: 5 min, call_after: 0 min}",
            "{tier: doctor, wait: 5 min}",
            "22: ladders.urgent.tiers[1] reaches nobody; give text_after, call_after or both.",
        ),
        (
            "{tier: doctor, wait: 5 min, call_after: 0 min}",
            "{tier: doctor, wait: 5 min, call_after: 5 min}",
            "22: ladders.urgent.tiers[1].call_after is 5 min, "
            "when the tier's 5 min are over; make it sooner.",
        ),
        (
            "{tier: doctor, wait: 5 min, call_after: 0 min}",
            "{tier: doctor, wait: 0 min, call_after: 0 min}",
            "22: ladders.urgent.tiers[1].wait is 0; give the tier time to answer.",
        ),
        (
            "  emergency:",
            "  callback:",
            "16: ladders.emergency is missing; add it.",
        ),
        (
            "  emergency:",
            "  later:",
            "23: ladders.later is not a field known here; check its spelling or remove it.",
        ),
    ],
)
def test_a_mistake_is_found_where_it_stands(tmp_path: Path, old: str, new: str, expected: str) -> None:
    assert expected in mistakes(a_file(tmp_path, (old, new)))


def test_a_step_that_says_not_when_is_a_mistake(tmp_path: Path) -> None:
    path = a_file(tmp_path, ("    after: 4 h\n", ""))

    sentence = "is missing; say how long after the infusion the check-in comes."
    assert mistakes(path) == [f"8: steps[0].after {sentence}"]


def test_a_protocol_without_steps_is_a_mistake(tmp_path: Path) -> None:
    steps = SOUND[SOUND.index("steps:") : SOUND.index("ladders:")]

    path = a_file(tmp_path, (steps, "steps: []\n"))

    assert mistakes(path) == ["7: steps is empty; a protocol has at least one step."]


def test_two_steps_of_one_key_are_a_mistake(tmp_path: Path) -> None:
    step = SOUND[SOUND.index("  - key") : SOUND.index("ladders:")]
    path = a_file(tmp_path, ("ladders:\n", f"{step}ladders:\n"))

    assert mistakes(path) == ["16: steps[1].key is '4h', as an earlier step; keys are unique."]


def test_all_mistakes_of_a_file_are_found_at_once(tmp_path: Path) -> None:
    path = a_file(
        tmp_path, ("version: 3", "version: three"), ("after: 4 h", "after: soon"), ("give_up", "giveup")
    )

    assert [mistake.split(" ")[:2] for mistake in mistakes(path)] == [
        ["2:", "version"],
        ["8:", "steps[0].give_up"],
        ["9:", "steps[0].after"],
        ["14:", "steps[0].giveup"],
    ]
