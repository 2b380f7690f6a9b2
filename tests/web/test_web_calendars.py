"""Calendar programs subscribe to the roster by an address that nobody can guess; an .ics file is read in on the page."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from browsing import Browser, words_in
from builders import Clock, a_nurse
from flask import Flask

from service.store.database import Store
from service.store.roster import duties
from service.workflows.deps import Deps
from service.workflows.remove_member import remove_member

ROSTER = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:{}\r\n"
    "DTSTART:20260310T160000Z\r\nDTEND:20260310T180000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """SQLite alone: the use cases behind the page are tested on each engine."""
    return sqlite_store


@pytest.fixture
def office(admin: Browser, deps: Deps) -> Browser:
    """A clinic with Ada (1), an admin, and Nadia (2), a nurse; Ada's browser."""
    a_nurse(deps)
    return admin


def feed_of(browser: Browser) -> str:
    """Return the path of the feed that the roster's page offers."""
    found = re.search(r"http://clinic\.test(/roster/feed/[^/]+/)everybody\.ics", browser.get("/roster").text)
    assert found is not None
    return found[1]


def upload(browser: Browser, words: str) -> tuple[int, str]:
    token = re.search(r'name="csrf_token" value="([^"]+)"', browser.get("/roster").text)
    assert token is not None
    form = {"csrf_token": token[1], "file": (BytesIO(words.encode()), "roster.ics" if words else "")}
    answer = browser.client.post("/roster/import", data=form)
    if answer.status_code == 422:
        return 422, words_in(answer, "fault")
    return answer.status_code, browser.get("/roster").text.partition('role="status">')[2].partition("</p>")[0]


def imported(deps: Deps) -> int:
    with deps.store.reading() as session:
        return sum(duty.imported for duty in duties(session, deps.now()))


def test_a_program_that_is_not_signed_in_reads_the_feed(office: Browser, visitor: Browser) -> None:
    everybody, mine = (visitor.get(feed_of(office) + whose) for whose in ("everybody.ics", "mine.ics"))

    assert (everybody.status_code, everybody.mimetype) == (200, "text/calendar")
    assert "SUMMARY:nurse: Nadia Osei" in everybody.text
    assert mine.text.count("BEGIN:VEVENT") == 0, "Ada is never on call"


def test_what_has_not_changed_is_not_sent_again(office: Browser, visitor: Browser, clock: Clock) -> None:
    path = feed_of(office) + "everybody.ics"
    first = visitor.get(path)
    clock.move(hours=2)

    again = visitor.client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    upload(office, ROSTER.format("nurse: Nadia"))
    changed = visitor.client.get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "private, max-age=900"
    assert (again.status_code, again.data, changed.status_code) == (304, b"", 200)


def test_a_wrong_token_and_that_of_who_has_left_are_no_address(
    office: Browser, visitor: Browser, app: Flask, deps: Deps
) -> None:
    nadia = Browser(app.test_client())
    nadia.sign_in("nadia")
    path = feed_of(nadia)
    before = visitor.get(path + "everybody.ics").status_code

    remove_member(deps, 2, actor="test")

    assert before == 200
    wrong = (path, feed_of(office)[:-2] + "/", "/roster/feed/1/", "/roster/feed/-/", "/roster/feed/²-0/")
    assert [visitor.get(one + "everybody.ics").status_code for one in wrong] == [404] * 5
    assert visitor.get(feed_of(office) + "anything.ics").status_code == 404


def test_a_file_is_read_in_and_taken_off_again(office: Browser, deps: Deps) -> None:
    assert upload(office, ROSTER.format("nurse: Nadia")) == (
        303,
        "1 watch is imported, the last on 2026-03-10. They take the place of what was imported before.",
    )
    assert imported(deps) == 1
    assert "1 watch comes from an imported calendar." in words_in(office.get("/roster"), "main")

    office.send("/roster/import/drop", {}, form_at="/roster")

    assert imported(deps) == 0


def test_what_can_not_be_read_in_is_said_beside_the_form(office: Browser, deps: Deps) -> None:
    assert upload(office, "") == (422, "Choose a file, such as roster.ics.")
    assert upload(office, "Nadia: Monday")[1].startswith("It is no iCalendar file.")
    assert upload(office, ROSTER.format("Zoe")) == (
        422,
        "Nothing was imported. “Zoe” names nobody on the staff (first on Tue, Mar 10 11:00 AM).",
    )
    assert imported(deps) == 0
