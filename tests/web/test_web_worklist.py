"""The worklist shows everything that waits for staff, the worst first, and who has it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from browsing import Browser, a_text, the_clock_ticks, why, words_in
from builders import STRANGER, Clock, a_nurse, a_patient, an_infusion

from service.workflows.acknowledge import OUTCOMES, close_on_page, take_on_page
from service.workflows.deps import Deps
from service.workflows.send_due_check_ins import send_next, settle_silent_next

BRUNO = "+12025550122"
CLEO = "+12025550123"

Writes = Callable[..., None]


@pytest.fixture
def writes(nurse: Browser) -> Writes:
    """A function by which somebody writes to the clinic, each text under its own sid."""
    sids = iter(range(1, 100))

    def write(words: str, sender: str) -> None:
        a_text(nurse.client, words, sender=sender, sid=f"SM{next(sids):032x}")

    return write


def test_an_empty_worklist_says_so(nurse: Browser) -> None:
    page = nurse.get("/")

    assert words_in(page, "summary") == "Nobody needs someone now."
    assert words_in(page, "lists") == "Call back Nobody waits for a call."


def test_the_worst_stands_first_and_then_the_oldest(
    nurse: Browser, deps: Deps, clock: Clock, writes: Writes
) -> None:
    for name, phone in (("Ana Example", "+12025550121"), ("Bruno Ejemplo", BRUNO), ("Cleo Sample", CLEO)):
        an_infusion(deps, a_patient(deps, name=name, phone=phone), hours_ago=5)
    writes("please call me", "+12025550121")
    clock.move(minutes=1)
    writes("my legs are locked up, can't move them, 9 out of 10", BRUNO)
    clock.move(minutes=1)
    writes("I can't breathe", CLEO)
    the_clock_ticks(deps)

    page = nurse.get("/")

    shown = words_in(page, "lists")
    assert sorted(("Cleo", "Bruno", "Ana"), key=shown.index) == ["Cleo", "Bruno", "Ana"]
    assert words_in(page, "summary") == "2 need someone now. 1 waits for a call back."


def test_a_card_says_level_code_name_since_when_and_the_deadline(
    nurse: Browser, deps: Deps, clock: Clock, writes: Writes
) -> None:
    a_patient(deps)
    writes("I can't breathe", "+12025550121")
    clock.move(minutes=2)

    assert words_in(nurse.get("/"), "lists") == (
        f"Now emergency C2C2 Ana Example {why(deps, 1)} "
        "Nobody has it Since 10:00 AM (2 min ago) Deadline 10:05 AM, in 3 min "
        "Call back Nobody waits for a call."
    )


def test_what_no_rule_speaks_of_says_why_it_waits(nurse: Browser, deps: Deps, writes: Writes) -> None:
    a_patient(deps)
    writes("qwe rty", "+12025550121")
    writes("zzz zzz", "+12025550121")

    assert words_in(nurse.get("/"), "lists").startswith(
        "Call back callback C2C2 Ana Example Two replies in a row could not be read."
    )


def test_a_deadline_that_has_passed_is_said_in_the_summary_and_on_the_card(
    nurse: Browser, deps: Deps, clock: Clock, writes: Writes
) -> None:
    a_patient(deps)
    writes("I can't breathe", "+12025550121")
    clock.move(minutes=9)

    page = nurse.get("/")

    assert words_in(page, "summary") == "1 needs someone now, 1 past the deadline."
    assert '<span class="overdue">Deadline passed 4 min ago</span>' in page.text


def test_what_somebody_has_shows_who_and_no_deadline(
    nurse: Browser, deps: Deps, clock: Clock, writes: Writes
) -> None:
    noor = a_nurse(deps, name="Noor Haddad", phone="+12025550112", login="noor", tier="backup")
    a_patient(deps)
    writes("I can't breathe", "+12025550121")
    take_on_page(deps, 1, noor)
    clock.move(minutes=9)

    page = nurse.get("/")

    assert words_in(page, "summary") == "Somebody has the one that is urgent."
    assert "Noor Haddad has it Since 10:00 AM (9 min ago) Call back" in words_in(page, "lists")


def test_a_sender_whom_nobody_knows_is_listed_by_number(nurse: Browser, writes: Writes) -> None:
    writes("who is this?", STRANGER)

    page = nurse.get("/")

    assert words_in(page, "lists").startswith(
        "Call back Nobody waits for a call. Unknown senders callback C2C2 (202) 555-0177"
    )
    assert words_in(page, "summary") == "Nobody needs someone now. 1 waits for a call back."


def test_an_emergency_of_a_sender_whom_nobody_knows_stands_on_top(nurse: Browser, writes: Writes) -> None:
    writes("I can't breathe", STRANGER)

    assert words_in(nurse.get("/"), "lists").startswith("Now emergency C2C2 (202) 555-0177")


def test_a_check_in_without_an_answer_is_listed_for_some_days(
    nurse: Browser, deps: Deps, clock: Clock
) -> None:
    an_infusion(deps, a_patient(deps), hours_ago=4)
    send_next(deps)
    clock.move(hours=7)
    settle_silent_next(deps)

    missed = words_in(nurse.get("/"), "lists")
    clock.move(days=5)

    assert missed.endswith(
        "Check-ins without an answer Ana Example (202) 555-0121 After 4 hours, asked 10:00 AM"
    )
    assert words_in(nurse.get("/"), "lists") == "Call back Nobody waits for a call."


def test_what_is_closed_moves_to_the_end_with_its_outcome(nurse: Browser, deps: Deps, writes: Writes) -> None:
    a_patient(deps)
    writes("I can't breathe", "+12025550121")
    close_on_page(deps, 1, 1, OUTCOMES[2], "")

    page = nurse.get("/")

    assert words_in(page, "summary") == "Nobody needs someone now."
    assert words_in(page, "lists") == (
        "Call back Nobody waits for a call. "
        "Closed lately Ana Example C2C2 emergency Sent to emergency care. Nadia Osei, 10:00 AM"
    )
