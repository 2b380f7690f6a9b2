"""What is known of a patient before a question is asked spares questions, and shows what has grown."""

from __future__ import annotations

from datetime import timedelta

from builders import an_infusion
from main_path import ANA, NADIA, Clinic, live

from service.store import check_ins, conversations
from service.store.check_ins import CheckInState
from service.workflows.next_moment import next_moment
from service.workflows.rechecks import RECHECK


def test_the_same_mild_headache_at_every_check_in_is_asked_nothing(clinic: Clinic) -> None:
    clinic.ask()
    clinic.hears("a bit of a headache, 2")
    clinic.move(hours=20)
    clinic.hears("headache 3")
    clinic.move(hours=48)
    clinic.hears("headache, 2")
    clinic.move(days=4)

    clinic.hears("headache 2")

    with clinic.store.reading() as session:
        talks = [conversations.talk_of(one) for one in conversations.conversations_of(session, clinic.ana)]
    assert [talk.questions for talk in talks] == [(), (), (), ()]
    assert talks[-1].usual == (("headache", 3),)


def test_a_headache_two_points_worse_than_yesterday_reaches_a_person_though_it_is_mild(
    clinic: Clinic,
) -> None:
    clinic.ask()
    clinic.hears("headache 1")
    clinic.move(hours=20)

    clinic.hears("headache 3")

    assert [one.disposition for one in live(clinic)] == ["callback"]
    assert clinic.texts_to(NADIA) == []


def test_no_recheck_is_planned_where_a_check_in_asks_the_same_next_day(clinic: Clinic) -> None:
    clinic.ask()

    clinic.hears("bladder hurts when I pee, a 4")
    clinic.hears("N")

    with clinic.store.reading() as session:
        assert [row.protocol for row in check_ins.check_ins_of(session, clinic.ana)].count(RECHECK) == 0


def test_a_recheck_that_falls_into_the_night_comes_in_the_morning(clinic: Clinic) -> None:
    an_infusion(clinic.deps, clinic.ana, hours_ago=24 * 4)
    clinic.move(hours=13)
    clinic.hears("I feel sick, nausea 4")

    with clinic.store.reading() as session:
        row = next(row for row in check_ins.check_ins_of(session, clinic.ana) if row.protocol == RECHECK)

    assert row.state == CheckInState.PLANNED
    assert row.due_at - clinic.clock() == timedelta(hours=33)
    assert clinic.texts_to(ANA)[-1].startswith("Willow Clinic: Thank you for telling us.")


def test_the_demo_can_skip_to_the_end_of_a_silence(clinic: Clinic) -> None:
    clinic.hears("headache")

    moment = next_moment(clinic.deps)

    assert moment is not None
    assert (moment.at - clinic.clock(), moment.what) == (timedelta(hours=4), "silence on a question counts")
