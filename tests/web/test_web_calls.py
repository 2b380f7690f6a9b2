"""Calls on the staff pages: who called, when, how it went, and every key and word of it, turn by turn."""

from __future__ import annotations

import pytest
from browsing import Browser, words_in
from builders import Clock, a_patient, an_infusion

from service.carrier.gateway import LoggedCall
from service.carrier.inbound import CallReport, HeardTurn, InboundCall
from service.store import calls
from service.store.calls import Call
from service.workflows.calls.inbound import take_call_in
from service.workflows.calls.missed import note_missed
from service.workflows.calls.reports import apply_call_report
from service.workflows.calls.turns import answer_call, take_turn
from service.workflows.climb_escalations import climb_next
from service.workflows.deliver_outbox import deliver_next
from service.workflows.deps import Deps
from service.workflows.send_due_check_ins import send_next

DORA = "+12025550131"
STRANGER = "+12025550177"
GREETING = (
    "Dripline: Hello. This is Willow Clinic with a call for Dora. If you are Dora, press 1 or say yes. "
    "If Dora can't come to the phone, press 2. If this is the wrong number, press 9."
)


@pytest.fixture
def call(nurse: Browser, deps: Deps) -> Call:
    """The call that asks Dora how she is, four hours after her infusion, and rings."""
    an_infusion(deps, a_patient(deps, name="Dora Example", phone=DORA, channel="voice"), hours_ago=4)
    send_next(deps)
    deliver(deps)
    return the_call(deps)


def deliver(deps: Deps) -> None:
    while deliver_next(deps):
        pass


def the_call(deps: Deps, sid: str = "CA" + "0" * 31 + "1") -> Call:
    with deps.store.reading() as session:
        found = calls.call_by_sid(session, sid)
    assert found is not None
    return found


def picks_up(deps: Deps, call: Call, answered_by: str = "human") -> None:
    answer_call(deps, CallReport(str(call.sid), "in-progress", call.reference, answered_by))


def hears(
    deps: Deps, call: Call, step: int, keys: str = "", words: str = "", sure: float | None = None
) -> None:
    take_turn(deps, call.reference, step, HeardTurn(keys, words, sure, ""))


def ends(deps: Deps, call: Call, status: str = "completed", seconds: int | None = 75, **more: int) -> None:
    apply_call_report(deps, CallReport(str(call.sid), status, call.reference, duration=seconds, **more))


def talk(nurse: Browser) -> str:
    return words_in(nurse.get("/patients/1"), "bubbles")


def test_a_call_stands_in_the_conversation_with_every_turn_of_it(
    nurse: Browser, deps: Deps, call: Call
) -> None:
    picks_up(deps, call)
    hears(deps, call, 1, keys="1")
    hears(deps, call, 2)
    hears(deps, call, 3, words="I have a headache", sure=0.31)
    hears(deps, call, 4, keys="1")
    ends(deps, call)

    said = talk(nurse)

    assert said.startswith(
        f"Dripline called, 10:00 AM answered, 1 min 15 s {GREETING} Dora Example: Pressed 1 "
    )
    heard = [part for part in said.split("Dora Example: ")[1:]]
    assert [part.split(" Dripline:")[0] for part in heard] == [
        "Pressed 1",
        "(nothing was heard)",
        "I have a headache (badly heard, 31% sure)",
        "Pressed 1",
    ]
    assert said.count("I have a headache") == 2, "heard and read back, and no bubble beside the call"
    assert "message for Dora" not in said, "what a machine would have heard was not said"


@pytest.mark.parametrize(
    ("status", "code", "how"),
    [
        ("busy", None, "the line was busy"),
        ("no-answer", None, "nobody picked up"),
        ("failed", 404, "it failed: no phone has this number"),
    ],
)
def test_a_call_in_vain_says_why(
    nurse: Browser, deps: Deps, call: Call, status: str, code: int | None, how: str
) -> None:
    apply_call_report(deps, CallReport(str(call.sid), status, call.reference, error_code=code))

    assert talk(nurse) == f"Dripline called, 10:00 AM {how}"


def test_a_voicemail_shows_the_message_that_it_got(nurse: Browser, deps: Deps, call: Call) -> None:
    picks_up(deps, call, "machine_end_beep")
    ends(deps, call, seconds=20)

    assert talk(nurse).startswith(
        "Dripline called, 10:00 AM a voicemail answered, 20 s "
        "Dripline: Hello. This is Willow Clinic with a message for Dora."
    )


def test_a_call_that_goes_on_or_rings_says_so(nurse: Browser, deps: Deps, call: Call) -> None:
    rings = talk(nurse)
    picks_up(deps, call)

    assert rings == "Dripline called, 10:00 AM Twilio has it"
    assert talk(nurse).startswith("Dripline called, 10:00 AM is going on now")


def test_a_caller_whom_nobody_knows_is_heard_on_the_page_of_what_waits(nurse: Browser, deps: Deps) -> None:
    sid = "CA" + "7" * 32
    take_call_in(deps, InboundCall(sid, STRANGER))
    called = the_call(deps, sid)
    hears(deps, called, 1, words="I can't breathe", sure=0.9)
    ends(deps, called, seconds=9)

    page = nurse.get("/escalations/1")

    said = words_in(page, "story")
    assert "(202) 555-0177 called, 10:00 AM answered, 9 s Dripline: Hello." in said
    assert "(202) 555-0177: I can't breathe Dripline: This may be an emergency." in said


def test_a_call_that_nothing_of_ours_could_answer_says_so(nurse: Browser, deps: Deps, clock: Clock) -> None:
    a_patient(deps, name="Dora Example", phone=DORA)
    logged = LoggedCall("CA" + "6" * 32, "inbound", DORA, "+12025550100", "completed", "", 3, clock())

    note_missed(deps, logged)

    assert talk(nurse).startswith("Dora Example called, 10:00 AM nothing of ours could answer")


def test_a_page_by_call_shows_the_key_that_took_it(
    nurse: Browser, deps: Deps, call: Call, clock: Clock
) -> None:
    picks_up(deps, call)
    hears(deps, call, 1, keys="1")
    hears(deps, call, 2, words="I can't breathe", sure=0.9)
    deliver(deps)
    page = the_call(deps, "CA" + "0" * 31 + "2")
    clock.move(minutes=2)
    picks_up(deps, page)
    hears(deps, page, 1, keys="2")
    ends(deps, page, seconds=12)

    said = words_in(nurse.get("/escalations/1"), "story")

    assert "Nadia Osei, by text: handed to Twilio" in said
    assert (
        "Nadia Osei, by call: The page was heard. (answered, 12 s) Dripline: This is Dripline. Emergency page"
        in said
    )
    assert "Nadia Osei: Pressed 2 Dripline: Code C 2 C 2 is passed on." in said
    assert climb_next(deps)


def test_staff_who_call_about_it_stand_among_the_pages(nurse: Browser, deps: Deps, call: Call) -> None:
    picks_up(deps, call)
    hears(deps, call, 1, words="I can't breathe", sure=0.9)
    sid = "CA" + "8" * 32
    take_call_in(deps, InboundCall(sid, "+12025550111"))
    called = the_call(deps, sid)
    hears(deps, called, 1, keys="1")
    ends(deps, called, seconds=14)

    said = words_in(nurse.get("/escalations/1"), "story")

    assert "Nadia Osei, by call: called us about it (answered, 14 s)" in said
    assert "Nadia Osei: Pressed 1 Dripline: Code C 2 C 2 is yours." in said


def test_a_call_without_a_word_is_no_reply_that_could_not_be_read(nurse: Browser, deps: Deps) -> None:
    sid = "CA" + "7" * 32
    take_call_in(deps, InboundCall(sid, STRANGER))
    called = the_call(deps, sid)
    hears(deps, called, 1, keys="3")
    hears(deps, called, 2)
    ends(deps, called, seconds=40)

    said = words_in(nurse.get("/escalations/1"), "story")

    assert said.startswith(
        "Why No reply is behind this: A caller asked for a person on the phone, and nobody took the call."
    )
    assert "(202) 555-0177 called, 10:00 AM answered, 40 s" in said
