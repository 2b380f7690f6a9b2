"""The roster's page shows who is on call and when nobody is, and changes it; what can't be is said beside its form."""

from __future__ import annotations

import re
from html import unescape

import pytest
from browsing import Browser, words_in
from builders import Clock, a_nurse
from flask import Flask

from service.core.escalation.roster import watches
from service.store.database import Store
from service.store.roster import load_roster
from service.workflows.deps import Deps

TUESDAY = "2026-03-10"
DAYS = {"tier": "nurse", "who": "1", "starts": "07:00", "ends": "19:00", "days": "1"}
COVER = {"absent": "1", "stand_in": "2", "since": f"{TUESDAY}T18:00", "until": f"{TUESDAY}T20:00"}
SWAP = {
    "one": "1",
    "one_since": "2026-03-11T08:00",
    "one_until": "2026-03-11T10:00",
    "other": "2",
    "other_since": "2026-03-12T08:00",
    "other_until": "2026-03-12T10:00",
}
DUTY = {"tier": "nurse", "who": "2", "since": "2026-03-11T08:00", "until": "2026-03-11T10:00"}

REFUSED = [
    ("shifts", DAYS | {"who": "-1"}, "Choose somebody from the list."),
    ("shifts", DAYS | {"days": "7"}, "Choose one weekday or more."),
    (
        "shifts",
        DAYS | {"tier": "porter"},
        "No ladder has a tier 'porter'. Choose one of: nurse, backup, doctor.",
    ),
    ("shifts", DAYS | {"starts": "noon"}, "'noon' is no time of day. Write it like 19:00."),
    ("duties", DUTY | {"who": "76"}, "There is no such member of staff."),
    ("duties", DUTY | {"until": "2026-03-11T08:00"}, "The time ends before it starts."),
    ("duties", DUTY | {"since": ""}, "Give both times, with date and hour."),
    ("duties", DUTY | {"since": "soon"}, "'soon' is no time; write one such as 2026-03-10T18:00."),
    (
        "duties",
        DUTY | {"until": "2027-03-14T02:30"},
        "On 2027-03-14 the clocks go forward, past 02:30: there is no such time.",
    ),
    ("cover", COVER | {"stand_in": "1"}, "Nobody covers for themselves: choose two people."),
    ("cover", COVER | {"until": "2026-03-09T08:00"}, "The cover ends before it starts."),
    (
        "cover",
        COVER | {"absent": "0"},
        "They are not on call in that time: there is nothing to cover.",
    ),
    ("duties/drop", {"duty": "x"}, "There is no such change; somebody may have removed it."),
]


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """SQLite alone: what a page shows hangs on no engine, and the roster's use cases are tested on each."""
    return sqlite_store


@pytest.fixture
def roster(admin: Browser, deps: Deps) -> Browser:
    """A clinic on a Tuesday at ten with Ada (1), an admin; Nadia (2), a nurse; Noor (3), her backup. Ada's browser."""
    a_nurse(deps)
    a_nurse(deps, name="Noor Haddad", phone="+12025550112", login="noor", tier="backup")
    return admin


def numbered(fields: dict[str, str]) -> dict[str, str]:
    """Return a form's fields with the people as this clinic numbers them: 1 is Nadia, 2 is Noor."""
    people = {"who", "absent", "stand_in", "one", "other"}
    return {key: str(int(value) + 1) if key in people else value for key, value in fields.items()}


def send(browser: Browser, path: str, fields: dict[str, str]) -> tuple[int, str]:
    """Send a form of the page; return its status, and the sentence beside the form or at the top of the next page."""
    answer = browser.send(f"/roster/{path}", numbered(fields), form_at="/roster")
    if answer.status_code == 303:
        after = browser.get("/roster").text
        return 303, unescape(after.partition('role="status">')[2].partition("</p>")[0])
    return answer.status_code, words_in(answer, "fault")


def on_call(deps: Deps, day: int, tier: str = "nurse") -> list[str]:
    """Return who is on call on a tier on a day of March, as "07-19 1", by the clinic's wall."""
    with deps.store.reading() as session:
        roster = load_roster(session, deps.now())
    begins = deps.now().astimezone(roster.zone).replace(day=day, hour=0)
    found = watches(roster, begins, begins.replace(day=day + 1))
    return [
        f"{w.starts_at.astimezone(roster.zone):%H}-{w.ends_at.astimezone(roster.zone):%H} {w.staff_id - 1}"
        for w in found
        if w.tier == tier
    ]


def row(page: str, day: str) -> str:
    """Return the words of a day's row in the calendar."""
    found = re.search(rf'<tr>\s*<th scope="row"><time datetime="{day}">.*?</tr>', page, re.DOTALL)
    assert found is not None
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split())


def test_it_says_who_is_on_call_now_and_where_nobody_is(roster: Browser) -> None:
    page = roster.get("/roster")

    assert words_in(page, "on-call") == (
        "On call now nurseNadia Osei backupNoor Haddad doctorNobody "
        "Gaps doctor: nobody is on call in all of these two weeks."
    )


def test_two_weeks_stand_in_a_table_with_a_row_a_day_and_a_column_a_tier(roster: Browser) -> None:
    send(roster, "shifts", DAYS)

    page = roster.get("/roster").text

    assert len(re.findall(r'<th scope="row">', page)) == 14
    assert re.findall(r'<th scope="col">(\w+)', page) == ["Day", "nurse", "backup", "doctor"]
    assert row(page, TUESDAY) == (
        "Tue, Mar 10 Nadia Osei 7:00 AM – 7:00 PM Nobody 7:00 PM – midnight "
        "Noor Haddad All day Nobody 10:00 AM – midnight"
    )
    assert row(page, "2026-03-11") == "Wed, Mar 11 Nobody All day Noor Haddad All day Nobody All day"


def test_the_day_on_which_the_clocks_change_says_so_and_keeps_to_the_wall(
    roster: Browser, clock: Clock
) -> None:
    clock.move(days=-4)
    send(roster, "shifts", DAYS | {"days": "5", "starts": "19:00", "ends": "07:00"})

    page = roster.get("/roster").text

    assert row(page, "2026-03-08") == (
        "Sun, Mar 8 The clocks go forward. Nadia Osei midnight – 7:00 AM Nobody 7:00 AM – midnight "
        "Noor Haddad All day Nobody All day"
    )


def test_one_form_adds_a_shift_on_several_days(roster: Browser, deps: Deps) -> None:
    token = re.search(r'name="csrf_token" value="([^"]+)"', roster.get("/roster").text)
    assert token is not None
    fields = numbered(DAYS) | {"days": ["1", "3"], "csrf_token": token[1]}

    roster.client.post("/roster/shifts", data=fields)

    assert [on_call(deps, day) for day in (10, 11, 12)] == [["07-19 1"], [], ["07-19 1"]]


def test_a_shift_is_removed_and_who_always_was_on_call_is_again(roster: Browser, deps: Deps) -> None:
    send(roster, "shifts", DAYS)

    assert send(roster, "shifts/drop", {"shift": "1"}) == (303, "The shift is removed.")
    assert on_call(deps, 11) == ["00-00 1"]
    assert send(roster, "shifts/drop", {"shift": "1"}) == (
        422,
        "There is no such shift; somebody may have removed it.",
    )


def test_a_cover_is_one_step_and_can_be_taken_back(roster: Browser, deps: Deps) -> None:
    said = send(roster, "cover", COVER)

    covered = on_call(deps, 10)
    page = words_in(roster.get("/roster"), "main")
    send(roster, "duties/drop", {"duty": "1"})

    assert said == (303, "Covered: 1 watch goes over.")
    assert covered == ["00-18 1", "18-20 2", "20-00 1"]
    assert (
        "Noor Haddad in the place of Nadia Osei nurse, Tue, Mar 10, 6:00 PM to Tue, Mar 10, 8:00 PM" in page
    )
    assert on_call(deps, 10) == ["00-00 1"]


def test_a_swap_is_both_or_neither(roster: Browser, deps: Deps) -> None:
    assert send(roster, "swap", SWAP) == (303, "Swapped: each has the other's watches.")
    assert on_call(deps, 11) == ["00-08 1", "08-10 2", "10-00 1"]
    assert on_call(deps, 12, "backup") == ["00-08 2", "08-10 1", "10-00 2"]


def test_half_a_swap_changes_nothing(roster: Browser, deps: Deps) -> None:
    said = send(roster, "swap", SWAP | {"other": "0"})

    assert said == (422, "One of the two is not on call in the time given.")
    assert on_call(deps, 11) == ["00-00 1"]


@pytest.mark.parametrize(
    ("alone", "then"), [({}, ["00-00 1", "08-10 2"]), ({"alone": "on"}, ["00-08 1", "08-10 2", "10-00 1"])]
)
def test_somebody_is_put_on_call_beside_or_in_the_place_of_others(
    roster: Browser, deps: Deps, alone: dict[str, str], then: list[str]
) -> None:
    assert send(roster, "duties", DUTY | alone) == (303, "They are on call in that time.")
    assert on_call(deps, 11) == then


def test_what_can_not_be_is_said_beside_its_form_and_nothing_is_changed(roster: Browser, deps: Deps) -> None:
    for path, wrong, sentence in REFUSED:
        assert send(roster, path, wrong) == (422, sentence)

    assert (on_call(deps, 10), on_call(deps, 11)) == (["00-00 1"], ["00-00 1"])


def test_a_form_that_was_refused_is_open_and_keeps_what_was_typed(roster: Browser) -> None:
    typed = numbered(DUTY | {"until": "2026-03-11T07:00", "alone": "on"})

    page = roster.send("/roster/duties", typed, form_at="/roster").text

    form = page.partition("<summary>Put somebody on call")[2].partition("</form>")[0]
    assert page.count("<details open>") == 1
    assert '<option value="3" selected>Noor Haddad</option>' in form
    assert 'value="2026-03-11T08:00"' in form and 'value="2026-03-11T07:00"' in form
    assert 'name="alone" checked' in form


def test_a_nurse_arranges_her_own_covers_and_swaps_and_nothing_else(roster: Browser, app: Flask) -> None:
    nurse, noor = Browser(app.test_client()), Browser(app.test_client())
    nurse.sign_in("nadia")
    noor.sign_in("noor")
    page = words_in(nurse.get("/roster"), "main")

    assert "Remove" not in page and "Add weekly shifts" not in page
    assert send(nurse, "cover", COVER)[0] == 303
    assert send(noor, "cover", COVER | {"absent": "2", "stand_in": "0"})[0] == 303
    assert send(nurse, "cover", COVER | {"absent": "2", "stand_in": "0"}) == (
        422,
        "Only an admin arranges this between others: choose yourself as one of the two.",
    )
    assert nurse.send("/roster/shifts", numbered(DAYS), form_at="/roster").status_code == 403


def test_the_same_shift_is_not_added_twice(roster: Browser) -> None:
    send(roster, "shifts", DAYS)

    assert send(roster, "shifts", DAYS) == (422, "Nadia Osei has that shift already.")
