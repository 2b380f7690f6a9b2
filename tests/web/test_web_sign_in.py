"""Signing in: the right name and password, not too many tries, and no session that outlives its account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.profiles import RFC_9106_LOW_MEMORY
from browsing import Browser, words_in
from builders import Clock, a_nurse
from flask import Flask
from sqlalchemy import select

from service.store import audit, sign_in_tries, staff
from service.store.database import Session
from service.store.sign_in_tries import SignInTries, may_try
from service.web import signin
from service.web.app import create_app
from service.web.site import Site
from service.workflows import set_up
from service.workflows.deps import Deps

WRONG = "This name and password do not go together. Try again, or ask your administrator."


def nadia(session: Session) -> staff.Staff:
    member = staff.staff_by_login(session, "nadia")
    assert member is not None
    return member


def test_a_nurse_signs_in_and_stands_before_the_worklist(visitor: Browser, deps: Deps) -> None:
    a_nurse(deps)

    answer = visitor.sign_in("nadia")

    assert (answer.status_code, answer.location) == (303, "/")
    assert words_in(visitor.get("/"), "summary") == "Nobody needs someone now."


def test_a_name_is_the_same_in_capitals_and_with_spaces(visitor: Browser, deps: Deps) -> None:
    a_nurse(deps)

    assert visitor.sign_in(" Nadia ").status_code == 303


@pytest.mark.parametrize(
    ("login", "password"), [("nadia", "drop-by-drop"), ("nadia", ""), ("nobody", "drip-by-drip"), ("", "")]
)
def test_a_wrong_name_or_password_says_the_same_and_keeps_the_name(
    visitor: Browser, deps: Deps, login: str, password: str
) -> None:
    a_nurse(deps)

    answer = visitor.sign_in(login, password)

    assert (answer.status_code, words_in(answer, "fault")) == (401, WRONG)
    assert f'name="login" value="{login}"' in answer.text
    assert visitor.get("/").status_code == 302
    assert "dripline_sign_ins_refused_total 1.0" in visitor.get("/metrics").text


def test_the_eleventh_try_within_a_minute_has_to_wait(visitor: Browser, deps: Deps) -> None:
    a_nurse(deps)

    tries = [visitor.sign_in("nadia", "guess").status_code for _ in range(11)]

    assert tries == [401] * 10 + [429]
    assert visitor.sign_in("nadia").status_code == 429


def test_tries_at_two_web_processes_count_together_and_a_minute_later_anew(
    deps: Deps, clock: Clock, site: Site
) -> None:
    a_nurse(deps)
    one, other = (Browser(create_app(deps, site).test_client()) for _ in range(2))

    guesses = [browser.sign_in("nadia", "guess").status_code for browser in (one, other) * 5]
    eleventh = other.sign_in("nadia").status_code
    clock.move(minutes=1)

    assert (guesses, eleventh) == ([401] * 10, 429)
    assert one.sign_in("nadia").status_code == 303


def test_any_number_of_addresses_fill_only_so_many_rows(deps: Deps, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in_tries, "SLOTS", 4)

    with deps.store.transaction() as session:
        for number in range(60):
            may_try(session, f"2001:db8::{number:x}", deps.now(), most=10, within=timedelta(minutes=1))
        rows = session.scalars(select(SignInTries)).all()

    assert sorted(row.slot for row in rows) == [0, 1, 2, 3]
    assert sum(row.tries for row in rows) == 60


def test_after_signing_in_the_page_that_was_wanted_comes(visitor: Browser, deps: Deps) -> None:
    a_nurse(deps)

    sent_to = visitor.get("/patients?q=ana").location

    assert sent_to == "/login?wanted=/patients?q%3Dana"
    assert visitor.sign_in("nadia", wanted="/patients?q=ana").location == "/patients?q=ana"


@pytest.mark.parametrize(
    "wanted", ["https://elsewhere.test", "//elsewhere.test", "/\\elsewhere.test", "javascript:1"]
)
def test_a_link_cannot_lead_elsewhere_after_signing_in(visitor: Browser, deps: Deps, wanted: str) -> None:
    a_nurse(deps)

    assert visitor.sign_in("nadia", wanted=wanted).location == "/"


def test_signing_out_ends_the_session(nurse: Browser) -> None:
    answer = nurse.send("/logout", {}, form_at="/")

    assert answer.location == "/login"
    assert nurse.get("/").status_code == 302


def test_a_session_ends_with_the_account(nurse: Browser, deps: Deps) -> None:
    with deps.store.transaction() as session:
        nadia(session).active = False

    assert nurse.get("/").status_code == 302


def test_a_session_ends_when_the_password_is_changed(nurse: Browser, deps: Deps) -> None:
    with deps.store.transaction() as session:
        nadia(session).password_hash = PasswordHasher().hash("another password")

    assert nurse.get("/").status_code == 302


def test_a_deployment_hashes_at_the_cost_of_rfc_9106_for_a_name_that_nobody_has_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in (set_up, signin):
        monkeypatch.setattr(module, "PasswordHasher", PasswordHasher)

    hashes = (set_up.hashed("drip-by-drip"), signin._nobodys_hash.__wrapped__())

    assert [extract_parameters(found) for found in hashes] == [RFC_9106_LOW_MEMORY] * 2


def test_a_session_that_somebody_made_up_is_none(app: Flask, deps: Deps) -> None:
    a_nurse(deps)
    client = app.test_client()

    for made_up in ("1", "1:", "x:y", ""):
        with client.session_transaction() as session:
            session["_user_id"] = made_up
        assert client.get("/").status_code == 302


def test_signing_in_and_out_is_on_record(nurse: Browser, deps: Deps) -> None:
    nurse.send("/logout", {}, form_at="/")

    with deps.store.reading() as session:
        entries = audit.latest_entries(session, limit=2)
        assert [(entry.actor, entry.action) for entry in entries] == [
            ("staff:1", "signed out"),
            ("staff:1", "signed in"),
        ]
