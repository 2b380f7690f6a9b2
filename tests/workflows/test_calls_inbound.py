"""Somebody calls the clinic's number: 911 first, then the check-in, a complaint, a person, or a page; nobody gets stuck."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import ANA, NADIA, STRANGER, a_patient
from main_path import SEVERE, Clinic, live
from phone import calls_in, colleague_presses

from service.carrier.gateway import LoggedCall
from service.carrier.inbound import InboundCall
from service.core.words import Disposition
from service.store import calls
from service.store.database import Store
from service.workflows.calls.inbound import take_call_in
from service.workflows.catch_up import catch_up

NOOR = "+12025550112"


@pytest.fixture
def clinic(store: Store) -> Clinic:
    """A clinic that has asked Ana how she is."""
    clinic = Clinic(store)
    clinic.ask()
    return clinic


def escalated(clinic: Clinic) -> list[tuple[str, str]]:
    return [(one.disposition, one.reason) for one in live(clinic)]


def test_a_patient_who_calls_back_gets_the_open_check_in(clinic: Clinic) -> None:
    phone = calls_in(clinic, ANA)
    assert "call 9 1 1" in phone.said[0]
    assert phone.said[1].startswith("To answer our check-in, press 1.")

    phone.press("1").press("1").say("none")

    assert phone.is_over
    assert escalated(clinic) == []


def test_a_caller_may_say_what_is_wrong_at_once(clinic: Clinic) -> None:
    phone = calls_in(clinic, ANA).say("my bladder burns when I pee")

    assert phone.said[0].startswith("How bad is your bladder")


def test_a_patient_without_an_open_question_is_offered_none(store: Store) -> None:
    clinic = Clinic(store)

    phone = calls_in(clinic, ANA)

    assert (
        phone.said[1] == "To tell us what is wrong, press 2, or just say it. To talk to our staff, press 3."
    )
    assert phone.press("2").said == ["Please say in a few words what is wrong. Then press pound."]


def test_who_wants_a_person_is_connected_with_the_first_who_presses_the_key(clinic: Clinic) -> None:
    phone = calls_in(clinic, ANA).press("3")
    document = phone.documents[-1]
    assert phone.rings == (NADIA,)

    assert "Hangup" not in colleague_presses(clinic, document, "1")
    assert "Hangup" not in colleague_presses(clinic, document, "1"), "Twilio may ask twice"
    phone.dialled("completed")

    assert phone.is_over
    assert escalated(clinic) == []


def test_a_colleague_who_presses_nothing_is_not_connected(clinic: Clinic) -> None:
    phone = calls_in(clinic, ANA).press("3")

    assert "Hangup" in colleague_presses(clinic, phone.documents[-1], "")


def test_where_nobody_takes_the_call_the_patient_is_on_the_worklist(clinic: Clinic) -> None:
    phone = calls_in(clinic, ANA).press("3").dialled("no-answer")

    assert phone.said[0].startswith("No one can take the call right now.")
    assert escalated(clinic) == [
        (Disposition.CALLBACK, "A caller asked for a person on the phone, and nobody took the call.")
    ]


def test_a_caller_whom_nobody_takes_is_on_the_worklist_though_nobody_knows_the_number(clinic: Clinic) -> None:
    phone = calls_in(clinic, STRANGER)
    assert phone.said[1].startswith("We do not know this number yet.")

    phone.press("3").dialled("busy")

    assert [level for level, _ in escalated(clinic)] == [Disposition.CALLBACK]


def test_a_red_flag_of_a_stranger_gets_the_safety_line_and_pages(clinic: Clinic) -> None:
    phone = calls_in(clinic, STRANGER).say("my husband had ketamine and he is not breathing")

    assert "call 9 1 1 now" in phone.said[0]
    assert [level for level, _ in escalated(clinic)] == [Disposition.EMERGENCY]


def test_of_two_patients_on_one_number_the_one_who_was_asked_is_asked_on(clinic: Clinic) -> None:
    a_patient(clinic.deps, name="Bob Example", phone=ANA)

    phone = calls_in(clinic, ANA).say("I have a headache")
    assert phone.said[0].startswith("How bad is your headache")

    assert "nothing you need to do" in phone.press("2").said[0]


def test_two_patients_on_one_number_are_asked_by_text_whose_words_these_are(store: Store) -> None:
    clinic = Clinic(store)
    a_patient(clinic.deps, name="Bob Example", phone=ANA)

    phone = calls_in(clinic, ANA).say("I have a headache")
    clinic.tick()

    assert phone.said[0].startswith("We will send you a text.")
    assert phone.is_over
    assert "Who is this text about?" in clinic.texts_to(ANA)[-1]


def test_silence_ends_the_call_with_911_said(clinic: Clinic) -> None:
    phone = calls_in(clinic, ANA).stay_silent().stay_silent()

    assert phone.said == ["Thank you. You can call or text us at any time. Goodbye."]
    assert phone.is_over


def test_a_call_that_twilio_tells_of_twice_is_one_call(clinic: Clinic) -> None:
    called = InboundCall("CA" + "7" * 32, ANA)

    assert take_call_in(clinic.deps, called) == take_call_in(clinic.deps, called)
    with clinic.store.reading() as session:
        assert len(calls.calls_with(session, clinic.ana)) == 1


def test_who_called_while_nothing_could_answer_is_on_the_worklist_once(clinic: Clinic) -> None:
    missed = LoggedCall(
        "CA" + "5" * 32,
        "inbound",
        ANA,
        "+12025550100",
        "failed",
        "",
        0,
        clinic.clock() - timedelta(minutes=4),
    )
    clinic.carrier.received_calls.append(missed)

    assert catch_up(clinic.deps) == 1
    assert catch_up(clinic.deps) == 0

    assert escalated(clinic) == [
        (
            Disposition.CALLBACK,
            "Called at 13:57 on Mar 10 while the service could not answer. Call back.",
        )
    ]


def test_staff_who_call_hear_of_the_one_page_that_waits_and_take_it(clinic: Clinic) -> None:
    clinic.hears(SEVERE)
    phone = calls_in(clinic, NADIA)
    assert phone.said[0].startswith("This is Dripline. Urgent page, code")

    phone.press("1")

    assert "is yours" in phone.said[0]
    assert [one.acknowledged_by for one in live(clinic)] == [1]


def test_staff_with_several_pages_name_one_by_the_keys_of_its_code(clinic: Clinic) -> None:
    bob = "+12025550133"
    a_patient(clinic.deps, name="Bob Example", phone=bob)
    clinic.hears(SEVERE)
    clinic.hears("I can't breathe", sender=bob)
    first, second = live(clinic)

    phone = calls_in(clinic, NADIA)
    assert phone.said == [
        "To take a page, press the four keys of its code. For a letter, press the key that shows it."
    ]
    phone.press("0000")
    assert phone.said[0] == "There is no open page with that code. Please check it and try again."
    keys = second.code.translate(str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999"))
    phone.press(keys).press("1")

    assert [one.acknowledged_by for one in live(clinic)] == [None, 1]
    assert first.code != second.code


def test_staff_for_whom_nothing_waits_hear_so(clinic: Clinic) -> None:
    phone = calls_in(clinic, NADIA)

    assert phone.said[-1] == "No page is open for you now. Goodbye."
    assert phone.is_over


def test_after_a_red_flag_a_nurse_whose_phone_the_page_keeps_busy_is_rung_again_and_has_the_caller(
    clinic: Clinic,
) -> None:
    phone = calls_in(clinic, ANA).say("I can't breathe").press("1")
    phone.dialled("busy")
    assert (phone.said[0][:12], phone.rings) == ("Please hold.", (NADIA,))

    colleague_presses(clinic, phone.documents[-1], "1")
    phone.dialled("completed")

    assert phone.is_over
    assert [one.acknowledged_by for one in live(clinic)] == [1]
