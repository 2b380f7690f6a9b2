"""An escalation's page explains itself, is taken by one person, and is closed with what came of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from browsing import Browser, a_text, hidden_in, marked_words, why, words_in
from builders import ANA, STRANGER, Clock, a_nurse, a_patient, an_infusion, texts_of
from flask import Flask

from service.core.findings import Evidence
from service.store import audit, escalations
from service.store.escalations import Escalation
from service.store.readings import readings_by_message
from service.web.app import create_app
from service.web.escalation_views import Part
from service.web.site import Site
from service.web.talk import marked
from service.workflows.acknowledge import OUTCOMES, take_on_page
from service.workflows.deps import Deps

WORDS = "Hi, I can't breathe <at all>"


@pytest.fixture
def emergency(nurse: Browser, deps: Deps) -> str:
    """Ana, whose infusion ended five hours ago, has written an emergency; the address of its page."""
    an_infusion(deps, a_patient(deps), hours_ago=5)
    a_text(nurse.client, WORDS)
    return "/escalations/1"


def state_of(deps: Deps) -> tuple[str, int | None, str | None, str | None]:
    with deps.store.reading() as session:
        row = session.get_one(Escalation, 1)
        return row.state, row.acknowledged_by, row.outcome, row.note


def test_it_says_who_how_bad_since_when_and_how_to_call(nurse: Browser, deps: Deps, emergency: str) -> None:
    page = nurse.get(emergency)

    assert words_in(page, "standing") == (
        f"emergency C2C2 {why(deps, 1)} Nobody has it Opened 10:00 AM (now) Deadline 10:05 AM, in 5 min"
    )
    assert f'<a class="call" href="tel:{ANA}">Call (202) 555-0121</a>' in page.text


def test_it_shows_the_patients_words_with_the_evidence_marked(
    nurse: Browser, deps: Deps, emergency: str
) -> None:
    with deps.store.reading() as session:
        found = readings_by_message(session, [1])[1].interpretation().findings
    evidence = sorted({words.text for finding in found for words in finding.evidence})

    page = nurse.get(emergency)

    assert evidence == ["can't breathe"]
    assert marked_words(page) == ["can&#39;t breathe"]
    assert "&lt;at all&gt;" in page.text
    assert "<at all>" not in page.text


def test_it_shows_each_rule_with_its_reason_and_source_and_the_version(
    nurse: Browser, deps: Deps, emergency: str
) -> None:
    with deps.store.reading() as session:
        judged = readings_by_message(session, [1])[1].interpretation().judgement
    rules = {rule.id: rule for rule in deps.library.guide.rules.rules}

    page = words_in(nurse.get(emergency), "story")

    assert judged.rules != ()
    for fired in judged.rules:
        rule = rules[fired]
        assert f"{rule.then} {rule.because} Rule {rule.id}, source {rule.source}" in page
    assert f"Rules version {deps.library.guide.version} " in page


def test_a_reading_by_older_rules_says_so(deps: Deps, site: Site, nurse: Browser, emergency: str) -> None:
    newer: Any = replace(deps.library, guide=replace(deps.library.guide, version="newer"))
    browser = Browser(create_app(replace(deps, library=newer), site).test_client())
    browser.sign_in("nadia")

    assert "a newer one is in use now" not in nurse.get(emergency).text
    assert "a newer one is in use now" in browser.get(emergency).text


def test_the_handover_tells_the_infusion_doctor_in_the_patients_words(nurse: Browser, emergency: str) -> None:
    page = nurse.get(emergency).text

    handover = page.partition('<pre class="handover"')[2].partition("</pre>")[0]
    assert "Ana Example" in handover
    assert "breathe" in handover


def test_it_shows_what_both_sides_wrote_and_what_became_of_it(nurse: Browser, emergency: str) -> None:
    page = words_in(nurse.get(emergency), "story")

    assert page.count(WORDS) == 3, "under Why, in the handover, and in the conversation"
    assert page.count("Dripline, 10:00 AM handed to Twilio") == 2


def test_it_shows_everything_that_happened_and_where_each_page_got(
    nurse: Browser, deps: Deps, emergency: str
) -> None:
    with deps.store.reading() as session:
        happened = [(event.kind, event.words) for event in escalations.timeline(session, 1)]

    page = words_in(nurse.get(emergency), "story")

    assert [kind for kind, _ in happened][:2] == ["opened", "paged"]
    assert [words for _, words in happened if f"10:00 AM {words}" not in page] == []
    assert "Pages 10:00 AM Nadia Osei, by text: handed to Twilio" in page


def test_a_reply_that_could_not_be_read_asks_the_nurse_to_read_it(
    nurse: Browser, deps: Deps, site: Site
) -> None:
    a_patient(deps)
    broken: Any = replace(deps.library, guide=None)
    a_text(create_app(replace(deps, library=broken), site).test_client(), "I can't breathe")

    page = words_in(nurse.get("/escalations/1"), "story")

    assert "I can't breathe 10:00 AM The service could not read this reply. Read it yourself." in page


def test_the_time_where_the_patient_is_stands_by_the_number(nurse: Browser, deps: Deps) -> None:
    a_patient(deps, zone="America/Los_Angeles")
    a_text(nurse.client, "I can't breathe")

    assert "It is Tue 8:00 AM where they are." in nurse.get("/escalations/1").text


def test_an_unknown_sender_has_a_page_with_what_was_said(nurse: Browser) -> None:
    a_text(nurse.client, "who is this?", sender=STRANGER)

    page = nurse.get("/escalations/1")

    assert f'href="tel:{STRANGER}">Call (202) 555-0177' in page.text
    assert words_in(page, "story").count("who is this?") == 2
    assert "All about" not in page.text


def test_taking_it_tells_the_patient_and_shows_that_it_is_yours(
    nurse: Browser, deps: Deps, emergency: str
) -> None:
    answer = nurse.send(f"{emergency}/take", {}, form_at=emergency)

    assert (answer.status_code, answer.location) == (303, emergency)
    assert state_of(deps)[:2] == ("acknowledged", 1)
    page = nurse.get(emergency)
    assert "It is yours. Call the patient, then close it here." in page.text
    assert "You have it Opened 10:00 AM" in words_in(page, "standing")
    assert "Take it" not in words_in(page, "acts")


def test_one_that_somebody_else_has_says_who_and_stays_theirs(
    nurse: Browser, deps: Deps, emergency: str
) -> None:
    noor = a_nurse(deps, name="Noor Haddad", phone="+12025550112", login="noor", tier="backup")
    form_at = nurse.get(emergency)
    take_on_page(deps, 1, noor)

    nurse.send(f"{emergency}/take", {}, form_at=emergency)

    assert "Take it" in words_in(form_at, "acts")
    assert state_of(deps)[:2] == ("acknowledged", noor)
    assert (
        '<p class="said bad" role="status">Noor Haddad has taken it already.</p>' in nurse.get(emergency).text
    )


def test_closing_it_keeps_outcome_and_note(nurse: Browser, deps: Deps, emergency: str) -> None:
    closing = {"outcome": OUTCOMES[2], "note": "Ambulance came."}

    answer = nurse.send(f"{emergency}/close", closing, form_at=emergency)

    assert (answer.status_code, answer.location) == (303, "/")
    assert state_of(deps) == ("closed", None, OUTCOMES[2], "Ambulance came.")
    page = nurse.get(emergency)
    assert words_in(page, "acts") == "Ambulance came."
    assert f"Closed: {OUTCOMES[2]}" in words_in(page, "standing")


def test_closing_without_an_outcome_is_refused_and_keeps_the_note(
    nurse: Browser, deps: Deps, emergency: str
) -> None:
    answer = nurse.send(f"{emergency}/close", {"outcome": "", "note": "No answer yet"}, form_at=emergency)

    assert answer.status_code == 422
    assert words_in(answer, "fault") == "Choose what came of it from the list."
    assert words_in(answer, "note") == "No answer yet"
    assert state_of(deps)[0] == "open"


def test_what_the_patient_wrote_since_the_page_was_opened_is_not_closed_with_it(
    nurse: Browser, deps: Deps, emergency: str
) -> None:
    take_on_page(deps, 1, 1)
    closing = {
        "outcome": OUTCOMES[0],
        "note": "Feels well",
        **hidden_in(nurse.get(emergency), f"{emergency}/close"),
    }
    a_text(nurse.client, "now I have crushing chest pain", sid="SM" + "2" * 32)

    refused = nurse.client.post(f"{emergency}/close", data=closing)

    assert refused.status_code == 422
    assert words_in(refused, "fault").startswith("There is news of the patient")
    assert words_in(refused, "note") == "Feels well"
    assert f"<option selected>{OUTCOMES[0]}</option>" in refused.text
    assert state_of(deps)[0] == "open"
    assert (
        nurse.send(f"{emergency}/close", {"outcome": OUTCOMES[2], "note": ""}, form_at=emergency).location
        == "/"
    )


def test_who_looked_is_on_record_once_for_one_look(
    nurse: Browser, app: Flask, deps: Deps, clock: Clock, emergency: str
) -> None:
    def looks() -> list[tuple[str, str]]:
        with deps.store.reading() as session:
            entries = audit.latest_entries(session)
            return [(entry.actor, entry.subject) for entry in entries if entry.action == "viewed"]

    for path in ("/", emergency, emergency, "/patients/1"):
        nurse.get(path)
    once = looks()
    clock.move(minutes=20)
    nurse.get(emergency)

    assert once == [("staff:1", "patient:1"), ("staff:1", "escalation:1")]
    assert looks() == [("staff:1", "escalation:1"), *once]


def test_the_patient_hears_that_a_nurse_has_seen_it(nurse: Browser, deps: Deps, emergency: str) -> None:
    nurse.send(f"{emergency}/take", {}, form_at=emergency)
    before = len(texts_of(deps))

    a_text(nurse.client, "ok thank you", sid="SM" + "2" * 32)

    assert "nurse has seen" in texts_of(deps)[before][1]


def test_evidence_may_overlap_and_reach_past_the_end() -> None:
    spans = (Evidence(3, 7, ""), Evidence(5, 9, ""), Evidence(12, 99, ""))

    assert marked("my legs are stiff", spans) == (
        Part("my ", False),
        Part("legs a", True),
        Part("re ", False),
        Part("stiff", True),
    )
    assert marked("", spans) == ()
