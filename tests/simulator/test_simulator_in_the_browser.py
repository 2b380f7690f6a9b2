"""The page in a real browser: text, answer a call, press keys, speak, and read it all on a small screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from simulated_phones import ANA, Phones, twiml, wait_until

QUESTION = '<Gather input="dtmf speech" numDigits="1" timeout="60" action="/answer"><Say>How bad is it?</Say></Gather>'


def open_page(phones: Phones, page: Page) -> None:
    phones.post("/phones", number=ANA, name="Ana Flores", role="patient")
    page.goto(phones.url)
    expect(page.get_by_role("heading", name="Ana Flores")).to_be_visible()


def test_a_text_is_written_sent_and_answered(phones: Phones, page: Page) -> None:
    phones.service.answer = lambda heard: twiml("<Message>Thank you, Ana</Message>")
    open_page(phones, page)

    field = page.get_by_label("Text from Ana Flores to the clinic")
    field.fill("my legs are locked")
    field.press("Enter")

    expect(page.locator(".bubble.sent")).to_contain_text("my legs are locked")
    expect(page.locator(".bubble.received")).to_contain_text("Thank you, Ana")
    assert phones.service.heard[0].form["From"] == ANA


def test_a_call_is_answered_with_a_key_and_with_words(phones: Phones, page: Page) -> None:
    phones.service.answer = lambda heard: twiml(
        "<Say>Bye</Say>" if "SpeechResult" in heard.form else QUESTION
    )
    open_page(phones, page)
    phones.call()

    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.locator(".talk .clinic")).to_have_text(["Clinic: How bad is it?"])
    page.get_by_role("button", name="2", exact=True).click()
    expect(page.locator(".talk .clinic")).to_have_count(2)
    page.get_by_label("Say to the clinic").fill("much better")
    page.get_by_label("Heard 90% clearly").fill("40")
    page.get_by_role("button", name="Say", exact=True).click()

    expect(page.locator(".past-call")).to_contain_text("Call from the clinic")
    told = [heard.form for heard in phones.service.at("/answer")]
    assert [form.get("Digits") for form in told] == ["2", None]
    assert (told[1]["SpeechResult"], told[1]["Confidence"]) == ("much better", "0.4")


@pytest.mark.parametrize(
    ("button", "shown", "status"),
    [
        ("Voicemail", "Voicemail from the clinic", "completed"),
        ("Decline", "Call declined", "busy"),
        ("No answer", "Missed call from the clinic", "no-answer"),
    ],
)
def test_a_call_may_be_left_to_voicemail_declined_or_missed(
    phones: Phones, page: Page, button: str, shown: str, status: str
) -> None:
    phones.service.answer = lambda heard: twiml("<Say>Please call us back.</Say>")
    open_page(phones, page)
    sid = phones.call(machine_detection="DetectMessageEnd")
    expect(page.locator(".call .state")).to_have_text("The clinic is calling")
    page.get_by_role("button", name=button, exact=True).click()

    expect(page.locator(".past-call")).to_contain_text(shown)
    assert phones.get(f"/calls/{sid}")["status"] == status
    assert [heard.form["AnsweredBy"] for heard in phones.service.at("/voice")] == (
        ["machine_end_beep"] if button == "Voicemail" else []
    )


def test_what_is_said_on_a_call_is_spoken_aloud_in_its_language(phones: Phones, page: Page) -> None:
    page.add_init_script(
        "window.spoken = []; speechSynthesis.speak = (said) => window.spoken.push([said.lang, said.text]);"
    )
    phones.service.answer = lambda heard: twiml(
        '<Say language="en-US">Hello.</Say><Say language="es-US">Hola.</Say><Pause length="60"/>'
    )
    open_page(phones, page)
    page.get_by_label("Speak calls aloud").check()
    phones.call()
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.locator(".talk .clinic")).to_have_count(2)

    assert page.evaluate("window.spoken") == [["en-US", "Hello."], ["es-US", "Hola."]]


def test_a_phone_is_added_and_switched_off(phones: Phones, page: Page) -> None:
    open_page(phones, page)
    page.get_by_text("Add a phone").click()
    page.get_by_label("Name").fill("Nadia Brandt")
    page.get_by_label("Number").fill("(202) 555-0177")
    page.get_by_label("Belongs to").select_option("staff")
    page.get_by_role("button", name="Add", exact=True).click()

    nadia = page.locator("#staff .handset")
    expect(nadia).to_contain_text("Nadia Brandt")
    nadia.get_by_label("Options of this phone").click()
    nadia.get_by_label("This phone is").select_option("off")
    expect(nadia.locator(".badges")).to_have_text("Switched off")
    wait_until(lambda: phones.get("/phones")["phones"][1]["line"] == "off")


def test_skip_ahead_shows_what_the_service_says(phones: Phones, page: Page) -> None:
    open_page(phones, page)
    page.get_by_role("button", name="Skip ahead").click()

    expect(page.get_by_role("status")).to_contain_text("The service at")


def test_the_page_fits_a_small_screen(phones: Phones, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    phones.send("a" * 160)
    open_page(phones, page)
    expect(page.locator(".bubble")).to_have_count(1)

    assert page.evaluate("document.documentElement.scrollWidth") == 360
