"""Somebody calls with a number that can't be called back, or none: heard all the same, and no text is tried."""

from __future__ import annotations

import pytest
from main_path import Clinic, live
from phone import calls_in

from service.core.words import Disposition


@pytest.mark.parametrize(
    "caller", ["anonymous", "+266696687", "Restricted", "", "7378742833", "sip:x@example.org"]
)
def test_a_withheld_caller_with_a_red_flag_is_answered_and_staff_are_paged(
    clinic: Clinic, caller: str
) -> None:
    phone = calls_in(clinic, caller)
    phone.say("I can't breathe")
    assert "call 9 1 1 now" in phone.said[0]

    phone.hang_up()
    clinic.tick()

    assert [one.disposition for one in live(clinic)] == [Disposition.EMERGENCY]


def test_a_withheld_caller_who_asks_for_a_person_in_vain_is_on_the_worklist(clinic: Clinic) -> None:
    phone = calls_in(clinic, "anonymous").press("3")
    phone.dialled("no-answer")

    assert [one.disposition for one in live(clinic)] == [Disposition.CALLBACK]
