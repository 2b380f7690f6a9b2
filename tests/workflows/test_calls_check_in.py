"""A check-in by phone: who is there, the same questions, and the safety line; every step survives being repeated or cut."""

from __future__ import annotations

import pytest
from builders import NADIA, a_patient, an_infusion
from main_path import Clinic, live
from phone import calls_to, picked_up, ringing

from service.core.words import Disposition
from service.store import calls, check_ins, outbox
from service.store.check_ins import CheckInState
from service.store.database import Store
from service.store.inbox import InboxMessage
from service.store.patients import Patient
from service.workflows.calls import replying

BEN = "+12025550131"


@pytest.fixture
def clinic(store: Store) -> Clinic:
    """A clinic that has just called Ben, four hours after his infusion."""
    clinic = Clinic(store)
    ben = a_patient(clinic.deps, name="Ben Example", phone=BEN, channel="voice")
    an_infusion(clinic.deps, ben)
    clinic.move(hours=4, minutes=1)
    return clinic


def check_in_state(clinic: Clinic) -> str:
    with clinic.store.reading() as session:
        return check_ins.check_ins_of(session, 2)[0].state


def escalated(clinic: Clinic) -> list[tuple[str, str]]:
    return [(one.disposition, one.reason) for one in live(clinic)]


def test_a_patient_who_chose_calls_is_called_and_gets_no_text(clinic: Clinic) -> None:
    assert len(calls_to(clinic, BEN)) == 1
    assert clinic.texts_to(BEN) == []


def test_nothing_private_is_said_before_it_is_known_who_is_there(clinic: Clinic) -> None:
    phone = picked_up(clinic, BEN)

    assert phone.said == [
        "Hello. This is Willow Clinic with a call for Ben. If you are Ben, press 1 or say yes. "
        "If Ben can't come to the phone, press 2. If this is the wrong number, press 9."
    ]
    phone.press("1")
    assert phone.said[0].startswith("How are you? Do you have any muscle spasms")


def test_a_well_patient_answers_with_two_keys(clinic: Clinic) -> None:
    phone = picked_up(clinic, BEN).press("1").press("0")

    assert phone.said[0].startswith("Thank you, we have your answer.")
    assert phone.is_over
    assert check_in_state(clinic) == CheckInState.ANSWERED
    clinic.move(minutes=10)
    assert clinic.texts_to(BEN) == [], "it was said, so that no text repeats it"


def test_a_headache_is_asked_about_by_number_and_by_its_red_flags(clinic: Clinic) -> None:
    phone = picked_up(clinic, BEN).press("1").say("I have a headache")
    assert phone.said[0].startswith("How bad is your headache right now?")

    phone.press("05")
    assert phone.said[0].startswith("Do you have any of these?")

    phone.press("2")
    assert phone.is_over
    assert [level for level, _ in escalated(clinic)] == [Disposition.CALLBACK]


def test_a_red_flag_is_answered_with_the_safety_line_and_staff_are_paged_at_once(clinic: Clinic) -> None:
    phone = picked_up(clinic, BEN).press("1").say("I can't breathe and my chest hurts", confidence=0.2)

    assert "call 9 1 1 now" in phone.said[0]
    assert phone.said[-1].startswith("To talk to our staff now, press 1.")
    assert [level for level, _ in escalated(clinic)] == [Disposition.EMERGENCY]
    clinic.tick()
    assert len(calls_to(clinic, NADIA)) == 1


def test_a_red_flag_counts_before_it_is_known_who_speaks(clinic: Clinic) -> None:
    phone = picked_up(clinic, BEN).say("he is having a seizure right now")

    assert "call 9 1 1 now" in phone.said[0]
    assert [level for level, _ in escalated(clinic)] == [Disposition.EMERGENCY]


def test_after_the_safety_line_the_patient_is_connected_with_who_is_on_call(clinic: Clinic) -> None:
    phone = picked_up(clinic, BEN).press("1").say("I want to kill myself").press("1")

    assert phone.said[0].startswith("Please hold.")
    assert phone.rings == (NADIA,)


def test_badly_heard_words_are_read_back(clinic: Clinic) -> None:
    phone = picked_up(clinic, BEN).press("1").say("I have a headache", confidence=0.3)
    assert phone.said == ["I heard: I have a headache. If that is right, press 1. If not, press 2."]

    phone.press("1")
    assert phone.said[0].startswith("How bad is your headache")


def test_silence_is_asked_after_once_and_then_staff_call_back_a_landline(clinic: Clinic) -> None:
    phone = picked_up(clinic, BEN).press("1").stay_silent()
    assert phone.said[0] == "Sorry, I did not hear you."

    phone.stay_silent()
    assert phone.said[0].startswith("One of our staff will call you.")
    assert escalated(clinic) == [
        (Disposition.CALLBACK, "On a call the question was asked, and no answer was heard.")
    ]


def test_a_voicemail_gets_one_message_without_a_word_of_health(clinic: Clinic) -> None:
    phone = picked_up(clinic, BEN, "machine_end_beep")
    assert phone.said[0].startswith("Hello. This is Willow Clinic with a message for Ben.")
    assert phone.is_over

    clinic.move(hours=3)
    assert len(calls_to(clinic, BEN)) == 2, "the reminder of who chose calls is a call"
    second = picked_up(clinic, BEN, "machine_end_beep")
    assert second.said == []


def test_a_wrong_number_is_never_called_again_and_staff_hear_of_it(clinic: Clinic) -> None:
    phone = picked_up(clinic, BEN).press("9")

    assert phone.said == ["Sorry for the mix-up. We will not call this number again. Goodbye."]
    assert [level for level, _ in escalated(clinic)] == [Disposition.CALLBACK]
    clinic.move(days=8)
    assert len(calls_to(clinic, BEN)) == 1


def test_an_unanswered_phone_is_called_again_an_hour_later_but_not_for_ever(clinic: Clinic) -> None:
    for _ in range(5):
        phone = ringing(clinic, BEN)
        phone.hang_up("no-answer", 0)
        clinic.move(hours=1, minutes=1)

    assert len(calls_to(clinic, BEN)) == 3


def test_the_same_step_asked_twice_says_the_same_and_does_nothing_twice(clinic: Clinic) -> None:
    phone = picked_up(clinic, BEN).press("1")
    first = phone.repeat(2, "1")
    again = phone.repeat(2, "1")

    assert first == again
    with clinic.store.reading() as session:
        assert session.query(InboxMessage).count() == 1


def test_what_a_hung_up_call_left_unsaid_leaves_as_a_text_only_where_it_may_save(clinic: Clinic) -> None:
    phone = picked_up(clinic, BEN).press("1").say("I can't breathe")
    phone.hang_up()
    clinic.tick()

    assert [text[:25] for text in clinic.texts_to(BEN)] == ["Willow Clinic: This may b"]


def test_words_that_the_reader_throws_on_are_kept_and_a_person_looks(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    phone = picked_up(clinic, BEN).press("1")
    with monkeypatch.context() as patched:
        patched.setattr(replying, "read_reply", broken)
        phone.say("my legs are cramping")

    assert phone.said[0].startswith("One of our staff will call you.")
    assert phone.is_over
    assert [level for level, _ in escalated(clinic)] == [Disposition.CALLBACK]
    clinic.tick()
    with clinic.store.reading() as session:
        kept = session.query(InboxMessage).one()
        assert (kept.body, kept.state) == ("my legs are cramping", "read")


def test_a_turn_whose_process_died_is_taken_by_the_clock(clinic: Clinic) -> None:
    phone = picked_up(clinic, BEN).press("1")
    with clinic.store.transaction() as session:
        call = calls.held_call(session, phone.reference)
        assert call is not None
        calls.note_turn(
            session, call.id, call.step, clinic.clock(), keys="", words="I can't breathe", confidence=0.9
        )
    phone.hang_up()

    clinic.move(minutes=3)

    assert [level for level, _ in escalated(clinic)] == [Disposition.EMERGENCY]
    assert [text[:25] for text in clinic.texts_to(BEN)] == ["Willow Clinic: This may b"]


def test_a_lost_report_of_the_end_is_fetched_from_twilio(clinic: Clinic) -> None:
    phone = ringing(clinic, BEN)
    logged = clinic.carrier.call_named(phone.sid)
    clinic.carrier.end_call(phone.sid, "busy")

    clinic.move(minutes=3)

    assert logged.status == "queued"
    with clinic.store.reading() as session:
        call = calls.calls_with(session, 2)[0]
        assert (call.status, call.look_at) == ("busy", None)


def test_a_spanish_patient_hears_and_answers_in_spanish(store: Store) -> None:
    clinic = Clinic(store)
    eva = a_patient(clinic.deps, name="Eva Example", phone=BEN, language="es", channel="voice")
    an_infusion(clinic.deps, eva)
    clinic.move(hours=4, minutes=1)

    phone = picked_up(clinic, BEN).say("sí, soy yo").say("me duele la cabeza")

    assert "dolor de cabeza" in phone.said[0]


def test_a_call_and_a_text_answer_the_same_check_in(clinic: Clinic) -> None:
    phone = picked_up(clinic, BEN).press("1").say("I have a headache")
    phone.hang_up()

    clinic.hears("5", sender=BEN)

    with clinic.store.reading() as session:
        assert session.get_one(Patient, 2).channel == "voice"
        assert outbox.messages_to(session, 2) != []
    assert clinic.texts_to(BEN)[-1].startswith("Willow Clinic: Do you have any of these")
