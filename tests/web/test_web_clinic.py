"""The clinic's page: admins change hours, holidays and the clinic itself; wrong input gets a sentence; nurses read."""

from __future__ import annotations

from datetime import date, time

import pytest
from browsing import Browser, words_in

from service.core.escalation.business_hours import BusinessHours
from service.store.clinics import the_clinic
from service.store.office_hours import business_hours
from service.workflows.deps import Deps

FORM = {
    "name": "Willow Clinic",
    "phone": "(202) 555-0199",
    "zone": "America/Denver",
    "quiet_from": "20:00",
    "quiet_until": "09:00",
    "fallback_role": "nurse",
}
WEEK = {f"day{weekday}": "09:00-17:00" for weekday in range(5)} | {"day5": "", "day6": ""}


def hours(deps: Deps) -> BusinessHours:
    with deps.store.reading() as session:
        return business_hours(session)


def test_an_admin_changes_the_clinic(admin: Browser, deps: Deps) -> None:
    answer = admin.send("/clinic", FORM, form_at="/clinic")

    with deps.store.reading() as session:
        clinic = the_clinic(session)
    assert answer.status_code == 303
    assert (clinic.phone, clinic.zone, clinic.quiet_from, clinic.fallback_role) == (
        "+12025550199",
        "America/Denver",
        time(20),
        "nurse",
    )


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": " "}, "The clinic's name is empty."),
        ({"name": "x" * 33}, "The clinic's name is too long: 32 characters fit into a text."),
        (
            {"name": "Clínica Peña"},
            "The clinic's name holds í, which plain texts lack: most would take three parts and more. "
            "Write it in plain letters, such as Clinica for Clínica.",
        ),
        ({"zone": "Mars/Base"}, "'Mars/Base' is no time zone. Write one such as America/Chicago."),
        ({"quiet_from": "late"}, "'late' is no time of day. Quiet hours are written like 21:00."),
        ({"fallback_role": "cook"}, "Choose from the list who is paged when nobody is on call."),
    ],
)
def test_a_clinic_that_can_not_be_is_refused_with_a_sentence_and_keeps_what_was_typed(
    admin: Browser, wrong: dict[str, str], sentence: str
) -> None:
    answer = admin.send("/clinic", FORM | wrong, form_at="/clinic")

    assert (answer.status_code, words_in(answer, "fault")) == (422, sentence)
    assert 'value="(202) 555-0199"' in answer.text


def test_hours_with_a_break_are_kept(admin: Browser, deps: Deps) -> None:
    answer = admin.send(
        "/clinic/hours", WEEK | {"day4": "9:00-12:00, 13:00 - 15:30", "day5": "closed"}, form_at="/clinic"
    )

    assert answer.status_code == 303
    assert [span for span in hours(deps).hours if span[0] >= 4] == [
        (4, time(9), time(12)),
        (4, time(13), time(15, 30)),
    ]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        (
            "nine to five",
            "Tuesday: 'nine to five' are no hours. Write them like 09:00-17:00, several parted by commas.",
        ),
        (
            "09:00-25:00",
            "Tuesday: '09:00-25:00' are no hours. Write them like 09:00-17:00, several parted by commas.",
        ),
        ("17:00-09:00", "Tuesday: 17:00-09:00 ends before it starts."),
        ("09:00-13:00, 12:00-17:00", "Tuesday: 09:00-13:00 and 12:00-17:00 overlap."),
    ],
)
def test_hours_that_are_none_are_refused_with_the_day_and_a_sentence(
    admin: Browser, deps: Deps, typed: str, sentence: str
) -> None:
    before = hours(deps)

    answer = admin.send("/clinic/hours", WEEK | {"day1": typed}, form_at="/clinic")

    assert (answer.status_code, words_in(answer, "fault")) == (422, sentence)
    assert f'value="{typed}"' in answer.text
    assert hours(deps) == before


def test_an_office_that_never_opens_is_refused(admin: Browser) -> None:
    answer = admin.send("/clinic/hours", dict.fromkeys(WEEK, ""), form_at="/clinic")

    assert words_in(answer, "fault").startswith("The office would be closed all week")


def test_a_holiday_comes_and_goes(admin: Browser, deps: Deps) -> None:
    admin.send("/clinic/holidays", {"day": "2026-12-25", "name": "Christmas"}, form_at="/clinic")
    with_it = hours(deps).holidays
    admin.send("/clinic/holidays/drop", {"day": "2026-12-25"}, form_at="/clinic")

    assert (with_it, hours(deps).holidays) == (frozenset({date(2026, 12, 25)}), frozenset())


@pytest.mark.parametrize(
    ("day", "name", "sentence"),
    [
        ("Christmas", "x", "'Christmas' is no day. Write it like 2026-12-25."),
        ("2026-01-01", "New Year", "2026-01-01 is over. Give a day that is still to come."),
        ("2062-12-25", "Christmas", "2062-12-25 is more than five years away. Check the year."),
        ("2026-12-25", " ", "Give the holiday a name of 1 to 60 characters."),
    ],
)
def test_a_holiday_that_can_not_be_is_refused_with_a_sentence(
    admin: Browser, day: str, name: str, sentence: str
) -> None:
    answer = admin.send("/clinic/holidays", {"day": day, "name": name}, form_at="/clinic")

    assert (answer.status_code, words_in(answer, "fault")) == (422, sentence)


def test_a_nurse_reads_the_settings_and_can_not_change_them(nurse: Browser, deps: Deps) -> None:
    before = hours(deps)

    read = nurse.get("/clinic")
    answers = [
        nurse.send(path, fields, form_at="/clinic").status_code
        for path, fields in (("/clinic", FORM), ("/clinic/hours", WEEK), ("/clinic/holidays", {}))
    ]

    assert "Only an admin can change" in read.text
    assert answers == [403, 403, 403]
    assert hours(deps) == before
