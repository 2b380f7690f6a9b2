"""What is known of a patient's health: filled in at enrolment, changed on their page, and heard by the rules."""

from __future__ import annotations

from datetime import date

import pytest
from browsing import Browser, a_text, words_in
from builders import ANA, a_patient, an_infusion

from service.core.recorded import NOTHING_RECORDED, Recorded
from service.store import audit, escalations
from service.store.patients import Patient
from service.workflows.deps import Deps

ENROLLED = {
    "name": "Ana Example",
    "phone": ANA,
    "language": "en",
    "zone": "America/Chicago",
    "agreed": "on",
}
NOT_KNOWN = {"born": "", "pregnant": "unknown", "epilepsy": "unknown", "migraine": "unknown"}


def on_record(deps: Deps) -> Recorded:
    with deps.store.reading() as session:
        return session.get_one(Patient, 1).health()


def levels(deps: Deps) -> list[str]:
    with deps.store.reading() as session:
        return [one.disposition for one in escalations.live_escalations(session)]


@pytest.mark.parametrize(
    ("pregnant", "level"), [("yes", "urgent"), ("no", "callback"), ("unknown", "callback")]
)
def test_what_is_filled_in_at_enrolment_changes_how_a_reply_is_judged(
    nurse: Browser, deps: Deps, pregnant: str, level: str
) -> None:
    nurse.send("/patients/new", {**ENROLLED, **NOT_KNOWN, "pregnant": pregnant}, form_at="/patients/new")
    an_infusion(deps, 1, hours_ago=5)

    a_text(nurse.client, "burns when I pee")

    assert levels(deps) == [level]


def test_a_form_of_which_nothing_is_filled_in_records_nothing(nurse: Browser, deps: Deps) -> None:
    nurse.send("/patients/new", {**ENROLLED, **NOT_KNOWN}, form_at="/patients/new")

    assert on_record(deps) == NOTHING_RECORDED
    assert words_in(nurse.get("/patients/1"), "health").count("not known") == 6


def test_a_wrong_date_is_said_beside_its_field_and_nobody_is_enrolled(nurse: Browser, deps: Deps) -> None:
    typed = {**ENROLLED, **NOT_KNOWN, "born": "2984-03-07", "epilepsy": "no", "medicines": "lithium"}

    answer = nurse.send("/patients/new", typed, form_at="/patients/new")

    with deps.store.reading() as session:
        assert session.get(Patient, 1) is None
    assert (answer.status_code, words_in(answer, "born-fault")) == (
        422,
        "2984-03-07 cannot be the date of birth of a patient. Check the year.",
    )
    kept = (
        'value="2984-03-07" autocomplete="off" aria-invalid="true" aria-describedby="born-fault"',
        'name="epilepsy" value="no" checked',
        'name="medicines" value="lithium" checked',
        'value="Ana Example"',
    )
    assert [sign for sign in kept if sign not in answer.text] == []


def test_a_nurse_changes_it_later_and_the_change_is_on_record(nurse: Browser, deps: Deps) -> None:
    a_patient(deps)
    typed = {**NOT_KNOWN, "born": "1984-03-07", "migraine": "no", "medicines": "none", "conditions": "kidney"}

    answer = nurse.send("/patients/1/health", typed, form_at="/patients/1")

    assert (answer.status_code, answer.location) == (303, "/patients/1")
    assert on_record(deps) == Recorded(
        born=date(1984, 3, 7), migraine=False, medicines=frozenset(), conditions=frozenset({"kidney"})
    )
    with deps.store.reading() as session:
        acts = [(act.actor, act.subject) for act in audit.latest_entries(session) if "health" in act.action]
    assert acts == [("staff:1", "patient:1")]
    page = nurse.get("/patients/1")
    assert (
        "Date of birth 1984-03-07, 42 years old Pregnant, or gave birth in the last six weeks not known "
        "Known epilepsy not known Known migraine no Medicines none "
        "Conditions Kidney disease, one kidney or a kidney transplant"
    ) in words_in(page, "health")
    assert 'name="medicines" value="none" checked' in page.text


def test_none_and_a_condition_together_are_refused_beside_the_boxes(nurse: Browser, deps: Deps) -> None:
    a_patient(deps)
    typed = {**NOT_KNOWN, "conditions": ["none", "kidney"]}

    answer = nurse.send("/patients/1/health", typed, form_at="/patients/1")

    assert (answer.status_code, words_in(answer, "conditions-fault")) == (
        422,
        "Either the patient has none, or these: take away “none” or each condition.",
    )
    assert on_record(deps) == NOTHING_RECORDED


def test_the_handover_tells_the_doctor_what_is_known(nurse: Browser, deps: Deps) -> None:
    a_patient(deps)
    nurse.send("/patients/1/health", {**NOT_KNOWN, "medicines": "lithium"}, form_at="/patients/1")

    a_text(nurse.client, "I can't breathe")

    handover = words_in(nurse.get("/escalations/1"), "story")
    assert (
        "Medicines: Lithium Not known of the patient: Date of birth; Pregnant, or gave birth in the last six weeks; "
        "Known epilepsy; Known migraine; Conditions" in handover
    )


def test_whoever_is_not_signed_in_changes_nothing(visitor: Browser, deps: Deps) -> None:
    a_patient(deps)

    answer = visitor.send("/patients/1/health", {**NOT_KNOWN, "pregnant": "yes"}, form_at="/login")

    assert (answer.status_code, on_record(deps)) == (302, NOTHING_RECORDED)
