"""How a patient is reached, by text or by call: chosen at enrolment, changed on their page, each change on record."""

from __future__ import annotations

import pytest
from browsing import Browser, from_twilio, words_in
from builders import ANA, Clock, a_patient, an_infusion, texts_of
from sqlalchemy import func, select

from service.carrier.memory import MemoryCarrier
from service.store import audit
from service.store.calls import Call
from service.store.outbox import OutboxMessage
from service.store.patients import Patient
from service.workflows.deliver_outbox import deliver_next
from service.workflows.deps import Deps
from service.workflows.send_due_check_ins import send_next

FILLED_IN = {
    "name": "Dora Example",
    "phone": "(202) 555-0131",
    "language": "en",
    "zone": "America/Chicago",
    "agreed": "on",
}


def channel(deps: Deps) -> str:
    with deps.store.reading() as session:
        return session.get_one(Patient, 1).channel


def calls_promised(deps: Deps) -> int:
    with deps.store.reading() as session:
        return session.scalar(select(func.count(Call.id))) or 0


def audited(deps: Deps) -> list[tuple[str, str, str]]:
    with deps.store.reading() as session:
        entries = audit.latest_entries(session)
        return [(one.actor, one.action, one.subject) for one in entries if one.action.startswith("changed")]


def a_landline_refuses(nurse: Browser, deps: Deps) -> None:
    while deliver_next(deps):
        pass
    assert isinstance(deps.carrier, MemoryCarrier)
    with deps.store.reading() as session:
        message = session.scalars(select(OutboxMessage)).one()
    report = {
        "MessageSid": str(message.sid),
        "MessageStatus": "undelivered",
        "ErrorCode": "30006",
        "To": ANA,
        "AccountSid": "AC" + "d0" * 16,
    }
    assert from_twilio(nurse.client, f"/twilio/status?m={message.reference}", report).status_code == 204


def test_who_is_enrolled_for_calls_gets_no_text_and_a_call_for_a_check_in(
    nurse: Browser, deps: Deps, clock: Clock
) -> None:
    nurse.send("/patients/new", {**FILLED_IN, "channel": "voice"}, form_at="/patients/new")

    page = nurse.get("/patients/1")
    assert "Enrolled; each check-in will be a call." in page.text
    assert words_in(page, "reached") == "Gets calls"
    an_infusion(deps, 1, hours_ago=4)
    send_next(deps)
    assert (texts_of(deps), calls_promised(deps)) == ([], 1)


def test_the_form_keeps_the_choice_and_asks_consent_to_both(nurse: Browser) -> None:
    typed = {key: value for key, value in FILLED_IN.items() if key != "agreed"}

    answer = nurse.send("/patients/new", {**typed, "channel": "voice"}, form_at="/patients/new")

    assert 'name="channel" value="voice" checked' in answer.text
    assert "The patient has agreed to get texts or calls from us after an infusion" in answer.text


def test_staff_change_a_patient_to_calls_and_the_change_is_on_record(
    nurse: Browser, deps: Deps, clock: Clock
) -> None:
    a_patient(deps)
    while deliver_next(deps):
        pass

    answer = nurse.send("/patients/1/channel", {"channel": "voice"}, form_at="/patients/1")

    assert (answer.status_code, answer.location) == (303, "/patients/1")
    page = nurse.get("/patients/1")
    assert "Changed, from the next check-in on." in page.text
    assert (words_in(page, "reached"), channel(deps)) == ("Gets calls", "voice")
    assert audited(deps) == [("staff:1", "changed to calls", "patient:1")]
    an_infusion(deps, 1, hours_ago=4)
    send_next(deps)
    assert calls_promised(deps) == 1


def test_who_is_changed_to_texts_gets_the_welcome_text_once(nurse: Browser, deps: Deps) -> None:
    a_patient(deps, channel="voice")

    for chosen in ("sms", "voice", "sms", "sms"):
        nurse.send("/patients/1/channel", {"channel": chosen}, form_at="/patients/1")
    while deliver_next(deps):
        pass

    assert channel(deps) == "sms"
    assert [recipient for recipient, _ in texts_of(deps)] == [ANA]
    assert [action for _, action, _ in audited(deps)] == [
        "changed to texts",
        "changed to calls",
        "changed to texts",
    ]


def test_a_landline_that_refused_a_text_is_named_where_the_channel_is_changed(
    nurse: Browser, deps: Deps
) -> None:
    a_patient(deps)
    a_landline_refuses(nurse, deps)

    page = nurse.get("/patients/1")

    assert words_in(page, "reached") == "Gets texts, but the last did not arrive"
    assert words_in(page, "reach").startswith(
        "Change how they are reached The last text did not arrive: "
        "The number is a landline, or its carrier can't be reached."
    )
    nurse.send("/patients/1/channel", {"channel": "voice"}, form_at="/patients/1")
    assert words_in(nurse.get("/patients/1"), "reached") == "Gets calls"


@pytest.mark.parametrize("chosen", ["", "fax"])
def test_a_channel_that_there_is_not_changes_nothing(nurse: Browser, deps: Deps, chosen: str) -> None:
    a_patient(deps)

    nurse.send("/patients/1/channel", {"channel": chosen}, form_at="/patients/1")

    assert f"&#39;{chosen}&#39; is no way to reach a patient." in nurse.get("/patients/1").text
    assert (channel(deps), audited(deps)) == ("sms", [])
    assert nurse.send("/patients/9/channel", {"channel": "voice"}, form_at="/patients/1").status_code == 404
