"""Moving, shortening and cancelling an infusion on its page; what is typed wrong gets a sentence and is kept."""

from __future__ import annotations

from datetime import timedelta

import pytest
from browsing import Browser, words_in
from builders import MORNING, a_patient, an_infusion

from service.store import check_ins, infusions
from service.store.audit import AuditEntry
from service.store.check_ins import CheckInState
from service.store.database import Store
from service.workflows.deps import Deps

PAGE = "/patients/1/infusions/1"
# Nine in the morning where the clinic is: an hour before the clock of the tests.
EARLIER = "2026-03-10T09:00"


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """One engine is enough here: what is tested is the page."""
    return sqlite_store


@pytest.fixture(autouse=True)
def _ana(deps: Deps) -> None:
    an_infusion(deps, a_patient(deps))


def known(deps: Deps) -> list[tuple[timedelta, float | None]]:
    """Return each infusion of Ana's that counts: how long after the tests' morning it ended, and its dose."""
    with deps.store.reading() as session:
        return [(one.ended_at - MORNING, one.dose_mg) for one in infusions.infusions_of(session, 1)]


def test_the_patients_page_leads_to_the_infusion_and_its_form_holds_what_is_known(nurse: Browser) -> None:
    assert f'href="{PAGE}"' in nurse.get("/patients/1").text

    assert 'value="2026-03-10T10:00"' in nurse.get(PAGE).text


def test_an_infusion_that_stopped_early_is_shortened_and_what_waits_moves_with_it(
    nurse: Browser, deps: Deps
) -> None:
    answer = nurse.send(PAGE, {"ended": EARLIER, "dose": "42.5"}, form_at=PAGE)

    assert (answer.status_code, answer.location) == (303, "/patients/1")
    assert known(deps) == [(timedelta(hours=-1), 42.5)]
    with deps.store.reading() as session:
        first = check_ins.check_ins_of(session, 1)[0]
    assert first.due_at == MORNING + timedelta(hours=3)
    page = nurse.get("/patients/1").text
    assert "Changed; the check-ins below are planned afresh." in page
    assert "42.5 mg" in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"ended": "noon"}, "Say when the infusion ended, with date and time."),
        ({"ended": "2027-03-10T09:00"}, "The infusion's end is more than 60 days from now. Check the date."),
        (
            {"dose": "a lot"},
            "Write the dose as a number of milligrams, such as 42.5, or leave it empty.",
        ),
        ({"dose": "-3"}, "A dose is more than 0 and at most 5000 mg. Write it in milligrams."),
        ({"dose": "nan"}, "A dose is more than 0 and at most 5000 mg. Write it in milligrams."),
    ],
)
def test_a_change_that_cannot_be_meant_is_refused_and_kept(
    nurse: Browser, deps: Deps, wrong: dict[str, str], sentence: str
) -> None:
    typed = {"ended": EARLIER, "dose": "40", **wrong}

    answer = nurse.send(PAGE, typed, form_at=PAGE)

    assert (answer.status_code, words_in(answer, "fault")) == (422, sentence)
    assert [words for words in typed.values() if f'value="{words}"' not in answer.text] == []
    assert known(deps) == [(timedelta(0), None)]


def test_cancelling_wants_to_be_confirmed(nurse: Browser, deps: Deps) -> None:
    answer = nurse.send(f"{PAGE}/cancel", {}, form_at=PAGE)

    assert (answer.status_code, words_in(answer, "fault")) == (
        422,
        "Tick the box first: it did not take place, or will not.",
    )
    assert len(known(deps)) == 1


def test_a_cancelled_infusion_is_followed_up_no_more_and_its_page_is_gone(nurse: Browser, deps: Deps) -> None:
    answer = nurse.send(f"{PAGE}/cancel", {"sure": "on"}, form_at=PAGE)

    assert (answer.status_code, answer.location) == (303, "/patients/1")
    assert known(deps) == []
    with deps.store.reading() as session:
        assert {row.state for row in check_ins.check_ins_of(session, 1)} == {CheckInState.CANCELLED}
    assert nurse.get(PAGE).status_code == 404


def test_who_changed_and_who_cancelled_it_is_on_record(nurse: Browser, deps: Deps) -> None:
    nurse.send(PAGE, {"ended": EARLIER, "dose": ""}, form_at=PAGE)
    nurse.send(f"{PAGE}/cancel", {"sure": "on"}, form_at=PAGE)

    with deps.store.reading() as session:
        entries = session.query(AuditEntry).order_by(AuditEntry.id).all()
    assert [(one.actor, one.action, one.subject) for one in entries if "infusion" in one.action][1:] == [
        ("staff:1", "changed an infusion", "patient:1"),
        ("staff:1", "cancelled an infusion", "patient:1"),
    ]


def test_an_infusion_is_found_under_its_own_patient_alone(nurse: Browser, deps: Deps) -> None:
    a_patient(deps, name="Ben Example", phone="+12025550124")

    assert nurse.get("/patients/2/infusions/1").status_code == 404


def test_the_dose_is_kept_with_a_new_infusion(nurse: Browser, deps: Deps) -> None:
    typed = {"ended": EARLIER, "protocol": "ketamine-infusion", "dose": "40"}

    nurse.send("/patients/1/infusions", typed, form_at="/patients/1")

    assert known(deps) == [(timedelta(hours=-1), 40.0), (timedelta(0), None)]
