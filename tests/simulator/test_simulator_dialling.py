"""A call that is passed on: handsets ring, may be asked first, and the first that accepts is connected."""

from __future__ import annotations

import pytest
from simulated_phones import ANA, CLINIC, Heard, Phones, Said, on_the_phone, twiml, wait_until

NADIA = "+12025550177"
BEN = "+12025550179"
CARA = "+12025550180"


def connected(phones: Phones, document: str) -> tuple[str, str]:
    """Put Ana on the phone with a document that dials Nadia; return both calls, Nadia's ringing."""
    sid = on_the_phone(phones, document)
    return sid, phones.calls(NADIA)[0]["sid"]


def test_a_call_is_passed_on_and_told_about_when_that_is_over(phones: Phones) -> None:
    sid, leg = connected(phones, f'<Dial action="/answer" timeout="20">{NADIA}</Dial>')
    phones.do(leg, "answer")
    phones.do(sid, "speak", text="Is this the nurse?")
    phones.do(leg, "hangup")

    form = phones.service.at("/answer")[0].form
    assert (form["DialCallStatus"], form["DialCallSid"], form["DialCallDuration"]) == ("completed", leg, "0")
    assert phones.heard(leg) == [("other", "Is this the nurse?")]
    fetched = phones.sdk.calls(leg).fetch()
    assert (fetched.direction, fetched.parent_call_sid, fetched._from) == ("outbound-dial", sid, CLINIC)


@pytest.mark.parametrize(("doing", "status"), [("silence", "no-answer"), ("decline", "busy")])
def test_nobody_takes_a_call_that_is_passed_on(phones: Phones, doing: str, status: str) -> None:
    _, leg = connected(phones, f'<Dial action="/answer">{NADIA}</Dial>')
    phones.do(leg, doing)

    assert phones.service.at("/answer")[0].form["DialCallStatus"] == status


def test_without_an_action_the_document_goes_on_after_a_dial(phones: Phones) -> None:
    sid, leg = connected(phones, f"<Dial>{NADIA}</Dial><Say>Nobody is free.</Say>")
    phones.do(leg, "decline")

    assert phones.heard(sid)[-1] == ("clinic", "Nobody is free.")


def test_the_first_of_several_to_answer_stops_the_others(phones: Phones) -> None:
    third = "+12025550178"
    _, leg = connected(phones, f"<Dial><Number>{NADIA}</Number><Number>{third}</Number></Dial>")
    phones.do(phones.calls(third)[0]["sid"], "answer")

    assert phones.get(f"/calls/{leg}")["status"] == "canceled"


def test_a_caller_who_hangs_up_takes_the_other_leg_along(phones: Phones) -> None:
    sid, leg = connected(phones, f'<Dial action="/answer">{NADIA}</Dial>')
    phones.do(leg, "answer")
    phones.do(sid, "hangup")

    assert phones.get(f"/calls/{leg}")["status"] == "completed"
    assert phones.service.at("/answer") == []


def test_a_handset_that_calls_waits_for_no_one_elses_call(phones: Phones) -> None:
    def slow_for_nadia(heard: Heard) -> Said:
        if heard.form["From"] == NADIA:
            wait_until(lambda: phones.calls(ANA) and phones.heard(phones.calls(ANA)[0]["sid"]))
        return twiml("<Say>Hello</Say><Pause length='60'/>")

    phones.service.answer = slow_for_nadia
    phones.post(f"/phones/{NADIA}/call")
    phones.post(f"/phones/{ANA}/call")
    wait_until(lambda: phones.heard(phones.calls(NADIA)[0]["sid"]))

    assert phones.heard(phones.calls(ANA)[0]["sid"]) == [("clinic", "Hello")]


@pytest.mark.parametrize(("answering", "status"), [("busy", "busy"), ("voicemail", "completed")])
def test_a_dialled_handset_may_answer_by_itself(phones: Phones, answering: str, status: str) -> None:
    phones.post("/phones", number=NADIA, answering=answering)
    sid, leg = connected(phones, f'<Dial action="/answer">{NADIA}</Dial>')
    wait_until(lambda: phones.get(f"/calls/{leg}")["status"] in ("busy", "in-progress"))
    if status == "completed":
        phones.do(sid, "hangup")

    assert phones.get(f"/calls/{leg}")["status"] == status


def screened(phones: Phones, question: str, *others: str) -> tuple[str, str]:
    """Put Ana on the phone and let Nadia be asked before the two are connected; Nadia has answered."""
    numbers = "".join(f'<Number url="/whisper">{number}</Number>' for number in (NADIA, *others))
    dial = f'<Dial action="/answer">{numbers}</Dial>'
    documents = {"/voice": dial, "/whisper": question, "/accepted": "<Say>Connecting.</Say>"}
    phones.service.answer = lambda heard: twiml(documents.get(heard.target, "<Say>Nobody is free.</Say>"))
    sid = phones.call()
    phones.do(sid, "answer")
    leg = phones.calls(NADIA)[0]["sid"]
    phones.do(leg, "answer")
    return sid, leg


ACCEPT = '<Gather numDigits="1" action="/accepted"><Say>Press 1 to take it.</Say></Gather><Hangup/>'


def test_who_is_dialled_can_be_asked_first_and_accept(phones: Phones) -> None:
    sid, leg = screened(phones, ACCEPT)
    assert phones.get(f"/calls/{sid}")["connected_to"] is None

    phones.do(leg, "press", keys="1")

    assert phones.get(f"/calls/{sid}")["connected_to"] == leg
    assert phones.heard(leg)[-1] == ("clinic", "Connecting.")


def test_a_machine_that_picks_up_a_dialled_call_accepts_nothing(phones: Phones) -> None:
    sid, leg = screened(phones, ACCEPT)
    phones.do(leg, "silence")

    assert phones.get(f"/calls/{leg}")["status"] == "completed"
    assert phones.heard(sid) == [("clinic", "Nobody is free.")]
    assert dial_results(phones) == [("completed", "false")]


def dial_results(phones: Phones) -> list[tuple[str, str]]:
    """Return what the action was told of each `<Dial>`: its status, and whether anybody was connected."""
    heard = [heard.form for heard in phones.service.at("/answer")]
    return [(form["DialCallStatus"], form["DialBridged"]) for form in heard]


def test_of_several_who_are_asked_the_first_to_press_the_key_is_connected(phones: Phones) -> None:
    sid, nadia = screened(phones, ACCEPT, BEN, CARA)
    ben, cara = phones.calls(BEN)[0]["sid"], phones.calls(CARA)[0]["sid"]
    phones.do(ben, "answer")
    phones.do(ben, "press", keys="1")

    assert phones.get(f"/calls/{sid}")["connected_to"] == ben
    assert [phones.get(f"/calls/{leg}")["status"] for leg in (nadia, ben, cara)] == [
        "completed",
        "in-progress",
        "canceled",
    ]

    phones.do(ben, "hangup")
    assert dial_results(phones) == [("completed", "true")]


def test_a_caller_waits_until_the_last_who_is_asked_has_refused(phones: Phones) -> None:
    sid, nadia = screened(phones, ACCEPT, BEN)
    phones.do(nadia, "silence")
    assert dial_results(phones) == []

    phones.do(phones.calls(BEN)[0]["sid"], "decline")

    assert dial_results(phones) == [("busy", "false")]
    assert phones.heard(sid) == [("clinic", "Nobody is free.")]


def test_a_caller_may_hang_up_while_somebody_is_asked(phones: Phones) -> None:
    sid, nadia = screened(phones, ACCEPT, BEN)
    phones.do(sid, "hangup")

    legs = (nadia, phones.calls(BEN)[0]["sid"])
    assert [phones.get(f"/calls/{leg}")["status"] for leg in legs] == ["completed", "canceled"]
    assert dial_results(phones) == []
