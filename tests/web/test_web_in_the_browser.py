"""The staff pages in a real browser: they keep themselves fresh, keep what is typed, and fit a phone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from browsing import a_text
from builders import PASSWORD, a_nurse, a_patient, an_infusion
from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.serving import BaseWSGIServer, make_server

from service.store.database import Store, open_store
from service.store.keyring import Keyring
from service.workflows.acknowledge import take_on_page
from service.workflows.deps import Deps

# The page looks every five seconds; its clock is moved, so that no test waits for that.
ONE_LOOK = 5_100
SCREENS = {"phone": {"width": 360, "height": 740}, "desk": {"width": 1280, "height": 900}}


@dataclass(slots=True)
class Running:
    """The application behind a socket, and who is signed in in the browser."""

    server: BaseWSGIServer
    nurse: int

    @property
    def address(self) -> str:
        """Return where it answers."""
        return f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def store(sqlite_url: str, keyring: Keyring) -> Iterator[Store]:
    """One engine is enough here: what is tested is the browser's side, whose last request may outlive the test."""
    opened = open_store(sqlite_url, keyring)
    yield opened
    opened.close()


@pytest.fixture
def running(app: Flask, deps: Deps, page: Page) -> Iterator[Running]:
    """The application, with Nadia signed in; Ana had an infusion five hours ago."""
    served = Running(make_server("127.0.0.1", 0, app, threaded=True), a_nurse(deps))
    an_infusion(deps, a_patient(deps), hours_ago=5)
    threading.Thread(target=served.server.serve_forever, daemon=True).start()
    page.clock.install()
    page.goto(served.address)
    page.get_by_label("Name").fill("nadia")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Worklist")).to_be_visible()
    yield served
    served.server.shutdown()
    served.server.server_close()


def test_a_new_emergency_shows_up_by_itself(running: Running, app: Flask, page: Page) -> None:
    expect(page.locator("#summary")).to_have_text("Nobody needs someone now.")

    a_text(app.test_client(), "I can't breathe")
    page.clock.run_for(ONE_LOOK)

    expect(page.locator("#summary")).to_have_text("1 needs someone now.")
    expect(page.get_by_role("link", name="Ana Example")).to_be_visible()


def test_a_note_is_kept_while_the_page_around_it_changes(
    running: Running, app: Flask, deps: Deps, page: Page
) -> None:
    a_text(app.test_client(), "I can't breathe")
    page.goto(f"{running.address}/escalations/1")
    page.get_by_text("Close it").first.click()
    page.get_by_label("Note").fill("She does not answer")
    page.get_by_role("heading", name="Ana Example").click()

    a_text(app.test_client(), "I am at the hospital", sid="SM" + "2" * 32)
    noor = a_nurse(deps, name="Noor Haddad", phone="+12025550112", login="noor", tier="backup")
    take_on_page(deps, 1, noor)
    page.clock.run_for(ONE_LOOK)

    expect(page.locator("#standing")).to_contain_text("Noor Haddad has it")
    expect(page.locator("#story")).to_contain_text("I am at the hospital")
    expect(page.get_by_label("Note")).to_have_value("She does not answer")


def test_the_button_to_take_goes_when_somebody_else_has(
    running: Running, app: Flask, deps: Deps, page: Page
) -> None:
    a_text(app.test_client(), "I can't breathe")
    page.goto(f"{running.address}/escalations/1")
    expect(page.get_by_role("button", name="Take it")).to_be_visible()

    take_on_page(deps, 1, a_nurse(deps, name="Noor Haddad", phone="+12025550112", login="noor", tier=None))
    page.clock.run_for(ONE_LOOK)

    expect(page.get_by_role("button", name="Take it")).to_have_count(0)


def test_a_form_that_was_refused_is_no_outage(running: Running, page: Page) -> None:
    page.goto(f"{running.address}/patients/1")
    page.get_by_text("Register an infusion").click()
    page.get_by_label("It ended at").fill("2025-01-01T10:00")
    page.get_by_role("button", name="Register").click()
    expect(page.locator("#fault")).to_contain_text("Check the date")

    with page.expect_response(f"{running.address}/patients/1") as looked:
        page.clock.run_for(ONE_LOOK)

    assert looked.value.status == 200
    expect(page.locator("#stale")).to_be_hidden()
    expect(page.locator("#fault")).to_contain_text("Check the date")


def test_a_page_that_can_no_longer_be_true_says_so(running: Running, page: Page) -> None:
    expect(page.locator("#stale")).to_be_hidden()

    running.server.shutdown()
    running.server.server_close()
    page.clock.run_for(ONE_LOOK)

    expect(page.get_by_text("This page is no longer up to date.")).to_be_visible()


def test_a_session_that_has_ended_leads_to_signing_in(running: Running, page: Page) -> None:
    page.context.clear_cookies()

    page.clock.run_for(ONE_LOOK)

    expect(page.get_by_role("button", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("screen", SCREENS)
def test_no_page_is_wider_than_its_screen(running: Running, app: Flask, page: Page, screen: str) -> None:
    a_text(app.test_client(), "I can't breathe " + "a" * 300)
    page.set_viewport_size(SCREENS[screen])

    paths = ("/", "/escalations/1", "/patients", "/patients/new", "/patients/1", "/staff", "/nothing")
    widths = {}
    for path in paths:
        page.goto(running.address + path)
        widths[path] = page.evaluate("document.documentElement.scrollWidth")

    assert widths == dict.fromkeys(paths, SCREENS[screen]["width"])


def test_every_page_works_without_scripts(running: Running, app: Flask, deps: Deps, page: Page) -> None:
    a_text(app.test_client(), "I can't breathe")
    plain = page.context.browser
    assert plain is not None
    context = plain.new_context(java_script_enabled=False)
    bare = context.new_page()
    bare.goto(f"{running.address}/escalations/1")
    bare.get_by_label("Name").fill("nadia")
    bare.get_by_label("Password").fill(PASSWORD)
    bare.get_by_role("button", name="Sign in").click()

    bare.get_by_role("button", name="Take it").click()
    bare.get_by_label("What came of it").select_option("Sent to emergency care")
    bare.get_by_role("button", name="Close it").click()

    expect(bare.locator("#summary")).to_have_text("Nobody needs someone now.")
    context.close()
