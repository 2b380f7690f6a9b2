"""The way of the data, arrow by arrow: infusion, plan, check-in, outbox, reply, inbox, triage, escalation, page, answer."""

from __future__ import annotations

import re

import pytest
from builders import STRANGER, an_infusion
from main_path import ANA, NADIA, SEVERE, Clinic, live

from service.core.words import Disposition
from service.store import check_ins, inbox, readings
from service.store.escalations import EscalationState
from service.store.inbox import InboxMessage, InboxState
from service.store.patients import Patient
from service.workflows import read_patient
from service.workflows.acknowledge import OUTCOMES, close_on_page, take_on_page

CODE = re.compile(r"\b[A-Z]\d[A-Z]\d\b")


def test_an_infusion_is_followed_by_its_check_in_when_it_is_due_and_not_before(clinic: Clinic) -> None:
    clinic.infusion()

    clinic.move(hours=3, minutes=59)
    before = clinic.texts_to(ANA)
    clinic.move(minutes=2)

    assert len(before) == 1, "the welcome text alone"
    assert len(clinic.texts_to(ANA)) == 2
    assert "Reply NONE" in clinic.texts_to(ANA)[1]


def test_a_check_in_goes_out_once_however_often_the_clock_ticks(clinic: Clinic) -> None:
    clinic.ask()

    clinic.tick()
    clinic.tick()

    assert len(clinic.texts_to(ANA)) == 2


def test_a_clean_none_gets_one_line_and_nobody_is_paged(clinic: Clinic) -> None:
    clinic.ask()

    clinic.hears("none, feeling good")

    assert len(clinic.texts_to(ANA)) == 3
    assert clinic.texts_to(NADIA) == []
    assert live(clinic) == []
    with clinic.store.reading() as session:
        assert check_ins.check_ins_of(session, clinic.ana)[0].state == check_ins.CheckInState.ANSWERED


def test_a_severe_spasm_tells_the_patient_and_pages_the_nurse_on_call_alone(clinic: Clinic) -> None:
    clinic.ask()

    clinic.hears(SEVERE)

    assert "911" in clinic.texts_to(ANA)[2]
    assert len(clinic.texts_to(NADIA)) == 1
    assert CODE.search(clinic.texts_to(NADIA)[0]) is not None
    assert clinic.texts_to("+12025550112") == []


def test_a_page_names_neither_the_patient_nor_a_symptom(clinic: Clinic) -> None:
    clinic.ask()

    clinic.hears(SEVERE)

    page = clinic.texts_to(NADIA)[0].lower()
    assert [
        word for word in ("ana", "example", "leg", "spasm", "locked") if re.search(rf"\b{word}\b", page)
    ] == []


def test_the_code_takes_the_escalation_and_the_patient_hears_it(clinic: Clinic) -> None:
    clinic.ask()
    clinic.hears(SEVERE)
    code = CODE.search(clinic.texts_to(NADIA)[0])
    assert code is not None

    clinic.hears(f" ack {code.group().lower()} ", sender=NADIA)

    (taken,) = live(clinic)
    assert taken.state == EscalationState.ACKNOWLEDGED
    assert taken.acknowledged_how == "text"
    assert code.group() in clinic.texts_to(NADIA)[-1]
    assert "nurse has seen" in clinic.texts_to(ANA)[-1]


def test_a_second_nurse_is_told_who_was_faster(clinic: Clinic) -> None:
    clinic.ask()
    clinic.hears(SEVERE)
    (escalation,) = live(clinic)
    clinic.hears(escalation.code, sender=NADIA)

    clinic.hears(escalation.code, sender="+12025550112")

    assert "Nadia Osei" in clinic.texts_to("+12025550112")[-1]
    assert live(clinic)[0].acknowledged_by == 1


def test_a_wrong_code_is_answered_and_takes_nothing(clinic: Clinic) -> None:
    clinic.ask()
    clinic.hears(SEVERE)
    wrong = "Y9Y9"

    clinic.hears(wrong, sender=NADIA)

    assert wrong in clinic.texts_to(NADIA)[-1]
    assert live(clinic)[0].state == EscalationState.OPEN


def test_an_escalation_that_nobody_takes_climbs_to_the_next_tier_and_comes_round_again(
    clinic: Clinic,
) -> None:
    clinic.ask()
    clinic.hears(SEVERE)

    clinic.move(minutes=6)
    backup_paged = len(clinic.texts_to("+12025550112"))
    clinic.move(minutes=6)
    clinic.move(minutes=6)

    assert backup_paged == 1
    assert len(clinic.texts_to(NADIA)) >= 2, "after the last tier the first is paged again"


def test_nobody_is_paged_any_more_once_it_is_closed(clinic: Clinic) -> None:
    clinic.ask()
    clinic.hears(SEVERE)
    (escalation,) = live(clinic)
    assert take_on_page(clinic.deps, escalation.id, 1).is_yours
    assert close_on_page(clinic.deps, escalation.id, 1, OUTCOMES[0], "fine").is_yours
    paged = len(clinic.texts_to(NADIA)) + len(clinic.texts_to("+12025550112"))

    clinic.move(hours=3)

    assert len(clinic.texts_to(NADIA)) + len(clinic.texts_to("+12025550112")) == paged
    assert live(clinic) == []


def test_an_unreadable_reply_is_asked_again_once_and_then_goes_to_a_person(clinic: Clinic) -> None:
    clinic.ask()

    clinic.hears("blorp the wumble zzz")
    asked_again = live(clinic)
    clinic.hears("wumble blorp blorp")

    assert asked_again == []
    assert [e.disposition for e in live(clinic)] == [Disposition.CALLBACK]


def test_silence_after_an_unreadable_reply_goes_to_a_person_too(clinic: Clinic) -> None:
    clinic.ask()
    clinic.hears("blorp the wumble zzz")

    clinic.move(hours=30)

    assert [e.disposition for e in live(clinic)] == [Disposition.CALLBACK]


def test_the_same_message_sid_twice_is_one_message_and_one_answer(clinic: Clinic) -> None:
    clinic.ask()

    first = clinic.receive("none", sid="SM" + "a" * 32)
    second = clinic.receive("none", sid="SM" + "a" * 32)
    clinic.tick()

    assert first is not None
    assert second is None
    assert len(clinic.texts_to(ANA)) == 3


def test_a_stranger_in_danger_pages_staff_and_hears_a_neutral_line(clinic: Clinic) -> None:
    clinic.hears("I want to kill myself", sender=STRANGER)

    assert len(clinic.texts_to(STRANGER)) == 1
    assert "911" in clinic.texts_to(STRANGER)[0]
    assert [e.disposition for e in live(clinic)] == [Disposition.EMERGENCY]
    assert len(clinic.texts_to(NADIA)) == 1


def test_a_short_code_is_kept_and_listed_but_never_answered(clinic: Clinic) -> None:
    clinic.hears("Your parcel waits", sender="68849")

    assert clinic.texts_to("68849") == []
    assert len(live(clinic)) == 1


def test_a_reply_to_no_check_in_is_still_read(clinic: Clinic) -> None:
    an_infusion(clinic.deps, clinic.ana)

    clinic.hears(SEVERE)

    assert [e.disposition for e in live(clinic)] == [Disposition.URGENT]


def test_reply_is_kept_and_before_a_person_when_the_reader_raises(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    clinic.ask()

    def broken(*_: object) -> None:
        raise ValueError("the reader is broken")

    with monkeypatch.context() as broken_reader:
        broken_reader.setattr(read_patient, "interpret", broken)
        message_id = clinic.receive(SEVERE)
        clinic.tick()
        first = [e.disposition for e in live(clinic)]
        for _ in range(3):
            clinic.move(minutes=2)
        given_up = [e.disposition for e in live(clinic)]

    with clinic.store.reading() as session:
        kept = session.get_one(InboxMessage, message_id)
        assert (kept.body, kept.state) == (SEVERE, InboxState.SET_ASIDE)
    assert first == [Disposition.CALLBACK]
    assert given_up == [Disposition.URGENT]
    with clinic.store.transaction() as session:
        assert inbox.retry_set_aside(session, clinic.clock()) == 1
    clinic.tick()
    with clinic.store.reading() as session:
        assert (
            readings.readings_by_message(session, [message_id or 0])[message_id or 0].disposition == "urgent"
        )


def test_a_reading_keeps_the_words_the_rules_and_their_version(clinic: Clinic) -> None:
    clinic.ask()
    message_id = clinic.receive(SEVERE)
    clinic.tick()

    with clinic.store.reading() as session:
        reading = readings.readings_by_message(session, [message_id or 0])[message_id or 0]

    spasm = next(f for f in reading.findings if f["symptom"] == "spasm")
    assert all(SEVERE[w["start"] : w["end"]] == w["text"] for w in spasm["evidence"])
    assert reading.rules
    assert reading.version == clinic.deps.library.guide.version


def test_stop_ends_check_ins_and_a_symptom_with_it_still_reaches_staff(clinic: Clinic) -> None:
    clinic.ask()

    clinic.hears("stop texting me. and my legs are locked, can't move them")
    clinic.move(days=8)

    assert [body for body in clinic.texts_to(ANA) if "Reply NONE" in body] == clinic.texts_to(ANA)[1:2]
    assert [e.disposition for e in live(clinic)] == [Disposition.URGENT]
    with clinic.store.reading() as session:
        assert session.get_one(Patient, clinic.ana).opted_out_at is not None


def test_a_bare_stop_that_twilio_has_answered_gets_no_second_answer(clinic: Clinic) -> None:
    clinic.ask()

    clinic.hears("STOP")

    assert len(clinic.texts_to(ANA)) == 2
