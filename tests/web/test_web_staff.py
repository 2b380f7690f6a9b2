"""Admins add, change and remove people on the staff page; nobody else does, and the last admin stays."""

from __future__ import annotations

import re

import pytest
from browsing import Browser, a_text, words_in
from builders import PASSWORD, a_nurse, a_patient
from flask import Flask

from service.store.database import Store
from service.store.escalations import Escalation
from service.store.staff import all_staff
from service.workflows.acknowledge import take_on_page
from service.workflows.deps import Deps

NEW = {
    "name": "Noor Haddad",
    "phone": "(202) 555-0112",
    "login": "Noor",
    "role": "nurse",
    "tier": "backup",
    "password": PASSWORD,
}


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """SQLite alone: the use cases behind the page are tested on each engine."""
    return sqlite_store


@pytest.fixture
def staff(admin: Browser, deps: Deps) -> Browser:
    """A clinic with Ada (1), an admin, and Nadia (2), a nurse; Ada's browser."""
    a_nurse(deps)
    return admin


def send(browser: Browser, path: str, **fields: str) -> str:
    """Send a form, and return what the page says of it."""
    answer = browser.send(path, fields, form_at="/staff")
    if answer.status_code == 422:
        return words_in(answer, "fault")
    return browser.get("/staff").text.partition('role="status">')[2].partition("</p>")[0]


def people(deps: Deps) -> list[tuple[str, str, str | None]]:
    with deps.store.reading() as session:
        return sorted((member.name, member.role, member.tier) for member in all_staff(session))


def test_who_is_added_signs_in_and_is_paged(staff: Browser, deps: Deps, app: Flask) -> None:
    assert send(staff, "/staff", **NEW) == "Noor Haddad is on the staff."

    assert ("Noor Haddad", "nurse", "backup") in people(deps)
    assert Browser(app.test_client()).sign_in("noor").location == "/"


def test_what_can_not_be_is_said_beside_the_form_which_keeps_what_was_typed(
    staff: Browser, deps: Deps
) -> None:
    refused = {
        ("phone", "12"): "12 is not a phone number.",
        ("login", "nadia"): "Somebody signs in as 'nadia' already.",
        ("role", "cook"): "Choose the role from the list.",
        ("tier", "porter"): "No ladder has a tier 'porter'. Choose one of: backup, doctor, nurse.",
        ("password", "short"): "The password is too short: 10 characters or more.",
        ("name", " "): "Give a name, and a name to sign in with.",
    }
    for (field, wrong), sentence in refused.items():
        assert send(staff, "/staff", **NEW | {field: wrong}).startswith(sentence), field
    page = staff.send("/staff", NEW | {"password": "short"}, form_at="/staff").text

    assert 'value="(202) 555-0112"' in page
    assert PASSWORD not in page
    assert len(people(deps)) == 2


def test_somebody_gets_another_role_and_tier(staff: Browser, deps: Deps) -> None:
    assert send(staff, "/staff/2", role="physician", tier="doctor") == "Nadia Osei is changed."
    assert ("Nadia Osei", "physician", "doctor") in people(deps)
    assert send(staff, "/staff/2", role="nurse", tier="") == "Nadia Osei is changed."
    assert ("Nadia Osei", "nurse", None) in people(deps)


def test_the_only_admin_stays_one(staff: Browser, deps: Deps) -> None:
    sentence = "They are the only admin. Add another admin first."

    assert send(staff, "/staff/1", role="nurse", tier="") == sentence
    assert send(staff, "/staff/1/remove") == sentence
    assert send(staff, "/staff/77/remove").startswith("There is no such member of staff")
    assert ("Ada Brook", "admin", None) in people(deps)


def test_a_new_password_ends_the_old_one_and_what_hung_on_it(staff: Browser, app: Flask) -> None:
    nadia, calendar = Browser(app.test_client()), Browser(app.test_client())
    nadia.sign_in("nadia")
    feed = re.findall(r"http://\S+?(/roster/feed/[^/]+/mine.ics)", nadia.get("/roster").text)[0]
    assert calendar.get(feed).status_code == 200

    assert send(staff, "/staff/2/password", password="short").startswith("The password is too short")
    assert send(staff, "/staff/2/password", password="drop-after-drop") == "Nadia Osei has a new password."

    assert nadia.get("/").status_code == 302
    assert calendar.get(feed).status_code == 404
    assert nadia.sign_in("nadia").status_code == 401
    assert nadia.sign_in("nadia", "drop-after-drop").location == "/"


def test_who_is_removed_is_signed_out_and_what_they_had_is_open_again(
    staff: Browser, deps: Deps, app: Flask
) -> None:
    nadia = Browser(app.test_client())
    nadia.sign_in("nadia")
    a_patient(deps)
    a_text(app.test_client(), "I can't breathe")
    take_on_page(deps, 1, 2)

    said = send(staff, "/staff/2/remove")

    assert said == "Removed. What they had is open again and pages others: 1."
    assert nadia.get("/staff").status_code == 302
    with deps.store.reading() as session:
        assert session.get_one(Escalation, 1).state == "open"


def test_the_name_to_sign_in_with_is_free_for_the_next(staff: Browser, deps: Deps) -> None:
    send(staff, "/staff/2/remove")

    assert send(staff, "/staff", **NEW | {"login": "nadia"}) == "Noor Haddad is on the staff."


def test_a_nurse_reads_the_page_and_changes_nothing(staff: Browser, app: Flask, deps: Deps) -> None:
    nadia = Browser(app.test_client())
    nadia.sign_in("nadia")

    page = words_in(nadia.get("/staff"), "main")
    answers = [nadia.send(path, NEW, form_at="/staff") for path in ("/staff", "/staff/1", "/staff/1/remove")]

    assert "Ada Brook" in page and "Remove" not in page
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert len(people(deps)) == 2
