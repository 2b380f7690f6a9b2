"""Whoever has an escalation gives it to a colleague, or lets it go, on its page; who is too late is told how it stands."""

from __future__ import annotations

import pytest
from browsing import Browser, a_text, hidden_in, words_in
from builders import ANA, NADIA, a_nurse, a_patient, an_infusion, texts_of
from flask import Flask

from service.store.escalations import Escalation
from service.workflows.acknowledge import OUTCOMES
from service.workflows.deps import Deps

NOOR = "+12025550112"
PAGE = "/escalations/1"


@pytest.fixture
def noor(app: Flask, deps: Deps, nurse: Browser) -> Browser:
    """Ana has written an emergency; a browser in which Noor, on the second tier, is signed in."""
    a_nurse(deps, name="Noor Haddad", phone=NOOR, login="noor", tier="backup")
    an_infusion(deps, a_patient(deps), hours_ago=5)
    a_text(nurse.client, "I can't breathe")
    browser = Browser(app.test_client())
    browser.sign_in("noor")
    return browser


def click(who: Browser, act: str, **fields: str) -> str:
    """Send one of the page's forms, and return what the page says then."""
    answer = who.send(f"{PAGE}/{act}", fields, form_at=PAGE)
    if answer.status_code != 303:
        return words_in(answer, "fault")
    after = who.get(PAGE).text
    return after.partition('role="status">')[2].partition("</p>")[0]


def owner(deps: Deps) -> tuple[str, int | None]:
    with deps.store.reading() as session:
        row = session.get_one(Escalation, 1)
        return row.state, row.acknowledged_by


def test_only_who_has_it_can_give_it_away(nurse: Browser, noor: Browser) -> None:
    before = nurse.get(PAGE).text

    click(nurse, "take")

    acts = words_in(nurse.get(PAGE), "acts")
    assert "Give it away" not in before
    assert "Give it away To a colleague" in acts
    assert "Noor Haddad" in acts and "Nadia Osei" not in acts
    assert "Give it away" not in noor.get(PAGE).text


def test_a_colleague_has_it_and_hears_of_it_by_text(nurse: Browser, noor: Browser, deps: Deps) -> None:
    click(nurse, "take")

    said = click(nurse, "hand-over", colleague="2")

    assert said == "Noor Haddad has it now. They are told by text."
    assert owner(deps) == ("acknowledged", 2)
    assert "Nadia Osei gave it to Noor Haddad." in words_in(noor.get(PAGE), "story")
    assert "You have it" in words_in(noor.get(PAGE), "standing")


def test_a_colleague_whose_phone_refuses_texts_is_to_be_told_in_person(
    nurse: Browser, noor: Browser, deps: Deps
) -> None:
    a_text(nurse.client, "STOP", sender=NOOR, sid="SM" + "3" * 32)
    click(nurse, "take")

    said = click(nurse, "hand-over", colleague="2")

    assert said == "Noor Haddad has it now. Their phone refuses our texts: tell them yourself."


@pytest.mark.parametrize("chosen", ["", "1", "77", "nobody", "9" * 30])
def test_it_goes_to_no_stranger_and_not_to_oneself(
    nurse: Browser, noor: Browser, deps: Deps, chosen: str
) -> None:
    click(nurse, "take")

    assert click(nurse, "hand-over", colleague=chosen) == "Choose a colleague from the list."
    assert owner(deps) == ("acknowledged", 1)


def test_what_is_let_go_is_open_again(nurse: Browser, noor: Browser, deps: Deps) -> None:
    click(nurse, "take")

    said = click(nurse, "release")

    assert said == "It is not yours any more. The next on call is paged."
    assert owner(deps) == ("open", None)


def test_an_old_page_gives_nothing_away_that_is_not_yours(nurse: Browser, noor: Browser, deps: Deps) -> None:
    click(nurse, "take")
    click(nurse, "hand-over", colleague="2")

    assert click(nurse, "release") == "Noor Haddad has taken it already."
    assert click(nurse, "hand-over", colleague="2") == "Noor Haddad has taken it already."
    assert owner(deps) == ("acknowledged", 2)


def test_who_closes_second_is_told_who_was_first(nurse: Browser, noor: Browser, deps: Deps) -> None:
    click(nurse, "take")
    form = {"outcome": OUTCOMES[0], "note": ""}
    seen = hidden_in(noor.get(PAGE), f"{PAGE}/close")
    nurse.send(f"{PAGE}/close", form, form_at=PAGE)

    answer = noor.client.post(f"{PAGE}/close", data={**form, **seen})

    assert (answer.status_code, words_in(answer, "fault")) == (422, "Nadia Osei has closed it already.")
    assert click(noor, "release") == "Nadia Osei has closed it already."


def test_the_patient_hears_nothing_of_who_gave_it_to_whom(nurse: Browser, noor: Browser, deps: Deps) -> None:
    click(nurse, "take")
    before = [text for text in texts_of(deps) if text[0] == ANA]

    click(nurse, "hand-over", colleague="2")
    click(noor, "release")

    assert [text for text in texts_of(deps) if text[0] == ANA] == before
    assert NADIA not in noor.get(PAGE).text
