"""A page by call: a key takes it, and nothing else; what is not taken moves on at once."""

from __future__ import annotations

import pytest
from builders import NADIA
from main_path import SEVERE, Clinic, live
from phone import Phone, calls_to, picked_up, ringing

from service.store.database import Store
from service.workflows.acknowledge import take_on_page

NOOR = "+12025550112"


@pytest.fixture
def clinic(store: Store) -> Clinic:
    """A clinic where Ana has written something urgent, and Nadia's phone rings a minute after the text."""
    clinic = Clinic(store)
    clinic.ask()
    clinic.hears(SEVERE)
    clinic.move(minutes=1, seconds=1)
    return clinic


def owner(clinic: Clinic) -> int | None:
    return live(clinic)[0].acknowledged_by


def test_a_page_says_how_long_it_has_waited_and_no_name(clinic: Clinic) -> None:
    phone = picked_up(clinic, NADIA)

    code = " ".join(live(clinic)[0].code)
    assert phone.said == [
        f"This is Dripline. Urgent page, code {code}. A patient needs you now. It has waited 1 minute. "
        "To take it, press 1. To pass it on, press 2. To hear this again, press 9."
    ]


def test_1_takes_it_and_says_so_and_the_patient_is_told(clinic: Clinic) -> None:
    phone = picked_up(clinic, NADIA).press("1")
    clinic.tick()

    assert "is yours. Thank you." in phone.said[0]
    assert owner(clinic) == 1
    assert "nurse" in clinic.texts_to("+12025550121")[-1]
    clinic.move(minutes=14)
    assert calls_to(clinic, NOOR) == []


def test_2_passes_it_on_to_the_next_tier_at_once(clinic: Clinic) -> None:
    phone = picked_up(clinic, NADIA).press("2")
    clinic.tick()

    assert "is passed on" in phone.said[0]
    assert [text for text in clinic.texts_to(NOOR) if "URGENT" in text] != []


def test_9_says_it_again(clinic: Clinic) -> None:
    phone = picked_up(clinic, NADIA)
    first = list(phone.said)

    assert phone.press("9").said == first


@pytest.mark.parametrize("answered_by", ["machine_end_beep", "fax"])
def test_a_machine_takes_nothing_and_the_page_moves_on(clinic: Clinic, answered_by: str) -> None:
    phone = picked_up(clinic, NADIA, answered_by)
    assert phone.is_over

    clinic.tick()

    assert owner(clinic) is None
    assert [text for text in clinic.texts_to(NOOR) if "URGENT" in text] != []


def test_silence_takes_nothing_and_the_page_moves_on(clinic: Clinic) -> None:
    phone = picked_up(clinic, NADIA).stay_silent()
    assert phone.said[0].startswith("I did not hear you.")
    phone.stay_silent()
    assert phone.said[0].startswith("Nobody took code")

    clinic.tick()

    assert owner(clinic) is None
    assert [text for text in clinic.texts_to(NOOR) if "URGENT" in text] != []


@pytest.mark.parametrize("status", ["busy", "no-answer", "failed"])
def test_a_call_that_nobody_picks_up_moves_on_at_once(clinic: Clinic, status: str) -> None:
    ringing(clinic, NADIA).hang_up(status, 0)
    clinic.tick()

    assert [text for text in clinic.texts_to(NOOR) if "URGENT" in text] != []


def test_who_comes_second_hears_who_has_it(clinic: Clinic) -> None:
    phone = picked_up(clinic, NADIA)
    assert take_on_page(clinic.deps, live(clinic)[0].id, 2).is_yours

    phone.press("1")

    assert phone.said[0].endswith("is taken already, by Noor Haddad. There is nothing more to do. Goodbye.")
    assert owner(clinic) == 2


def test_a_key_pressed_twice_or_repeated_by_twilio_takes_it_once(clinic: Clinic) -> None:
    phone: Phone = picked_up(clinic, NADIA)

    assert phone.repeat(1, "1") == phone.repeat(1, "1")
    assert owner(clinic) == 1
