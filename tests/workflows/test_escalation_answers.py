"""What staff may text about an escalation, and the sentence that each gets back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import a_patient, an_infusion
from escalation_room import ANA, DUBE, NADIA, NOOR, SEVERE, Room, live

from service.core.words import Disposition
from service.store.database import Store
from service.store.escalations import EscalationState
from service.workflows.acknowledge import OUTCOMES, close_on_page, take_on_page
from service.workflows.hand_over import hand_over, release


@pytest.fixture
def room(store: Store) -> Room:
    """A clinic with three tiers; the test runs once on each engine."""
    return Room(store)


def test_ok_takes_the_only_one_that_waits_for_this_person(room: Room) -> None:
    opened = room.escalate()

    room.hears("ok", sender=NADIA)

    assert room.now(opened.id).acknowledged_by == 1
    assert room.texts_to(NADIA)[-1].startswith(f"{opened.code} is yours.")


def test_ok_with_two_open_asks_which(room: Room) -> None:
    first = room.escalate()
    second = room.escalate(patient_id=a_patient(room.deps, name="Bo", phone="+12025550125"))

    room.hears("ok", sender=NADIA)

    assert f"{first.code}, {second.code}" in room.texts_to(NADIA)[-1]
    assert {one.state for one in live(room)} == {EscalationState.OPEN}


def test_ok_of_somebody_who_was_not_paged_takes_nothing(room: Room) -> None:
    room.escalate()

    room.hears("ok", sender=DUBE)

    assert room.texts_to(DUBE)[-1] == "No page is open for you now."
    assert live(room)[0].state == EscalationState.OPEN


def test_an_ok_that_comes_second_is_told_who_was_first(room: Room) -> None:
    opened = room.escalate(Disposition.EMERGENCY)

    room.hears("ok", sender=NADIA)
    room.hears("ok", sender=NOOR)
    room.hears("ok", sender=NADIA)

    assert room.now(opened.id).acknowledged_by == 1
    assert room.texts_to(NOOR)[-1].startswith(f"{opened.code} is taken already, by Nadia")
    assert room.texts_to(NADIA)[-1].startswith(f"{opened.code} is taken already, by you")


def test_what_is_not_understood_is_answered_with_what_to_write(room: Room) -> None:
    opened = room.escalate()

    room.hears("who is this?", sender=NADIA)
    room.hears("K7Q2", sender=NADIA)

    asked, unknown = room.texts_to(NADIA)[-2:]
    assert f"To take {opened.code}, reply {opened.code}." in asked
    assert unknown.startswith("There is no page K7Q2.")
    assert live(room)[0].state == EscalationState.OPEN


def test_a_code_that_is_closed_or_unknown_is_said_to_be(room: Room) -> None:
    opened = room.escalate()
    assert close_on_page(room.deps, opened.id, 1, OUTCOMES[0], "").is_yours

    room.hears(opened.code, sender=NADIA)
    room.hears("Y9Y9", sender=NADIA)

    closed, unknown = room.texts_to(NADIA)[-2:]
    assert closed.startswith(f"{opened.code} is closed.")
    assert unknown.startswith("There is no page Y9Y9.")


def test_who_can_not_take_it_moves_it_on_at_once_and_does_not_own_it(room: Room) -> None:
    opened = room.escalate()

    room.hears(f"can't take {opened.code}", sender=NADIA)

    assert room.now(opened.id).state == EscalationState.OPEN
    assert len(room.texts_to(NOOR)) == 1


def test_a_pass_older_than_the_present_step_does_not_move_it(room: Room) -> None:
    opened = room.escalate()
    room.receive(f"pass {opened.code}", sender=NADIA)
    room.clock.move(minutes=5, seconds=1)
    from_the_clock = room.counts()

    room.tick()

    assert from_the_clock[2] == 0
    assert room.texts_to(DUBE) == []


def test_an_old_yes_does_not_take_what_has_been_raised_since(room: Room) -> None:
    opened = room.escalate()
    room.receive(opened.code, sender=NADIA)
    room.clock.move(seconds=30)
    with room.store.transaction() as session:
        again = session.get_one(type(opened), opened.id)
        again.waits_since = room.clock()

    room.tick()

    assert room.now(opened.id).state == EscalationState.OPEN
    assert "once more" in room.texts_to(NADIA)[-1]


def test_what_is_released_is_paged_on_at_once(room: Room) -> None:
    opened = room.escalate()
    assert take_on_page(room.deps, opened.id, 1).is_yours

    release(room.deps, opened.id, 1)
    room.tick()

    assert room.now(opened.id).state == EscalationState.OPEN
    assert len(room.texts_to(NOOR)) == 1


def test_what_is_given_to_a_colleague_is_theirs_and_they_hear_of_it(room: Room) -> None:
    opened = room.escalate()
    room.hears(opened.code, sender=NADIA)

    room.hears(f"give {opened.code} to Noor", sender=NADIA)

    assert room.now(opened.id).acknowledged_by == 2
    assert "gave it to you" in room.texts_to(NOOR)[-1]
    assert "Noor Haddad" in room.texts_to(NADIA)[-1]


def test_a_gift_whose_text_is_lost_goes_back_to_the_ladder(room: Room) -> None:
    opened = room.escalate()
    room.hears(opened.code, sender=NADIA)
    room.hears(f"give {opened.code} to Dr. Dube", sender=NADIA)
    given = room.promised(opened.id)[-2]
    assert given.recipient == DUBE

    room.loses(given)

    assert room.now(opened.id).state == EscalationState.OPEN
    assert room.counts()[1] == 1


def test_a_lost_gift_does_not_take_it_from_who_has_it_by_then(room: Room) -> None:
    opened = room.escalate()
    room.hears(opened.code, sender=NADIA)
    room.hears(f"give {opened.code} to Dube", sender=NADIA)
    given = room.promised(opened.id)[-2]
    room.hears(f"give {opened.code} to Noor", sender=DUBE)

    room.loses(given)

    assert room.now(opened.id).acknowledged_by == 2


def test_who_gives_it_to_a_phone_that_takes_no_texts_is_told_to_say_so(room: Room) -> None:
    opened = room.escalate()
    room.hears(opened.code, sender=NADIA)
    room.hears("STOP", sender=DUBE)

    room.hears(f"give {opened.code} to Dube", sender=NADIA)

    assert room.now(opened.id).acknowledged_by == 3
    assert "please tell them now" in room.texts_to(NADIA)[-1]
    assert room.counts()[2] == 0


def test_a_reminder_that_is_lost_lets_it_climb_at_once(room: Room) -> None:
    opened = room.escalate()
    room.hears(opened.code, sender=NADIA)
    room.move(hours=1, minutes=1)
    assert room.texts_to(NADIA)[-1].startswith(f"Dripline: {opened.code} is yours and not closed yet.")

    room.loses(room.promised(opened.id)[-1])

    assert room.now(opened.id).state == EscalationState.OPEN
    assert room.counts()[1] == 1


def test_a_callback_that_is_released_waits_on_the_worklist_and_nobody_is_told_of_a_page(room: Room) -> None:
    opened = room.escalate(Disposition.CALLBACK)
    room.hears(opened.code, sender=NADIA)

    room.hears(f"release {opened.code}", sender=NADIA)

    assert room.texts_to(NADIA)[-1] == f"{opened.code} is not yours any more. It waits on the worklist."


def test_nobody_gives_away_what_is_not_theirs(room: Room) -> None:
    opened = room.escalate()
    room.hears(opened.code, sender=NADIA)

    room.hears(f"give {opened.code} to Dube", sender=NOOR)
    on_page = hand_over(room.deps, opened.id, 2, 3)

    assert "not yours" in room.texts_to(NOOR)[-1]
    assert not on_page.is_yours
    assert room.now(opened.id).acknowledged_by == 1


def test_what_is_taken_and_not_closed_is_reminded_once_and_then_climbs_again(room: Room) -> None:
    opened = room.escalate()
    room.hears(opened.code, sender=NADIA)

    room.move(minutes=59)
    before = len(room.texts_to(NADIA))
    room.move(minutes=2)
    reminded = room.texts_to(NADIA)[before:]
    room.move(minutes=31)

    assert [text.split(" is yours")[0] for text in reminded] == [f"Dripline: {opened.code}"]
    assert room.now(opened.id).state == EscalationState.OPEN
    assert len(room.texts_to(NOOR)) == 1, "the ladder goes on where it stood"


def test_the_patient_hears_once_that_a_nurse_has_seen_it_however_often_it_changes_hands(room: Room) -> None:
    opened = room.escalate()
    assert take_on_page(room.deps, opened.id, 1).is_yours
    release(room.deps, opened.id, 1)
    room.tick()
    assert take_on_page(room.deps, opened.id, 2).is_yours
    room.tick()

    assert len([text for text in room.texts_to("+12025550121") if "nurse has seen" in text]) == 1


def test_who_has_stopped_our_texts_is_not_told_that_a_nurse_has_seen_it(room: Room) -> None:
    room.ask()
    room.hears(SEVERE)
    room.hears("STOP")
    before = room.texts_to(ANA)

    assert take_on_page(room.deps, live(room)[0].id, 1).is_yours
    room.tick()

    assert room.texts_to(ANA) == before


def test_a_callback_nobody_took_in_its_time_pages_staff_and_tells_the_patient_nothing(room: Room) -> None:
    opened = room.escalate(Disposition.CALLBACK)
    patient_had, quiet = len(room.texts_to("+12025550121")), room.counts()
    due_at = room.now(opened.id).deadline_at

    room.move(seconds=(due_at - room.clock()) / timedelta(seconds=1) + 1)

    assert quiet == (0, 0, 0)
    assert room.now(opened.id).disposition == Disposition.URGENT
    assert room.counts() == (1, 0, 0)
    assert len(room.texts_to("+12025550121")) == patient_had


def test_a_nurse_who_is_a_patient_answers_our_question_first_and_a_page_by_its_code(room: Room) -> None:
    nadia = a_patient(room.deps, name="Nadia Osei", phone=NADIA)
    an_infusion(room.deps, nadia)
    room.move(hours=4, minutes=1)
    opened = room.escalate()

    room.hears("yes", sender=NADIA)
    assert room.now(opened.id).state == EscalationState.OPEN

    room.hears(opened.code, sender=NADIA)
    assert room.now(opened.id).acknowledged_by == 1


def test_a_patients_words_that_happen_to_spell_a_code_are_read_as_a_patients(room: Room) -> None:
    nadia = a_patient(room.deps, name="Nadia Osei", phone=NADIA)

    room.hears("took my C9 D3 pills and now I have crushing chest pain", sender=NADIA)

    (opened,) = live(room)
    assert (opened.patient_id, opened.disposition) == (nadia, Disposition.EMERGENCY)
