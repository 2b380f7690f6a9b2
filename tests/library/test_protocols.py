"""Protocol files: what is read from them, one file and a folder of them."""

from datetime import time, timedelta
from pathlib import Path

import pytest
from protocol_files import a_file

from service.core.protocol import Anchor, QuietHours, Silence, Span
from service.core.words import OPENING, UNSOLICITED, Asked, Channel, Disposition
from service.library.errors import LibraryError
from service.library.protocols import load_protocol, load_protocols
from service.library.wording import load_wording

ROOT = Path(__file__).parents[2]


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


def test_a_check_in_may_come_before_a_night_no_sooner_than_its_own_time(tmp_path: Path) -> None:
    path = a_file(tmp_path, ("    window: 10 h", "    window: 10 h\n    earliest: 4 h"))

    assert load_protocol(path).step("4h").earliest == timedelta(hours=4)


def test_a_monthly_step_comes_at_ten_unless_the_file_says_otherwise(tmp_path: Path) -> None:
    monthly = (
        ("    after: 4 h", "    anchor: monthly\n    every_months: 2"),
        ("steps:", "span: {infusions: 6, ends_after: 60 d}\nsteps:"),
    )

    at_ten = load_protocol(a_file(tmp_path, *monthly)).step("4h")
    at_nine = load_protocol(a_file(tmp_path, *monthly, ("    window", "    at: 09:00\n    window"))).step(
        "4h"
    )

    assert (at_ten.every_months, at_ten.at, at_nine.at) == (2, time(10), time(9))
