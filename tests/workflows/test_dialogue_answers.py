"""Each reply answers the question that it is an answer to: late, early, halved, corrected, in another language."""

from __future__ import annotations

from builders import an_infusion
from main_path import ANA, NADIA, SEVERE, Clinic, live

from service.core.conversation.handover import as_text
from service.store import check_ins, conversations
from service.store.check_ins import CheckIn, CheckInState
from service.store.patients import Patient
from service.workflows.handover_page import handover_for
from service.workflows.send_due_check_ins import send_next


def states(clinic: Clinic) -> list[tuple[str, str]]:
    """Return Ana's check-ins by step with their state, earliest due first."""
    with clinic.store.reading() as session:
        return [(row.step, row.state) for row in check_ins.check_ins_of(session, clinic.ana)]


def row_of(clinic: Clinic, step: str) -> CheckIn:
    """Return Ana's check-in of the step."""
    with clinic.store.reading() as session:
        return next(row for row in check_ins.check_ins_of(session, clinic.ana) if row.step == step)


def test_a_moderate_spasm_is_asked_through_the_intake_and_ends_in_a_handover(clinic: Clinic) -> None:
    clinic.ask()

    for words in ("cramps in my left calf, a 5", "N", "left calf, part of it", "a minute, awake, it hurts"):
        clinic.hears(words)
    clinic.hears("that evening, not at the visit")

    texts = clinic.texts_to(ANA)[2:]
    questions = ("with the spasms", "Which arms or legs", "How long does it last", "When did it start")
    assert [question in text for question, text in zip(questions, texts, strict=False)] == [True] * 4
    assert "A nurse will call you" in texts[4]
    assert clinic.texts_to(NADIA) == []
    with clinic.store.reading() as session:
        page = as_text(
            handover_for(
                session,
                session.get_one(Patient, clinic.ana),
                clinic.deps.library.guide.knowable,
                clinic.clock(),
            )
        )
    assert "Where, how much of it, all at once or spreading: left calf, part of it" in page
    assert "Has: spasm" in page


def test_an_answer_to_yesterdays_question_counts_there_and_leaves_todays_open(clinic: Clinic) -> None:
    clinic.ask()
    clinic.hears("headache")
    clinic.move(hours=20)

    clinic.hears("6")

    with clinic.store.reading() as session:
        first, second = conversations.conversations_of(session, clinic.ana)
    assert conversations.talk_of(first).severity_of("headache") == 6
    assert conversations.talk_of(second).waits
    assert row_of(clinic, "24h").state == CheckInState.SENT


def test_a_text_that_was_caught_up_with_answers_the_question_it_was_written_to(clinic: Clinic) -> None:
    clinic.ask()
    clinic.hears("headache")
    clinic.receive("5")
    clinic.clock.move(hours=20)

    assert send_next(clinic.deps)
    clinic.tick()

    with clinic.store.reading() as session:
        first, second = conversations.conversations_of(session, clinic.ana)
    assert conversations.talk_of(first).severity_of("headache") == 5
    assert conversations.talk_of(second).complaints == ()


def test_a_correction_is_heard_and_staff_see_the_last_number(clinic: Clinic) -> None:
    clinic.ask()
    clinic.hears("my head hurts, an 8")

    clinic.hears("sorry I meant 3 not 8")

    assert "put that right" in clinic.texts_to(ANA)[-1]
    assert len(live(clinic)) == 1
    with clinic.store.reading() as session:
        page = handover_for(
            session, session.get_one(Patient, clinic.ana), clinic.deps.library.guide.knowable, clinic.clock()
        )
    assert [value for _, value in page.trends[0].severities] == [8, 3]


def test_two_halves_of_one_answer_are_read_as_one(clinic: Clinic) -> None:
    clinic.ask()
    clinic.hears("both of my legs have been")
    clinic.clock.move(minutes=1)

    clinic.hears("locked up since noon, can't move them")

    assert len(clinic.texts_to(NADIA)) == 1


def test_espanol_is_answered_with_the_same_question_in_spanish_and_stays(clinic: Clinic) -> None:
    clinic.ask()

    clinic.hears("español")
    clinic.hears("nada, todo bien")

    assert "¿Qué tal se siente?" in clinic.texts_to(ANA)[2]
    assert "Gracias" in clinic.texts_to(ANA)[3]


def test_a_question_on_a_text_that_nobody_asked_for_leaves_nobody_waiting_either(clinic: Clinic) -> None:
    clinic.hears("headache")

    clinic.move(hours=4, minutes=1)

    assert [(one.disposition, one.reason) for one in live(clinic)][-1][0] == "callback"
    with clinic.store.reading() as session:
        latest = conversations.latest_conversation(session, clinic.ana)
    assert latest is not None
    assert latest.answer_by is None
    assert not conversations.talk_of(latest).waits


def test_silence_on_the_check_in_after_a_page_pages(clinic: Clinic) -> None:
    clinic.ask()
    clinic.hears(SEVERE)
    _close(clinic)
    clinic.move(hours=20)
    before = len(clinic.texts_to(NADIA))

    clinic.move(hours=36)

    assert row_of(clinic, "24h").state == CheckInState.MISSED
    assert [one.disposition for one in live(clinic)] == ["urgent"]
    assert len(clinic.texts_to(NADIA)) > before


def _close(clinic: Clinic) -> None:
    with clinic.store.transaction() as session:
        for one in live(clinic):
            fresh = session.get_one(type(one), one.id)
            fresh.state, fresh.next_step_at, fresh.closed_at = "closed", None, clinic.clock()


def test_a_callback_is_asked_about_again_and_a_worse_answer_pages(clinic: Clinic) -> None:
    an_infusion(clinic.deps, clinic.ana, hours_ago=24 * 4)
    clinic.tick()
    clinic.hears("I feel sick, nausea 4")

    clinic.move(hours=24, minutes=1)
    asked = clinic.texts_to(ANA)[-1]
    clinic.hears("worse, a 7")

    assert "BETTER, the SAME, or WORSE" in asked
    assert "urgent" in [one.disposition for one in live(clinic)]
