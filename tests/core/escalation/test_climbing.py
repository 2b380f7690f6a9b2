"""Whom the ladder pages at each step, and that it has always a next one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from service.core.escalation import ALL_PHONES_WORK, Refusing, climb
from service.core.protocol import Ladder, Tier
from service.core.words import Channel, Disposition

NOW = datetime(2026, 3, 10, 15, tzinfo=UTC)
TIERS = tuple(
    Tier(name, timedelta(minutes=wait), timedelta(0), None)
    for name, wait in (("nurse", 5), ("backup", 6), ("doctor", 7))
)
URGENT = Ladder(Disposition.URGENT, timedelta(minutes=15), timedelta(hours=1), TIERS)
EMERGENCY = Ladder(Disposition.EMERGENCY, timedelta(minutes=5), timedelta(minutes=30), TIERS)
ALL_ON_CALL = {"nurse": (1, 2), "backup": (3,), "doctor": (4,)}


def paged(*args: object, **kwargs: object) -> tuple[str, list[int], int]:
    step = climb(*args, **kwargs)  # type: ignore[arg-type]  # the tests pass what climb takes
    return step.tier, [page.staff_id for page in step.pages], step.step


def test_each_step_pages_the_next_tier_and_after_the_last_the_first_again() -> None:
    assert [paged(URGENT, step, ALL_ON_CALL, (9,), NOW) for step in range(4)] == [
        ("nurse", [1, 2], 1),
        ("backup", [3], 2),
        ("doctor", [4], 3),
        ("nurse", [1, 2], 4),
    ]


def test_the_next_step_is_due_when_the_tiers_wait_is_over() -> None:
    assert climb(URGENT, 1, ALL_ON_CALL, (), NOW).next_step_at == NOW + timedelta(minutes=6)


def test_a_tier_with_nobody_on_call_is_passed_over_at_once() -> None:
    assert paged(URGENT, 0, {"nurse": (), "doctor": (4,)}, (9,), NOW) == ("doctor", [4], 3)


def test_a_tier_whose_phones_have_all_refused_is_passed_over_at_once() -> None:
    assert paged(URGENT, 0, ALL_ON_CALL, (9,), NOW, refusing=Refusing(frozenset({1, 2}))) == (
        "backup",
        [3],
        2,
    )


def test_one_refusing_phone_of_two_leaves_the_other() -> None:
    assert paged(URGENT, 0, ALL_ON_CALL, (9,), NOW, refusing=Refusing(frozenset({1}))) == ("nurse", [2], 1)


def test_with_nobody_on_any_tier_the_fallback_is_paged() -> None:
    assert paged(URGENT, 2, {}, (8, 9), NOW) == ("fallback", [8, 9], 3)


def test_with_no_phone_that_works_the_fallback_is_tried_all_the_same() -> None:
    everyone = frozenset({1, 2, 3, 4, 8, 9})

    assert paged(URGENT, 0, ALL_ON_CALL, (8, 9), NOW, refusing=Refusing(everyone, everyone)) == (
        "fallback",
        [8, 9],
        1,
    )


def test_an_emergency_pages_every_tier_at_once_and_each_person_once() -> None:
    twice = {"nurse": (1, 2), "backup": (2,), "doctor": (4,)}

    step = climb(EMERGENCY, 0, twice, (9,), NOW)

    assert [page.staff_id for page in step.pages] == [1, 2, 4]
    assert step.next_step_at == NOW + timedelta(minutes=5), "the shortest wait of its tiers"


def test_an_emergency_with_nobody_on_call_pages_the_fallback() -> None:
    assert paged(EMERGENCY, 0, {}, (9,), NOW) == ("fallback", [9], 1)


def test_a_ladder_that_finds_nobody_at_all_has_a_next_step_still() -> None:
    step = climb(URGENT, 0, {}, (), NOW)

    assert step.pages == ()
    assert step.next_step_at == NOW + timedelta(minutes=5)


def test_a_text_leaves_after_the_time_that_the_tier_gives_it() -> None:
    late = Ladder(
        Disposition.URGENT,
        timedelta(minutes=15),
        timedelta(hours=1),
        (Tier("nurse", timedelta(minutes=5), timedelta(minutes=2), None),),
    )

    (page,) = climb(late, 0, {"nurse": (1,)}, (), NOW).pages

    assert (page.channel, page.at) == (Channel.SMS, NOW + timedelta(minutes=2))


CALLED = Tier("nurse", timedelta(minutes=5), timedelta(0), timedelta(minutes=1))


def one_rung(tier: Tier) -> Ladder:
    return Ladder(Disposition.URGENT, timedelta(minutes=15), timedelta(hours=1), (tier,))


def pages_of(tier: Tier, refusing: Refusing = ALL_PHONES_WORK) -> list[tuple[Channel, timedelta]]:
    step = climb(one_rung(tier), 0, {"nurse": (1,)}, (), NOW, refusing=refusing)
    return [(page.channel, page.at - NOW) for page in step.pages]


def test_a_page_is_a_text_and_a_minute_later_a_call() -> None:
    assert pages_of(CALLED) == [(Channel.SMS, timedelta(0)), (Channel.VOICE, timedelta(minutes=1))]


def test_whom_no_text_reaches_is_called_at_once() -> None:
    assert pages_of(CALLED, Refusing(texts=frozenset({1}))) == [(Channel.VOICE, timedelta(0))]


def test_whom_no_call_reaches_is_texted_still() -> None:
    assert pages_of(CALLED, Refusing(calls=frozenset({1}))) == [(Channel.SMS, timedelta(0))]


def test_a_rung_that_only_calls_sends_no_text() -> None:
    only_called = Tier("nurse", timedelta(minutes=5), None, timedelta(0))

    assert pages_of(only_called) == [(Channel.VOICE, timedelta(0))]
