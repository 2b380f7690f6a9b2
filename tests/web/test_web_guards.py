"""Who may call what: every route names its guard, and each guard keeps out whom it should."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from browsing import Browser
from builders import a_patient
from flask import Flask

from service import logs
from service.web.app import create_app
from service.web.guard import Guard, Unguarded, guard_of, set_guards
from service.web.site import Site, SkipReport
from service.workflows.deps import Deps

OPEN_TO_ALL = ["/healthz", "/login", "/metrics", "/static/<path:filename>"]
SKIPPED = SkipReport(datetime(2026, 3, 11, 14, 0, tzinfo=UTC), 3600.0, "a check-in is due")


def guards(app: Flask) -> dict[str, Guard | None]:
    return {rule.rule: guard_of(app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules()}


def test_every_route_names_its_guard_and_only_these_are_not_for_staff(app: Flask) -> None:
    named = guards(app)

    assert sorted(rule for rule, guard in named.items() if guard is Guard.OPEN) == OPEN_TO_ALL
    from_twilio = {rule for rule, guard in named.items() if guard is Guard.TWILIO}
    assert from_twilio == {rule for rule in named if rule.startswith("/twilio/")}
    assert {named[rule] for rule in named.keys() - from_twilio - set(OPEN_TO_ALL)} == {
        Guard.STAFF,
        Guard.ADMIN,
        Guard.FEED,
    }


def test_an_application_with_a_route_that_names_no_guard_does_not_start() -> None:
    app = Flask("unguarded", static_folder=None)
    app.add_url_rule("/patients.csv", "export", lambda: "everybody")

    with pytest.raises(Unguarded, match="export: A view names no guard"):
        set_guards(app)


def test_every_page_of_staff_sends_a_stranger_to_sign_in(app: Flask, visitor: Browser) -> None:
    pages = [
        rule.rule.replace("<int:patient_id>", "1")
        .replace("<int:escalation_id>", "1")
        .replace("<int:infusion_id>", "1")
        for rule in app.url_map.iter_rules()
        if guard_of(app.view_functions[rule.endpoint]) is Guard.STAFF and "GET" in (rule.methods or ())
    ]

    answers = {path: visitor.get(path) for path in pages}

    assert {"/", "/patients", "/patients/new", "/patients/1", "/escalations/1", "/staff", "/clinic"} <= set(
        pages
    )
    assert {answer.status_code for answer in answers.values()} == {302}
    assert {answer.location.partition("?")[0] for answer in answers.values()} == {"/login"}


def test_a_form_without_its_token_changes_nothing(nurse: Browser, deps: Deps) -> None:
    patient_id = a_patient(deps)

    answers = [
        nurse.client.post(path, data={"name": "Eve", "phone": "+12025550150", "agreed": "on"})
        for path in ("/patients/new", f"/patients/{patient_id}/infusions", "/escalations/1/take", "/logout")
    ]

    assert [answer.status_code for answer in answers] == [400, 400, 400, 400]
    assert "This form is out of date" in answers[0].text
    assert "Ana Example" in nurse.get("/patients").text
    assert "Eve" not in nurse.get("/patients").text


def test_nothing_from_elsewhere_runs_and_no_page_is_kept(nurse: Browser) -> None:
    headers = nurse.get("/").headers

    assert headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Strict-Transport-Security" not in headers


@pytest.mark.parametrize("path", ["/", "/patients", "/patients/new", "/staff", "/login"])
def test_pages_have_no_script_or_style_inside_them(nurse: Browser, path: str) -> None:
    page = nurse.get(path).text

    assert [sign for sign in ("<style", " style=", " onclick=", "javascript:") if sign in page] == []
    assert page.count("<script") == page.count('<script src="/static/')


def test_behind_tls_the_session_never_travels_in_the_clear(deps: Deps, site: Site) -> None:
    app = create_app(deps, replace(site, public_base_url="https://clinic.test"))

    answer = app.test_client().get("/login", headers={"X-Forwarded-Proto": "https"})

    cookie = answer.headers["Set-Cookie"]
    assert ("Secure" in cookie, "HttpOnly" in cookie, "SameSite=Lax" in cookie) == (True, True, True)
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_deployment_has_no_door_to_skip_ahead(app: Flask, visitor: Browser) -> None:
    assert [rule for rule in guards(app) if rule.startswith("/demo")] == []
    assert visitor.client.post("/demo/skip").status_code == 404


def test_the_demo_skips_ahead_and_tells_how_far(deps: Deps, site: Site) -> None:
    demo = create_app(deps, replace(site, is_demo=True, skip_ahead=lambda: SKIPPED)).test_client()

    assert demo.post("/demo/skip").get_json() == {
        "now": "2026-03-11T14:00:00+00:00",
        "skipped_seconds": 3600.0,
        "what": "a check-in is due",
    }


def test_a_demo_whose_clock_is_the_machines_says_that_it_cannot_skip(deps: Deps, site: Site) -> None:
    answer = create_app(deps, replace(site, is_demo=True)).test_client().post("/demo/skip")

    assert (answer.status_code, list(answer.get_json())) == (409, ["error"])


def test_an_address_that_is_none_says_so(nurse: Browser) -> None:
    answers = [nurse.get(path) for path in ("/nothing", "/patients/999", "/escalations/999")]

    assert [(answer.status_code, answer.text.count("Not here")) for answer in answers] == [(404, 2)] * 3


def test_flasks_own_log_which_quotes_exceptions_stays_silent(
    app: Flask, capfd: pytest.CaptureFixture[str]
) -> None:
    with app.test_request_context("/"):
        app.log_exception((ValueError, ValueError("the row of Ana Example"), None))

    assert "Ana Example" not in "".join(capfd.readouterr())


def test_a_database_that_is_gone_is_told_without_a_traceback_and_logged_without_its_words(
    nurse: Browser, deps: Deps, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def gone() -> None:
        raise ConnectionError("the row of Ana Example, +12025550121")

    logs.set_up()
    monkeypatch.setattr(deps.store, "reading", gone)

    answer = nurse.get("/patients")

    assert answer.status_code == 500
    assert "if a patient is waiting, call them now" in answer.text
    told = answer.text + "".join(capsys.readouterr())
    assert told.count("web.failed") == 1
    assert [private for private in ("Traceback", "Ana Example", "5550121") if private in told] == []
