"""Who may do what: every route is tried as a stranger and in each role, and answers as its line of the table says."""

from __future__ import annotations

import re

import pytest
from browsing import Browser
from builders import a_nurse
from flask import Flask
from werkzeug.routing import Rule

from service.store.database import Store
from service.store.staff import Role
from service.web.guard import Guard, guard_of
from service.workflows.deps import Deps

# What changes the clinic, its staff and its roster is an admin's; whoever adds a route says here if it is.
ADMINS_ALONE = {
    "POST /clinic",
    "POST /clinic/holidays",
    "POST /clinic/holidays/drop",
    "POST /clinic/hours",
    "POST /roster/duties",
    "POST /roster/duties/drop",
    "POST /roster/import",
    "POST /roster/import/drop",
    "POST /roster/shifts",
    "POST /roster/shifts/drop",
    "POST /staff",
    "POST /staff/<int:staff_id>",
    "POST /staff/<int:staff_id>/password",
    "POST /staff/<int:staff_id>/remove",
}
_NOT_FOR_PEOPLE = (Guard.TWILIO, Guard.OPEN, Guard.FEED, Guard.DEMO)


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """SQLite alone: who may call a route hangs on no engine."""
    return sqlite_store


def routes(app: Flask) -> dict[str, Rule]:
    """Return every route that is for people who are signed in, but for the one that signs them out."""
    return {
        f"{method} {rule.rule}": rule
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) & {"GET", "POST"})
        if guard_of(app.view_functions[rule.endpoint]) not in _NOT_FOR_PEOPLE and rule.rule != "/logout"
    }


def outcome(browser: Browser, route: str, token: str) -> str:
    """Try a route for something that is not there; return how the door was: to sign in, forbidden, or open."""
    method, _, rule = route.partition(" ")
    path = re.sub(r"<[^>]+>", "77", rule)
    answer = browser.get(path) if method == "GET" else browser.client.post(path, data={"csrf_token": token})
    if answer.status_code == 302 and answer.location.startswith("/login"):
        return "sign in"
    assert answer.status_code < 500 and answer.status_code != 400, f"{route}: {answer.status_code}"
    return "forbidden" if answer.status_code == 403 else "open"


def signed_in(app: Flask, deps: Deps, role: Role) -> Browser:
    """Return a browser in which somebody with the role is signed in."""
    a_nurse(deps, name=f"{role} Test", phone=f"+1202555013{list(Role).index(role)}", login=role, role=role)
    browser = Browser(app.test_client())
    browser.sign_in(role)
    return browser


def token_in(browser: Browser, path: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(path).text)
    assert found is not None
    return found[1]


def test_the_table_names_every_route_that_is_an_admins(app: Flask) -> None:
    admins = {
        route
        for route, rule in routes(app).items()
        if guard_of(app.view_functions[rule.endpoint]) is Guard.ADMIN
    }

    assert admins == ADMINS_ALONE


def test_a_stranger_reaches_nothing(app: Flask, visitor: Browser) -> None:
    token = token_in(visitor, "/login")

    doors = {route: outcome(visitor, route, token) for route in routes(app)}

    assert doors == dict.fromkeys(doors, "sign in")
    assert len(doors) > 20


@pytest.mark.parametrize("role", list(Role))
def test_each_role_reaches_what_is_theirs_and_no_more(app: Flask, deps: Deps, role: Role) -> None:
    browser = signed_in(app, deps, role)
    token = token_in(browser, "/")

    doors = {route: outcome(browser, route, token) for route in routes(app)}

    closed = ADMINS_ALONE if role is not Role.ADMIN else set()
    assert {route for route, door in doors.items() if door == "forbidden"} == closed
    assert {route for route, door in doors.items() if door == "sign in"} == set()
