"""The ladder over rows: tier by tier, round again, past phones that refuse, and never two for one patient."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from builders import a_nurse, a_patient
from escalation_room import NADIA, NOOR, SEVERE, Room, live
from sqlalchemy import event

from service.carrier.gateway import Refused
from service.carrier.outcome import Refusal
from service.core.words import Disposition
from service.store.database import Store
from service.store.escalations import EscalationState
from service.workflows.acknowledge import OUTCOMES, close_on_page, take_on_page


@pytest.fixture
def room(store: Store) -> Room:
    """A clinic with three tiers; the test runs once on each engine."""
    return Room(store)


def test_it_climbs_tier_by_tier_and_round_again_until_it_is_taken(room: Room) -> None:
    opened = room.escalate()
    seen = [room.counts()]
    for _ in range(4):
        room.move(minutes=5, seconds=1)
        seen.append(room.counts())

    assert seen == [(1, 0, 0), (1, 1, 0), (1, 1, 1), (2, 1, 1), (2, 2, 1)]
    assert take_on_page(room.deps, opened.id, 2).is_yours
    room.move(minutes=20)
    assert room.counts() == (2, 2, 1)


def test_an_emergency_texts_every_tier_at_once(room: Room) -> None:
    room.escalate(Disposition.EMERGENCY)

    assert room.counts() == (1, 1, 1)


def test_two_emergencies_at_once_ring_each_phone_one_after_the_other_and_page_nobody_in_vain(
    room: Room,
) -> None:
    first = room.escalate(Disposition.EMERGENCY)
    second = room.escalate(
        Disposition.EMERGENCY, patient_id=a_patient(room.deps, name="Bo", phone="+12025550125")
    )
    assert room.counts() == (2, 2, 2), "texts wait for nothing"
    assert len(room.carrier.calls) == 3

    room.loses(next(call for call in room.calls(first.id) if call.recipient == NADIA))
    room.move(seconds=6)

    about_second = {call.reference for call in room.calls(second.id)}
    assert [call.recipient for call in room.carrier.calls if call.reference in about_second] == [NADIA]


def test_a_text_that_is_lost_brings_the_call_at_once_instead_of_after_its_minute(room: Room) -> None:
    opened = room.escalate()
    waiting = len(room.carrier.calls)

    room.loses(room.pages(opened.id)[0])

    assert waiting == 0
    assert [call.recipient for call in room.carrier.calls] == [NADIA]
    assert room.counts() == (1, 0, 0)


def test_a_lost_page_moves_on_at_once_only_when_nobody_else_of_its_tier_has_one(room: Room) -> None:
    a_nurse(room.deps, name="Second Nurse", phone="+12025550114", login="second", tier="nurse")
    opened = room.escalate()
    for text in room.pages(opened.id):
        room.loses(text)
    first, second = room.calls(opened.id)

    room.loses(first)
    one_lost = room.counts()
    room.loses(second)

    assert one_lost == (1, 0, 0)
    assert room.counts() == (1, 1, 0)


def test_a_phone_that_rang_in_vain_moves_it_on_though_the_text_before_it_arrived(room: Room) -> None:
    opened = room.escalate()
    room.move(minutes=1, seconds=1)
    (call,) = room.calls(opened.id)

    room.loses(call)

    assert room.counts() == (1, 1, 0)
    assert room.kinds(opened.id).count("page_failed") == 1


def test_a_phone_that_nobody_picked_up_is_texted_and_called_again_in_the_next_round(room: Room) -> None:
    opened = room.escalate()
    room.move(minutes=1, seconds=1)
    room.loses(room.calls(opened.id)[0])
    for _ in range(2):
        room.move(minutes=5, seconds=1)
    room.move(minutes=1, seconds=1)

    assert [call.recipient for call in room.carrier.calls].count(NADIA) == 2
    assert room.counts() == (2, 1, 1)


def test_a_page_of_an_older_step_that_is_lost_late_moves_nothing(room: Room) -> None:
    opened = room.escalate()
    (first,) = room.pages(opened.id)
    room.move(minutes=5, seconds=1)

    room.loses(first)

    assert room.counts() == (1, 1, 0)


def test_phones_that_all_refuse_are_tried_round_after_round_without_a_storm(room: Room) -> None:
    landline = Refused(21614, Refusal.PERMANENT, "It takes no texts.")
    room.carrier.outcomes.extend([landline] * 200)

    opened = room.escalate()
    for _ in range(12):
        room.move(minutes=5, seconds=1)

    assert 12 <= sum(room.counts()) <= 60
    assert room.now(opened.id).next_step_at is not None


def test_a_phone_that_opted_out_is_called_and_not_texted_until_start(room: Room) -> None:
    room.hears("STOP", sender=NADIA)
    before = len(room.texts_to(NADIA))
    room.escalate()
    without_her = len(room.texts_to(NADIA)) - before
    called = [call.recipient for call in room.carrier.calls]
    room.hears("START", sender=NADIA)
    before = len(room.texts_to(NADIA))

    room.escalate(patient_id=a_patient(room.deps, name="Bo Test", phone="+12025550125"))

    assert (without_her, called) == (0, [NADIA])
    assert len(room.texts_to(NADIA)) == before + 1


def test_a_page_refused_after_it_was_taken_is_not_sent_again(room: Room) -> None:
    passing = Refused(429, Refusal.PASSING, "Too many requests.")
    room.carrier.outcomes.append(passing)
    opened = room.escalate()
    assert take_on_page(room.deps, opened.id, 2).is_yours

    room.move(minutes=3)

    assert room.counts() == (1, 0, 0), "the one that Twilio refused"


def test_an_outage_ends_with_one_page_to_each_not_one_for_every_step(room: Room) -> None:
    stopped = Refused(20003, Refusal.CONFIGURATION, "Wrong token.")
    room.carrier.outcomes.extend([stopped] * 10)
    room.escalate()
    for _ in range(8):
        room.move(minutes=5, seconds=1)
    room.carrier.outcomes.clear()
    before = room.counts()

    room.move(minutes=2)

    assert max(after - had for after, had in zip(room.counts(), before, strict=True)) <= 1


def test_two_hundred_escalations_in_a_minute_page_once_each_and_the_last_cost_what_the_first_did(
    room: Room,
) -> None:
    patients = [a_patient(room.deps, name="P", phone=f"+1202555{7000 + number}") for number in range(200)]
    statements: list[str] = []

    def count(*args: Any) -> None:
        statements.append(args[2])

    event.listen(room.store.engine, "before_cursor_execute", count)
    for patient_id in patients[:100]:
        room.escalate(patient_id=patient_id)
    early = len(statements)
    for patient_id in patients[100:]:
        room.escalate(patient_id=patient_id)
    event.remove(room.store.engine, "before_cursor_execute", count)

    assert room.counts() == (200, 0, 0)
    assert len(live(room)) == 200
    assert len(statements) - early <= early * 1.05


def test_a_higher_reply_raises_it_and_pages_again_an_equal_one_joins_quietly(room: Room) -> None:
    opened = room.escalate()
    room.escalate()
    equal = room.counts()

    room.escalate(Disposition.EMERGENCY)

    assert equal == (1, 0, 0)
    assert room.counts() == (2, 1, 1)
    assert [one.id for one in live(room)] == [opened.id]


def test_a_concerning_reply_after_it_was_taken_opens_it_again(room: Room) -> None:
    room.ask()
    room.hears(SEVERE)
    (opened,) = live(room)
    assert take_on_page(room.deps, opened.id, 1).is_yours
    room.move(minutes=1)

    room.hears(SEVERE)

    assert room.now(opened.id).state == EscalationState.OPEN
    assert len(room.texts_to(NADIA)) == 2


def test_a_reply_written_before_it_was_taken_and_read_later_tells_the_owner_alone(room: Room) -> None:
    room.ask()
    room.hears(SEVERE)
    (opened,) = live(room)
    room.receive(SEVERE)
    room.clock.move(minutes=1)
    assert take_on_page(room.deps, opened.id, 1).is_yours

    room.tick()

    assert room.now(opened.id).state == EscalationState.ACKNOWLEDGED
    assert "new text" in room.texts_to(NADIA)[-1]
    assert room.texts_to(NOOR) == []


def test_two_replies_read_at_the_same_instant_open_one_escalation(room: Room) -> None:
    faults: list[BaseException] = []

    def bring() -> None:
        try:
            room.escalate()
        except BaseException as error:  # noqa: BLE001 -- the test shows whatever a thread threw
            faults.append(error)

    threads = [threading.Thread(target=bring) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert faults == []
    assert len(live(room)) == 1
    assert room.counts() == (1, 0, 0)


def test_two_at_the_same_instant_one_has_it_and_the_other_is_told(room: Room) -> None:
    opened = room.escalate(Disposition.EMERGENCY)
    answers: list[bool] = []
    threads = [
        threading.Thread(
            target=lambda staff_id=number: answers.append(
                take_on_page(room.deps, opened.id, staff_id).is_yours
            )
        )
        for number in (1, 2, 3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(answers) == [False, False, True]
    assert room.kinds(opened.id).count("acknowledged") == 1


def test_what_is_closed_is_paged_for_no_more_and_a_new_reply_opens_another(room: Room) -> None:
    opened = room.escalate()
    assert close_on_page(room.deps, opened.id, 1, OUTCOMES[0], "").is_yours
    room.move(hours=1)
    after = room.counts()

    room.escalate()

    assert after == (1, 0, 0)
    assert [one.id == opened.id for one in live(room)] == [False]
    assert room.counts() == (2, 0, 0)
