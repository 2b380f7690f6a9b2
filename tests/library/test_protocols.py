"""Protocol files: what is read from them, and every mistake that is found before anything starts."""

from datetime import time, timedelta
from pathlib import Path

import pytest

from service.core.protocol import Anchor, QuietHours, Silence, Span
from service.core.words import OPENING, UNSOLICITED, Asked, Channel, Disposition
from service.library.errors import LibraryError
from service.library.protocols import load_protocol, load_protocols
from service.library.wording import load_wording

ROOT = Path(__file__).parents[2]
SOUND = """\
key: a-protocol
version: 3
title: A protocol
source: made for a test
quiet_hours: 22:00-07:30
merge_within: 12 h
steps:
  - key: 4h
    after: 4 h
    window: 10 h
    asks: [spasm, headache]
    nudge: 2 h
    voice_after: 3 h
    give_up: 6 h
    silence: missed
ladders:
  urgent:
    acknowledge_within: 15 min
    close_within: 1 h
    tiers:
      - {tier: nurse, wait: 5 min, text_after: 0 min, call_after: 1 min}
      - {tier: doctor, wait: 5 min, call_after: 0 min}
  emergency:
    acknowledge_within: 5 min
    close_within: 30 min
    tiers: [{tier: nurse, wait: 2 min, text_after: 0 min, call_after: 0 min}]
"""


def a_file(folder: Path, *changes: tuple[str, str], name: str = "a-protocol.yaml") -> Path:
    """Write the sound protocol with some of its lines changed."""
    text = SOUND
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def mistakes(path: Path) -> list[str]:
    with pytest.raises(LibraryError) as caught:
        load_protocol(path)
    return [f"{problem.line}: {problem.field} {problem.sentence}" for problem in caught.value.problems]


def test_a_sound_file_is_a_protocol(tmp_path: Path) -> None:
    protocol = load_protocol(a_file(tmp_path))

    assert (protocol.key, protocol.version, protocol.quiet_hours) == (
        "a-protocol",
        3,
        QuietHours(time(22), time(7, 30)),
    )
    step = protocol.step("4h")
    assert (step.anchor, step.after, step.window, step.earliest) == (
        Anchor.INFUSION,
        timedelta(hours=4),
        timedelta(hours=10),
        None,
    )
    assert (step.nudge, step.voice_after, step.give_up) == tuple(timedelta(hours=h) for h in (2, 3, 6))
    assert (step.silence, step.fallback_to_voice, step.template) == (Silence.MISSED, True, "check_in_opening")


def test_a_ladder_says_who_when_and_how(tmp_path: Path) -> None:
    ladder = load_protocol(a_file(tmp_path)).ladder(Disposition.URGENT)

    assert ladder.acknowledge_within == timedelta(minutes=15)
    assert [(tier.name, tier.channels) for tier in ladder.tiers] == [
        ("nurse", (Channel.SMS, Channel.VOICE)),
        ("doctor", (Channel.VOICE,)),
    ]


def test_what_is_asked_for_and_is_not_there_gets_a_sentence(tmp_path: Path) -> None:
    protocol = load_protocol(a_file(tmp_path))

    with pytest.raises(KeyError, match="Protocol a-protocol has no step '5h'; it has 4h"):
        protocol.step("5h")
    with pytest.raises(KeyError, match="Protocol a-protocol has no ladder for callback"):
        protocol.ladder(Disposition.CALLBACK)


@pytest.mark.parametrize(
    ("asks", "question"),
    [
        ("[spasm, headache, urinary]", OPENING),
        ("[urinary]", Asked.parse("severity:urinary")),
    ],
)
def test_the_question_of_a_step_follows_from_what_it_asks(tmp_path: Path, asks: str, question: Asked) -> None:
    protocol = load_protocol(a_file(tmp_path, ("[spasm, headache]", asks)))

    assert protocol.step("4h").question == question


def test_a_reminder_asks_nothing_and_waits_for_nothing(tmp_path: Path) -> None:
    reminder = a_file(
        tmp_path,
        ("asks: [spasm, headache]", "asks: []"),
        ("    nudge: 2 h\n    voice_after: 3 h\n", ""),
        ("silence: missed", "silence: nothing"),
    )

    assert load_protocol(reminder).step("4h").question == UNSOLICITED


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


def test_mistakes_of_all_files_are_found_at_once(tmp_path: Path) -> None:
    first = a_file(tmp_path, ("version: 3", "version: 0"), name="first.yaml")
    second = a_file(tmp_path, ("after: 4 h", "after: soon"), name="second.yaml")

    with pytest.raises(LibraryError) as caught:
        load_protocols(tmp_path)

    assert [problem.path for problem in caught.value.problems] == [first, second]


def test_two_files_of_one_key_are_a_mistake(tmp_path: Path) -> None:
    a_file(tmp_path, name="first.yaml")
    a_file(tmp_path, name="second.yaml")

    with pytest.raises(LibraryError, match=r"second\.yaml:1: key is 'a-protocol', as in another file"):
        load_protocols(tmp_path)


def test_a_folder_without_a_protocol_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="holds no protocol"):
        load_protocols(tmp_path)


def test_folders_within_the_folder_are_not_read(tmp_path: Path) -> None:
    a_file(tmp_path)
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "other.yaml").write_text("rules: []")

    assert list(load_protocols(tmp_path)) == ["a-protocol"]


def test_messages_and_symptoms_that_do_not_exist_are_mistakes(tmp_path: Path) -> None:
    wording = load_wording(ROOT / "templates" / "texts")
    path = a_file(
        tmp_path,
        ("[spasm, headache]", "[spasm, hedache]"),
        ("    window: 10 h", "    window: 10 h\n    template: check_in_opning"),
    )

    with pytest.raises(LibraryError) as caught:
        load_protocol(path, wording)

    first, second = caught.value.problems
    assert (first.line, first.field) == (11, "steps[0].template")
    assert first.sentence == "is 'check_in_opning', which is no message in templates/texts."
    assert (second.line, second.field) == (12, "steps[0].asks[1]")
    assert second.sentence.startswith("is 'hedache'; it must be one of allergy, anxiety, ")


def test_a_span_says_when_a_protocol_begins_and_ends(tmp_path: Path) -> None:
    path = a_file(tmp_path, ("steps:", "span: {infusions: 6, dose_mg: 500, ends_after: 180 d}\nsteps:"))

    assert load_protocol(path).span == Span(6, 500.0, timedelta(days=180))
