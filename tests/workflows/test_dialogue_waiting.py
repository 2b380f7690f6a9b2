"""Automatic texts wait while people talk, an outage ends in one text, and a shared number is asked who wrote."""

from __future__ import annotations

from builders import a_patient, an_infusion
from main_path import ANA, NADIA, SEVERE, Clinic, live

from service.store import check_ins, inbox
from service.store.check_ins import CheckInState
from service.store.patients import Patient
from service.workflows.acknowledge import take_on_page


def _with_ben(clinic: Clinic) -> int:
    ben = a_patient(clinic.deps, name="Ben Example", phone=ANA)
    clinic.tick()
    return ben


def test_a_check_in_waits_while_a_nurse_talks_with_the_patient_and_comes_after(clinic: Clinic) -> None:
    an_infusion(clinic.deps, clinic.ana, hours_ago=22)
    clinic.tick()
    clinic.hears(SEVERE)
    take_on_page(clinic.deps, live(clinic)[0].id, 1)
    clinic.tick()
    before = len(clinic.texts_to(ANA))

    clinic.move(hours=2, minutes=1)
    meanwhile = len(clinic.texts_to(ANA))
    clinic.move(hours=2, minutes=30)

    assert meanwhile == before
    assert "How are you?" in clinic.texts_to(ANA)[-1]


def test_what_fell_due_in_an_outage_leaves_as_one_text(clinic: Clinic) -> None:
    an_infusion(clinic.deps, clinic.ana)
    an_infusion(clinic.deps, clinic.ana, protocol="ketamine-pain-multiday")
    clinic.tick()
    before = len(clinic.texts_to(ANA))

    clinic.move(hours=26)

    with clinic.store.reading() as session:
        rows = check_ins.check_ins_of(session, clinic.ana)
    assert len(clinic.texts_to(ANA)) == before + 1
    assert len([row for row in rows if row.state == CheckInState.SENT]) == 1
    assert [row.why for row in rows if row.state == CheckInState.CANCELLED] != []


def test_what_is_too_old_is_not_sent(clinic: Clinic) -> None:
    clinic.infusion()
    clinic.tick()
    before = len(clinic.texts_to(ANA))

    clinic.move(hours=48)

    with clinic.store.reading() as session:
        first, second, *_ = check_ins.check_ins_of(session, clinic.ana)
    assert (first.state, second.state) == (CheckInState.MISSED, CheckInState.MISSED)
    assert len(clinic.texts_to(ANA)) == before


def test_it_is_asked_whose_answer_it_is_and_the_name_settles_it(clinic: Clinic) -> None:
    ben = _with_ben(clinic)

    clinic.hears("headache, a 5")
    asked = clinic.texts_to(ANA)[-1]
    clinic.hears("Ben")

    assert "2 Ana" in asked or "1 Ana" in asked
    with clinic.store.reading() as session:
        assert [message.body for message in inbox.messages_from(session, ben)] == ["headache, a 5", "Ben"]
        assert inbox.messages_from(session, clinic.ana) == []
    assert "(Ben)" in clinic.texts_to(ANA)[-1]


def test_a_question_that_only_one_of_them_was_asked_needs_no_name(clinic: Clinic) -> None:
    _with_ben(clinic)
    clinic.ask()

    clinic.hears("none")

    assert "(Ana)" in clinic.texts_to(ANA)[-2]
    with clinic.store.reading() as session:
        assert check_ins.check_ins_of(session, clinic.ana)[0].state == CheckInState.ANSWERED


def test_a_red_flag_on_a_shared_number_pages_before_it_is_known_whose_it_is_and_only_once(
    clinic: Clinic,
) -> None:
    ben = _with_ben(clinic)

    clinic.hears(SEVERE)
    pages = len(clinic.texts_to(NADIA))
    clinic.hears("Ben")

    assert pages == 1
    assert len(clinic.texts_to(NADIA)) == 1
    assert [one.patient_id for one in live(clinic)] == [ben]


def test_a_shared_text_that_nobody_owns_up_to_reaches_a_person(clinic: Clinic) -> None:
    _with_ben(clinic)
    clinic.hears("my head hurts a bit")

    clinic.move(hours=4, minutes=1)

    assert [one.disposition for one in live(clinic)] == ["callback"]


def test_stop_on_a_shared_number_ends_the_texts_of_both(clinic: Clinic) -> None:
    ben = _with_ben(clinic)

    clinic.hears("please stop texting us")

    with clinic.store.reading() as session:
        opted = [session.get_one(Patient, one).opted_out_at is not None for one in (clinic.ana, ben)]
    assert opted == [True, True]


def test_who_has_said_whose_text_it_is_writes_on_without_being_asked_each_time(clinic: Clinic) -> None:
    ben = _with_ben(clinic)
    for patient in (clinic.ana, ben):
        an_infusion(clinic.deps, patient)
    clinic.move(hours=4, minutes=1)

    clinic.hears("headache 5")
    clinic.hears("Ben")
    clinic.hears("N")

    assert [one.patient_id for one in live(clinic)] == [ben]
    assert "(Ben): Thank you for telling us. A nurse will call you" in clinic.texts_to(ANA)[-1]


def test_a_while_later_it_is_asked_again_whose_text_it_is(clinic: Clinic) -> None:
    ben = _with_ben(clinic)
    for patient in (clinic.ana, ben):
        an_infusion(clinic.deps, patient)
    clinic.move(hours=4, minutes=1)
    clinic.hears("headache 5")
    clinic.hears("Ben")
    clinic.move(minutes=16)

    clinic.hears("N")

    assert "Who is this text about?" in clinic.texts_to(ANA)[-1]


def test_what_is_added_after_a_page_is_about_the_same_patient(clinic: Clinic) -> None:
    ben = _with_ben(clinic)
    clinic.hears(SEVERE)
    clinic.hears("Ben")

    clinic.hears("it is in both arms now too")

    assert [one.patient_id for one in live(clinic)] == [ben]
    assert ["Who is this text about?" in text for text in clinic.texts_to(ANA)].count(True) == 1
