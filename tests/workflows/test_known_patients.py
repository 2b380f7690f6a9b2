"""What the clinic has recorded of a patient's health changes how their replies are judged; what is unknown does not."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from main_path import Clinic, live

from service.core.recorded import NOTHING_RECORDED, Recorded
from service.store import audit, staff
from service.store.patients import Patient
from service.workflows.record_health import UnableToRecord, record_health, recorded_from

TODAY = date(2026, 3, 2)


def levels(clinic: Clinic) -> list[str]:
    return [str(one.disposition) for one in live(clinic)]


def record(clinic: Clinic, recorded: Recorded) -> bool:
    return record_health(clinic.deps, clinic.ana, recorded, actor="staff:1")


@pytest.mark.parametrize(
    ("recorded", "reply", "with_it", "without_it"),
    [
        (Recorded(pregnant=True), "burns when I pee", "urgent", "callback"),
        (Recorded(epilepsy=True), "I had a seizure", "urgent", "emergency"),
        (Recorded(born=date(1950, 1, 1)), "headache 5", "urgent", "callback"),
        (Recorded(medicines=frozenset({"blood_thinner"})), "tripped and fell", "emergency", "callback"),
        (Recorded(conditions=frozenset({"cancer"})), "headache 5", "urgent", "callback"),
    ],
)
@pytest.mark.parametrize("is_recorded", [True, False])
def test_a_recorded_fact_changes_the_judgement(
    clinic: Clinic, recorded: Recorded, reply: str, with_it: str, without_it: str, is_recorded: bool
) -> None:
    if is_recorded:
        record(clinic, recorded)
    clinic.ask()

    clinic.hears(reply)

    assert levels(clinic) == [with_it if is_recorded else without_it]


def test_an_urgent_reply_with_nobody_on_call_is_an_emergency(clinic: Clinic) -> None:
    with clinic.store.transaction() as session:
        for member in staff.all_staff(session):
            member.tier = None
    clinic.ask()

    clinic.hears("headache 9")

    assert levels(clinic) == ["emergency"]


def test_what_was_recorded_is_read_back_as_it_was_filled_in(clinic: Clinic) -> None:
    full = Recorded(date(1984, 3, 7), False, True, None, frozenset(), frozenset({"diabetes", "kidney"}))
    record(clinic, full)

    with clinic.store.reading() as session:
        assert session.get_one(Patient, clinic.ana).health() == full


def test_a_change_is_on_record_and_no_change_is_not(clinic: Clinic) -> None:
    changed = [record(clinic, Recorded(pregnant=True)), record(clinic, Recorded(pregnant=True))]

    with clinic.store.reading() as session:
        acts = [(act.actor, act.subject) for act in audit.latest_entries(session) if "health" in act.action]
    assert changed == [True, False]
    assert acts == [("staff:1", f"patient:{clinic.ana}")]


@pytest.mark.parametrize(("day", "age"), [((2026, 3, 6), 41), ((2026, 3, 7), 42), ((2026, 12, 31), 42)])
def test_a_patient_is_a_year_older_on_the_birthday(day: tuple[int, int, int], age: int) -> None:
    assert Recorded(born=date(1984, 3, 7)).age_on(date(*day)) == age


def test_what_is_left_empty_is_unknown_and_none_is_not(clinic: Clinic) -> None:
    knowable = clinic.deps.library.guide.knowable

    assert recorded_from(knowable, TODAY) == NOTHING_RECORDED
    assert recorded_from(
        knowable, TODAY, pregnant="no", medicines=["none"], conditions=["diabetes"]
    ) == Recorded(pregnant=False, medicines=frozenset(), conditions=frozenset({"diabetes"}))


@pytest.mark.parametrize(
    ("filled", "sentence"),
    [
        ({"born": "7.3.84"}, "'7.3.84' is no date of birth. Write one such as 1984-03-07."),
        ({"born": "1884-03-07"}, "1884-03-07 cannot be the date of birth of a patient. Check the year."),
        ({"born": "2027-03-07"}, "2027-03-07 cannot be the date of birth of a patient. Check the year."),
        ({"pregnant": "maybe"}, "'maybe' is no answer to 'pregnant'. Choose yes, no or unknown."),
        (
            {"conditions": ["none", "cancer"]},
            "Either the patient has none, or these: take away “none” or each condition.",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(
    clinic: Clinic, filled: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(UnableToRecord) as caught:
        recorded_from(clinic.deps.library.guide.knowable, TODAY, **filled)

    assert str(caught.value) == sentence


def test_a_group_that_no_rule_knows_is_refused(clinic: Clinic) -> None:
    with pytest.raises(UnableToRecord, match=r"^'tea' is no medicine that a rule knows\."):
        recorded_from(clinic.deps.library.guide.knowable, TODAY, medicines=["tea"])
