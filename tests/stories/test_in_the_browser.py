"""The main job as somebody at the screen does it: staff pages and handsets in a real browser, over real processes."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from service.cli.cast import NADIA, PASSWORD
from service.cli.stage import Stage

CODE = re.compile(r"\b[A-Z]\d[A-Z]\d\b")


def handset(page: Page, name: str) -> Locator:
    return page.locator("article.handset", has=page.get_by_role("heading", name=name))


def write(phone: Locator, words: str) -> None:
    phone.get_by_placeholder("Text the clinic").fill(words)
    phone.get_by_placeholder("Text the clinic").press("Enter")


def test_a_check_in_a_severe_reply_a_page_and_the_nurse_who_takes_it(
    stage: Stage, page: Page, eventually: Callable[[Callable[[], bool], str], None]
) -> None:
    phones = page.context.new_page()
    phones.goto(stage.simulator_url)
    page.goto(stage.web_url)
    page.get_by_label("Name").fill(NADIA[2])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Worklist")).to_be_visible()

    # Enrol a patient, whose handset appears with the welcome text, and register an infusion.
    page.goto(f"{stage.web_url}/patients/new")
    page.get_by_label("Name").fill("Dana Fictional")
    page.get_by_label("Phone number").fill("(202) 555-0142")
    page.get_by_label("The patient has agreed").check()
    page.get_by_role("button", name="Enrol").click()
    expect(page.get_by_role("heading", name="Dana Fictional")).to_be_visible()
    page.get_by_role("button", name="Register").click()
    expect(page.locator("#plan")).to_contain_text("planned")
    dana = phones.locator("article.handset", has_text="(202) 555-0142")
    expect(dana).to_contain_text("Willow Clinic")

    # Skip ahead to the check-in, and answer it.
    phones.get_by_role("button", name="Skip ahead").click()
    expect(dana).to_contain_text("Reply NONE")
    write(dana, "my legs are locked up, can't move them, a 9 out of 10")
    expect(dana).to_contain_text("call 911 at once")

    # The nurse is paged by code; the worklist shows it, and says why.
    nadia = handset(phones, NADIA[0])
    expect(nadia).to_contain_text("URGENT")
    code = CODE.search(nadia.inner_text())
    assert code is not None
    page.goto(stage.web_url)
    page.get_by_role("link", name=re.compile("Dana Fictional")).first.click()
    expect(page.locator("mark").first).to_contain_text("locked")
    expect(page.locator(".rules")).to_contain_text("source")
    expect(page.get_by_text("my legs are locked up, can't move them").first).to_be_visible()

    # Her reply with the code takes it, and both hear so.
    write(nadia, f"{code.group().lower()} ok")
    expect(nadia).to_contain_text("is yours")
    expect(dana).to_contain_text("nurse has seen")
    page.reload()
    expect(page.locator("#standing")).to_contain_text("You have it")
    expect(page.get_by_role("button", name="Take it")).to_have_count(0)
