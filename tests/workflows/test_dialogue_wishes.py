"""What patients wish, and when they write late or on: each does what a person expects, in as few texts as possible."""

from __future__ import annotations

import pytest
from main_path import ANA, NADIA, Clinic, live

from service.store import check_ins
from service.store.check_ins import CheckInState


def state_of_the_first(clinic: Clinic) -> str:
    with clinic.store.reading() as session:
        return check_ins.check_ins_of(session, clinic.ana)[0].state


def test_an_answer_after_the_check_in_was_given_up_counts(clinic: Clinic) -> None:
    clinic.ask()
    clinic.move(hours=8)
    given_up = state_of_the_first(clinic)

    clinic.hears("none, all good")

    assert (given_up, state_of_the_first(clinic)) == (CheckInState.MISSED, CheckInState.ANSWERED)
    assert live(clinic) == []


@pytest.mark.parametrize("words", ["call me", "please call me back", "llámeme por favor"])
def test_who_wants_a_call_is_promised_one_and_a_nurse_has_it_on_the_list(clinic: Clinic, words: str) -> None:
    clinic.ask()

    clinic.hears(words)

    assert [one.disposition for one in live(clinic)] == ["callback"]
    assert len(clinic.texts_to(ANA)) == 3
    assert "A nurse will call you" in clinic.texts_to(ANA)[2]
    assert clinic.texts_to(NADIA) == []


def test_thanks_after_the_close_get_no_answer(clinic: Clinic) -> None:
    clinic.ask()
    clinic.hears("none")
    closed = len(clinic.texts_to(ANA))

    clinic.hears("thank you!")

    assert len(clinic.texts_to(ANA)) == closed
    assert live(clinic) == []


def test_who_is_well_and_then_writes_of_a_symptom_is_heard(clinic: Clinic) -> None:
    clinic.ask()
    clinic.hears("none")

    clinic.hears("actually my legs just locked up and I can't move them")

    assert [one.disposition for one in live(clinic)] == ["urgent"]


def test_spanish_and_back_again(clinic: Clinic) -> None:
    clinic.ask()

    clinic.hears("español")
    clinic.hears("english")
    clinic.hears("none")

    spanish, english, closing = clinic.texts_to(ANA)[2:]
    assert "¿Qué tal se siente?" in spanish
    assert "How are you?" in english
    assert "Thank" in closing


def test_a_symptom_told_with_the_language_is_kept(clinic: Clinic) -> None:
    clinic.ask()

    clinic.hears("no puedo mover las piernas, en español por favor")

    assert [one.disposition for one in live(clinic)] == ["urgent"]


def test_at_most_four_questions_are_asked(clinic: Clinic) -> None:
    clinic.ask()

    for words in ("cramps, headache and it burns when I pee", "5", "N", "3", "4", "N", "N"):
        clinic.hears(words)

    sent = [text.removeprefix("Willow Clinic: ") for text in clinic.texts_to(ANA)[2:]]
    assert [text.startswith("Thank you for telling us.") for text in sent] == [False] * 4 + [True] * 3
    assert [one.disposition for one in live(clinic)] == ["callback"]


def test_two_texts_one_after_the_other_that_say_one_thing_are_one_answer(clinic: Clinic) -> None:
    clinic.ask()

    clinic.hears("head")
    clinic.hears("is pounding 8")

    assert [one.disposition for one in live(clinic)] == ["urgent"]
    assert len(clinic.texts_to(ANA)) == 4


def test_stop_ends_what_was_planned_and_is_answered_once(clinic: Clinic) -> None:
    clinic.ask()

    clinic.hears("please don't text me any more")
    clinic.move(days=3)

    assert len(clinic.texts_to(ANA)) == 3
    with clinic.store.reading() as session:
        rows = check_ins.check_ins_of(session, clinic.ana)
    assert {row.state for row in rows[1:]} == {CheckInState.CANCELLED}


def test_a_headache_that_is_a_two_once_asked_is_on_nobodys_list(clinic: Clinic) -> None:
    clinic.ask()

    clinic.hears("my head hurts")
    clinic.hears("2")

    assert live(clinic) == []
    assert "nothing you need to do" in clinic.texts_to(ANA)[-1]


def test_a_headache_of_which_nothing_more_is_heard_is_on_the_list_four_hours_later(clinic: Clinic) -> None:
    clinic.ask()
    clinic.hears("my head hurts")
    at_first = live(clinic)

    clinic.move(hours=4, minutes=1)

    assert at_first == []
    assert [one.disposition for one in live(clinic)] == ["callback"]


def test_a_number_and_then_what_hurts_is_one_answer(clinic: Clinic) -> None:
    clinic.ask()

    clinic.hears("4")
    clinic.hears("headache")

    assert "all at once, or your worst ever" in clinic.texts_to(ANA)[-1]
    assert [one.disposition for one in live(clinic)] == ["callback"]
