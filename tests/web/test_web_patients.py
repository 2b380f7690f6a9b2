"""Enrolling, finding and following a patient; what is typed wrong gets a sentence and is kept."""

from __future__ import annotations

import pytest
from browsing import Browser, a_text, words_in
from builders import ANA, Clock, a_nurse, a_patient, an_infusion

from service.carrier.gateway import Unknown
from service.carrier.inbound import StatusReport
from service.carrier.memory import MemoryCarrier
from service.store import infusions, outbox, patients
from service.workflows.apply_status import apply_status
from service.workflows.deliver_outbox import deliver_next
from service.workflows.deps import Deps
from service.workflows.send_due_check_ins import send_next

FILLED_IN = {
    "name": "Dana Fictional",
    "phone": "(202) 555-0142",
    "language": "es",
    "zone": "America/Denver",
    "agreed": "on",
}


def enrolled(deps: Deps) -> list[tuple[str, str, str, str]]:
    with deps.store.reading() as session:
        return [(one.name, one.phone, one.language, one.zone) for one in patients.all_patients(session)]


def test_enrolling_leads_to_the_patients_page(nurse: Browser, deps: Deps) -> None:
    answer = nurse.send("/patients/new", FILLED_IN, form_at="/patients/new")

    assert (answer.status_code, answer.location) == (303, "/patients/1")
    assert enrolled(deps) == [("Dana Fictional", "+12025550142", "es", "America/Denver")]
    assert "Enrolled; the welcome text is on its way." in nurse.get("/patients/1").text


def test_the_form_offers_the_clinics_own_zone(nurse: Browser) -> None:
    assert "<option selected>America/Chicago</option>" in nurse.get("/patients/new").text


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        (
            {"phone": "555"},
            "555 is not a phone number. Write it with its area code, such as (202) 555-0123.",
        ),
        ({"name": "  "}, "The name is empty. Write the patient's name."),
        ({"language": "fr"}, "'fr' is no language that we write in. Choose en or es."),
        ({"zone": "Mars/Base"}, "'Mars/Base' is no time zone. Write one such as America/Chicago."),
    ],
)
def test_what_is_wrong_is_said_at_the_form(
    nurse: Browser, deps: Deps, wrong: dict[str, str], sentence: str
) -> None:
    answer = nurse.send("/patients/new", {**FILLED_IN, **wrong}, form_at="/patients/new")

    assert (answer.status_code, words_in(answer, "fault")) == (422, sentence)
    assert enrolled(deps) == []


def test_without_consent_nobody_is_enrolled_and_what_was_typed_is_kept(nurse: Browser, deps: Deps) -> None:
    typed = {key: value for key, value in FILLED_IN.items() if key != "agreed"}

    answer = nurse.send("/patients/new", typed, form_at="/patients/new")

    assert words_in(answer, "fault") == (
        "The patient has not agreed to be texted or called. Ask first, then tick the box."
    )
    kept = (
        'value="Dana Fictional"',
        'value="(202) 555-0142"',
        'value="es" checked',
        "<option selected>America/Denver</option>",
    )
    assert [sign for sign in kept if sign not in answer.text] == []
    assert (answer.status_code, enrolled(deps)) == (422, [])


def test_a_name_is_written_down_and_never_run(nurse: Browser) -> None:
    nurse.send("/patients/new", {**FILLED_IN, "name": "<script>alert(1)</script>"}, form_at="/patients/new")

    page = nurse.get("/patients/1").text

    assert page.count("<script>") == 0
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("wanted", ["bruno", "EJEMPLO", "555-0122", "(202) 555-0122"])
def test_a_patient_is_found_by_name_or_number(nurse: Browser, deps: Deps, wanted: str) -> None:
    a_patient(deps)
    a_patient(deps, name="Bruno Ejemplo", phone="+12025550122", language="es")

    found = nurse.client.get("/patients", query_string={"q": wanted}).text

    assert ("Bruno Ejemplo" in found, "Ana Example" in found) == (True, False)


def test_a_long_list_shows_the_newest_and_a_search_finds_the_others(
    nurse: Browser, deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_patient(deps)
    a_patient(deps, name="Bruno Ejemplo", phone="+12025550122", language="es")
    monkeypatch.setattr("service.web.people._SHOWN", 1)

    listed, found = nurse.get("/patients").text, nurse.get("/patients?q=ana").text

    assert ("Bruno Ejemplo" in listed, "Ana Example" in listed) == (True, False)
    assert "The newest 1 are shown." in listed
    assert ("Ana Example" in found, "are shown" in found) == (True, False)


def test_nobody_found_says_so(nurse: Browser, deps: Deps) -> None:
    a_patient(deps)

    assert "Nobody matches “zoe”." in nurse.get("/patients?q=zoe").text


def test_registering_an_infusion_plans_its_check_ins_by_the_patients_clock(
    nurse: Browser, deps: Deps
) -> None:
    a_patient(deps, zone="America/Los_Angeles")
    ended = {"ended": "2026-03-10T07:30", "protocol": "ketamine-infusion"}

    answer = nurse.send("/patients/1/infusions", ended, form_at="/patients/1")

    assert (answer.status_code, answer.location) == (303, "/patients/1")
    with deps.store.reading() as session:
        assert [one.ended_at.isoformat() for one in infusions.infusions_of(session, 1)] == [
            "2026-03-10T14:30:00+00:00"
        ]
    assert words_in(nurse.get("/patients/1"), "plan").startswith(
        "Check-ins After 4 hours planned Due 11:30 AM After 24 hours planned Due Wed, Mar 11, 8:00 AM"
    )


@pytest.mark.parametrize(
    ("ended", "sentence"),
    [
        ("", "Say when the infusion ended, with date and time."),
        ("yesterday", "Say when the infusion ended, with date and time."),
        (
            "2026-03-08T02:30",
            "That night the clocks in America/Chicago went forward, past this time. Check the time.",
        ),
        ("2025-03-10T09:00", "The infusion's end is more than 60 days from now. Check the date."),
    ],
)
def test_a_time_that_cannot_be_is_said_at_the_form_and_kept(
    nurse: Browser, deps: Deps, ended: str, sentence: str
) -> None:
    a_patient(deps)
    typed = {"ended": ended, "protocol": "ketamine-induction"}

    answer = nurse.send("/patients/1/infusions", typed, form_at="/patients/1")

    assert (answer.status_code, words_in(answer, "fault")) == (422, sentence)
    assert f'type="datetime-local" value="{ended}"' in answer.text
    assert '<option value="ketamine-induction" selected>' in answer.text
    assert words_in(answer, "plan") == "Check-ins None is planned: register an infusion."


def test_a_protocol_that_watches_by_itself_is_not_offered(nurse: Browser, deps: Deps) -> None:
    a_patient(deps)

    page = nurse.get("/patients/1").text

    assert ('value="ketamine-infusion"' in page, 'value="bladder-watch"' in page) == (True, False)


def test_a_patient_who_opted_out_is_shown_so_and_gets_no_plan(nurse: Browser, deps: Deps) -> None:
    a_patient(deps)
    a_text(nurse.client, "STOP")

    answer = nurse.send(
        "/patients/1/infusions",
        {"ended": "2026-03-10T09:00", "protocol": "ketamine-infusion"},
        form_at="/patients/1",
    )

    assert words_in(answer, "fault") == (
        "This patient may not be texted: no consent, opted out, or a wrong number."
    )
    assert "<strong>Opted out.</strong> No check-in is sent." in nurse.get("/patients/1").text
    assert '<span class="badge stop">Opted out</span>' in nurse.get("/patients").text


def test_the_page_shows_plan_and_conversation(nurse: Browser, deps: Deps, clock: Clock) -> None:
    an_infusion(deps, a_patient(deps), hours_ago=4)
    send_next(deps)
    while deliver_next(deps):
        pass
    clock.move(minutes=30)
    a_text(nurse.client, "no problems, I feel fine")

    page = nurse.get("/patients/1")

    assert words_in(page, "plan").startswith(
        "Check-ins After 4 hours answered Due 10:00 AM, sent 10:00 AM, answered 10:30 AM"
    )
    assert "no problems, I feel fine Ana Example, 10:30 AM" in words_in(page, "bubbles")
    assert f'href="tel:{ANA}"' in page.text


def test_a_text_of_unknown_outcome_is_shown_so_with_what_is_known_until_twilio_tells(
    nurse: Browser, deps: Deps, clock: Clock
) -> None:
    assert isinstance(deps.carrier, MemoryCarrier)
    a_patient(deps)
    deps.carrier.outcomes.append(Unknown("No answer from Twilio (ReadTimeout)."))
    deliver_next(deps)

    unknown = words_in(nurse.get("/patients/1"), "bubbles")
    with deps.store.reading() as session:
        (welcome,) = outbox.messages_to(session, 1)
    apply_status(deps, StatusReport("SM" + "7" * 32, "delivered", None, welcome.reference))

    assert unknown.endswith("outcome unknown, being looked up: No answer from Twilio (ReadTimeout).")
    assert words_in(nurse.get("/patients/1"), "bubbles").endswith("10:00 AM delivered")


def test_an_escalation_stands_on_the_patients_page(nurse: Browser, deps: Deps) -> None:
    a_patient(deps)
    a_text(nurse.client, "I can't breathe")

    assert words_in(nurse.get("/patients/1"), "escalations").startswith(
        "Waits for staff emergency C2C2 Ana Example"
    )


def test_the_staff_page_says_who_is_paged_in_which_order(nurse: Browser, deps: Deps) -> None:
    a_nurse(deps, name="Noor Haddad", phone="+12025550112", login="noor", tier="backup")
    a_nurse(deps, name="Dr. Thandi Dube", phone="+12025550113", login="dube", tier=None)

    assert words_in(nurse.get("/staff"), "main").endswith(
        "Nadia Osei nurse (202) 555-0111 tier “nurse”, signs in as nadia "
        "Noor Haddad nurse (202) 555-0112 tier “backup”, signs in as noor "
        "Dr. Thandi Dube nurse (202) 555-0113 on no tier, signs in as dube"
    )
