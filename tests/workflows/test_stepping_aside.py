"""A row that throws steps aside and comes before a person, whichever tick it throws in, and the next row has its turn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

import pytest
from builders import a_patient, an_infusion
from main_path import ANA, NADIA, SEVERE, Clinic, live
from sqlalchemy.exc import OperationalError

from service.carrier.gateway import LoggedText, Unknown
from service.carrier.memory import MemoryCarrier
from service.store import calls, check_ins, conversations, escalations, heartbeats, patients
from service.store.calls import Call
from service.store.database import Session
from service.store.escalations import Escalation
from service.workflows import send_due_check_ins
from service.workflows.ask_after import ask_after_next
from service.workflows.calls.call_silent import call_next
from service.workflows.calls.look_at import look_at_next
from service.workflows.catch_up import catch_up
from service.workflows.climb_escalations import climb_next
from service.workflows.deps import Deps
from service.workflows.follow_protocols import follow_next
from service.workflows.remind_owner import remind_next
from service.workflows.send_due_check_ins import nudge_next, send_next, settle_silent_next
from service.workflows.settle_unknown import settle_next

BEN, NOOR = "+12025550124", "+12025550112"
TELL = "call the patient, and tell ops."


class BabblingCarrier(MemoryCarrier):
    """Says what nobody understands when it is asked about Ana."""

    def texts_to(self, recipient: str, since: datetime) -> Iterator[LoggedText]:
        if recipient == ANA:
            raise ValueError("An instant without a meaning.")
        return super().texts_to(recipient, since)

    def text_named(self, sid: str) -> LoggedText:
        found = super().text_named(sid)
        if found.recipient == ANA:
            raise ValueError("An instant without a meaning.")
        return found


@dataclass(frozen=True, slots=True)
class Case:
    """A tick, how long after the infusion its work is due, how Ana's row is spoilt, and what staff are told."""

    tick: Callable[[Deps], bool]
    hours: float
    spoil: Callable[[Clinic, Session], None]
    reason: str


def nowhere(clinic: Clinic, session: Session) -> None:
    patients.hold(session, clinic.ana).zone = "Nowhere/At_All"


def planned_otherwise(clinic: Clinic, session: Session) -> None:
    for patient_id in patients.ids_of_all(session):
        patients.hold(session, patient_id).planned_with = ""
    nowhere(clinic, session)


def an_unknown_step(clinic: Clinic, session: Session) -> None:
    check_ins.check_ins_of(session, clinic.ana)[0].planned_from = {"key": 1}


def a_torn_talk(clinic: Clinic, session: Session) -> None:
    for patient_id in patients.ids_of_all(session):
        talk = conversations.conversations_of(session, patient_id)[0]
        talk.answer_by = clinic.clock()
    conversations.conversations_of(session, clinic.ana)[0].state = {"half": "a talk"}


CASES = {
    "send": Case(send_next, 4.1, nowhere, f"A check-in could not be sent; {TELL}"),
    "nudge": Case(nudge_next, 6.2, nowhere, f"A silent patient could not be reminded; {TELL}"),
    "call": Case(
        call_next, 7.2, nowhere,
        "A silent patient could not be called by the service; call them yourself, and tell ops.",
    ),
    "settle": Case(
        settle_silent_next, 12, an_unknown_step,
        f"A check-in has no answer, and its silence could not be settled; {TELL}",
    ),
    "settle a talk": Case(
        settle_silent_next, 5, a_torn_talk,
        f"A question has no answer, and its silence could not be settled; {TELL}",
    ),
    "follow": Case(
        follow_next, 1, planned_otherwise,
        "The check-ins could not be planned by the protocols as they are now; tell ops.",
    ),
}  # fmt: skip


def turns(tick: Callable[[Deps], bool], deps: Deps) -> int:
    """Let the tick work until nothing is due; return how many rows had their turn."""
    done = 0
    while done < 9 and tick(deps):
        done += 1
    return done


def of_ana(clinic: Clinic) -> list[tuple[str, str]]:
    return [(str(one.disposition), one.reason) for one in live(clinic) if one.patient_id == clinic.ana]


@pytest.fixture
def two(sqlite_clinic: Clinic) -> Clinic:
    """The clinic with Ana and Ben, who both had an infusion just now."""
    return with_ben(sqlite_clinic)


def with_ben(clinic: Clinic) -> Clinic:
    clinic.infusion()
    an_infusion(clinic.deps, a_patient(clinic.deps, name="Ben Example", phone=BEN))
    clinic.tick()
    return clinic


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_patient_s_row_that_throws_is_a_callback_and_the_next_patient_has_a_turn(
    two: Clinic, case: Case
) -> None:
    if case.tick is not send_next:
        two.clock.move(hours=min(case.hours, 4.1))
        turns(send_next, two.deps)
        two.clock.move(hours=case.hours - min(case.hours, 4.1))
    else:
        two.clock.move(hours=case.hours)
    with two.store.transaction() as session:
        case.spoil(two, session)

    rows = turns(case.tick, two.deps)

    assert rows == 2, "Ana's stepped aside, and Ben's had its turn"
    assert of_ana(two) == [("callback", case.reason)]
    assert len(live(two)) == 1


def test_a_row_that_throws_again_and_again_is_told_once(clinic: Clinic) -> None:
    two = with_ben(clinic)
    two.clock.move(hours=4.1)
    with two.store.transaction() as session:
        nowhere(two, session)
    turns(send_next, two.deps)

    two.clock.move(minutes=3)
    again = turns(send_next, two.deps)

    (escalation,) = live(two)
    with two.store.reading() as session:
        assert [event.kind for event in escalations.timeline(session, escalation.id)] == ["opened"]
    assert again == 1, "it is tried again, in case the fault was mended"


def test_a_database_that_hangs_up_is_no_fault_of_the_row(
    two: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang_up(*_: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("the connection was closed"))

    two.clock.move(hours=4.1)
    with monkeypatch.context() as broken:
        broken.setattr(send_due_check_ins, "_send", hang_up)
        with pytest.raises(OperationalError):
            send_next(two.deps)

    assert live(two) == []
    assert turns(send_next, two.deps) == 2


@pytest.mark.parametrize("is_taken", [False, True], ids=["climb", "remind"])
def test_an_escalation_that_can_not_climb_pages_everybody_and_the_next_one_climbs(
    two: Clinic, is_taken: bool
) -> None:
    two.hears(SEVERE)
    two.hears(SEVERE, sender=BEN)
    ours, bens = live(two)
    if is_taken:
        two.hears(ours.code, sender=NADIA)
        two.hears(bens.code, sender=NADIA)
    two.clock.move(hours=5)
    with two.store.transaction() as session:
        session.get_one(Escalation, ours.id).disposition = "nonsense"
        session.get_one(Escalation, bens.id).next_step_at = two.clock()

    rows = turns(remind_next if is_taken else climb_next, two.deps)
    two.tick()

    spoilt = next(one for one in live(two) if one.id == ours.id)
    page = f"Dripline: URGENT {ours.code}. A patient needs you now. Reply {ours.code} to take it. "
    everybody = [
        phone for phone in (NADIA, NOOR) if any(text.startswith(page) for text in two.texts_to(phone))
    ]
    assert rows == 2
    assert everybody == [NADIA, NOOR]
    assert (spoilt.state, spoilt.disposition) == ("open", "urgent")


def test_a_send_that_can_not_be_looked_up_is_a_callback_and_the_next_is_looked_up(two: Clinic) -> None:
    two.carrier.outcomes += [Unknown("The connection broke.")] * 2
    two.move(hours=4.1)
    two.deps = replace(two.deps, carrier=BabblingCarrier(two.clock))
    two.clock.move(minutes=1)

    rows = turns(settle_next, two.deps)

    assert rows == 2
    assert of_ana(two) == [
        (
            "callback",
            "It could not be found out whether a text was sent; ask the patient, and tell ops.",
        )
    ]


def test_a_text_that_can_not_be_asked_after_is_a_callback_and_the_next_is_asked_after(two: Clinic) -> None:
    two.clock.move(hours=3)
    two.deps = replace(two.deps, carrier=BabblingCarrier(two.clock, _log=two.carrier._log))

    rows = turns(ask_after_next, two.deps)

    assert rows == 2
    assert of_ana(two) == [
        ("callback", "It could not be noted what became of a text; ask the patient, and tell ops.")
    ]


def test_a_call_that_can_not_be_looked_at_is_a_callback_and_the_next_is_looked_at(two: Clinic) -> None:
    two.move(hours=4.1)
    two.move(hours=3.2)
    with two.store.transaction() as session:
        (call,) = calls.calls_with(session, two.ana)
        session.get_one(Call, call.id).status = "nonsense"
    two.clock.move(minutes=3)

    rows = turns(look_at_next, two.deps)

    assert rows == 2
    assert of_ana(two) == [("callback", "A call could not be gone on with; call the patient, and tell ops.")]


def test_a_text_that_can_not_be_stored_holds_up_no_other_and_is_looked_for_again(two: Clinic) -> None:
    for sid, sender in (("1", ANA), ("2", BEN)):
        two.carrier.received.append(
            LoggedText("SM" + sid * 32, "inbound", sender, "", "none", "received", None, two.clock())
        )
    whole = two.carrier.received[0]
    two.carrier.received[0] = replace(whole, body=7)  # type: ignore[arg-type]  # what Twilio never promised

    first, finished = catch_up(two.deps), beats(two)
    two.carrier.received[0] = whole
    again = catch_up(two.deps)

    assert (first, finished) == (1, None), "the watch tells that it has not finished"
    assert (again, beats(two)) == (1, two.clock())


def beats(clinic: Clinic) -> datetime | None:
    with clinic.store.reading() as session:
        return heartbeats.beats(session).get("catch up")
