"""Many messages delivered together: one that breaks or hangs takes no other with it, and none leaves twice."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest
from main_path import Clinic
from outgoing import promise
from sqlalchemy import text as sql

from service.carrier.gateway import Accepted, Outcome, OutgoingText
from service.carrier.inbound import StatusReport
from service.carrier.memory import MemoryCarrier
from service.core.words import Channel, Urgency
from service.store import outbox
from service.store.outbox import OutboxMessage, OutboxState
from service.workflows import deliverers as deliverers_module
from service.workflows.apply_status import apply_status
from service.workflows.deliverers import Deliverers
from service.workflows.settle_unknown import settle_next

PATIENCE_SECONDS = 60.0


@pytest.fixture
def quiet(clinic: Clinic) -> Clinic:
    """The clinic with nothing waiting."""
    clinic.tick()
    return clinic


def deliver_together(clinic: Clinic, carrier: MemoryCarrier | None = None, at_once: int = 1) -> list[str]:
    """Let deliverers work until nothing waits; return the words of the texts that left, in order."""
    carrier = carrier or clinic.carrier
    before = len(carrier.texts)
    deliverers = Deliverers(replace(clinic.deps, carrier=carrier), at_once)
    deliverers.look()
    deliverers.rest()
    return [text.body for text in carrier.texts[before:]]


def states(clinic: Clinic, *names: str) -> list[str]:
    with clinic.store.reading() as session:
        return [session.query(OutboxMessage.state).filter_by(reference=name).scalar() for name in names]


@dataclass(slots=True)
class WatchedCarrier(MemoryCarrier):
    """Does something with each text before it takes it."""

    before: Callable[[OutgoingText], None] = field(default=lambda text: None)

    def send_text(self, text: OutgoingText) -> Outcome:
        self.before(text)
        return MemoryCarrier.send_text(self, text)


def watched(clinic: Clinic, before: Callable[[OutgoingText], None]) -> WatchedCarrier:
    return WatchedCarrier(clinic.clock, texts=list(clinic.carrier.texts), before=before)


def test_many_leave_together_in_order_of_urgency(quiet: Clinic) -> None:
    promise(quiet, *(f"c{number:02d}" for number in range(50)), urgency=Urgency.CHECK_IN)
    promise(quiet, "page", urgency=Urgency.PAGE)

    left = deliver_together(quiet)

    assert left == ["page", *(f"c{number:02d}" for number in range(50))]
    assert set(states(quiet, *left)) == {OutboxState.ACCEPTED}


def test_several_deliverers_hand_each_message_over_once(quiet: Clinic) -> None:
    names = [f"c{number:02d}" for number in range(90)]
    promise(quiet, *names, urgency=Urgency.CHECK_IN)

    left = deliver_together(quiet, at_once=4)

    assert sorted(left) == names
    assert states(quiet, *names) == [OutboxState.ACCEPTED] * 90


def test_a_message_that_can_t_be_read_steps_aside_and_the_others_leave(quiet: Clinic) -> None:
    promise(quiet, "torn", urgency=Urgency.PAGE)
    promise(quiet, "c1", "c2", urgency=Urgency.CHECK_IN)
    whole = write_body(quiet, "torn", b"neither sealed nor whole")

    assert deliver_together(quiet) == ["c1", "c2"]
    assert states(quiet, "torn") == [OutboxState.QUEUED]

    write_body(quiet, "torn", whole)
    assert deliver_together(quiet) == []
    quiet.clock.move(minutes=2)
    assert deliver_together(quiet) == ["torn"]


def write_body(clinic: Clinic, name: str, sealed: bytes) -> bytes:
    """Write a body past its seal; return what was there."""
    named = {"name": name}
    with clinic.store.transaction() as session:
        before = session.scalar(sql("SELECT body FROM outbox WHERE reference = :name"), named)
        changed = sql("UPDATE outbox SET body = :sealed WHERE reference = :name")
        session.execute(changed, {"sealed": sealed, **named})
    return bytes(before)


def test_an_outcome_that_can_t_be_put_on_record_takes_no_other_sid_with_it(quiet: Clinic) -> None:
    promise(quiet, "c1", "c2", "c3", urgency=Urgency.CHECK_IN)
    quiet.carrier.outcomes = [Accepted("SM1"), Accepted("SM1"), Accepted("SM3")]

    deliver_together(quiet)

    assert states(quiet, "c1", "c2", "c3") == [
        OutboxState.ACCEPTED,
        OutboxState.SENDING,
        OutboxState.ACCEPTED,
    ]
    with quiet.store.reading() as session:
        assert outbox.by_sid(session, "SM3") is not None


class KilledError(BaseException):
    """The process is gone: nothing after this is recorded."""


def test_a_process_killed_with_a_batch_in_hand_loses_none_and_doubles_none(quiet: Clinic) -> None:
    names = ["c1", "c2", "c3", "c4", "c5"]
    promise(quiet, *names, urgency=Urgency.CHECK_IN)

    def die(text: OutgoingText) -> None:
        if text.body == "c4":
            raise KilledError

    dying = watched(quiet, die)
    taken = deliver_together(quiet, dying)
    dying.before = lambda text: None
    at_once = deliver_together(quiet, dying)
    quiet.clock.move(minutes=3)
    while settle_next(replace(quiet.deps, carrier=dying)):
        pass
    quiet.clock.move(seconds=5)
    later = deliver_together(quiet, dying)

    assert (taken, at_once, later) == (["c1", "c2", "c3"], [], ["c4", "c5"])
    assert set(states(quiet, *names)) == {OutboxState.ACCEPTED}


def test_what_twilio_reports_before_its_answer_is_on_record_stands(quiet: Clinic) -> None:
    promise(quiet, "c1", "c2", urgency=Urgency.CHECK_IN)

    def report(text: OutgoingText) -> None:
        apply_status(quiet.deps, StatusReport(f"SM-{text.body}", "delivered", None, text.reference))

    deliver_together(quiet, watched(quiet, report))

    assert states(quiet, "c1", "c2") == [OutboxState.DELIVERED] * 2


def test_the_same_words_twice_in_one_batch_leave_one_after_the_other(quiet: Clinic) -> None:
    promise(quiet, "first", "second", urgency=Urgency.ANSWER, words="Thank you.")
    promise(quiet, "third", urgency=Urgency.ANSWER)

    assert deliver_together(quiet) == ["Thank you.", "third"]
    quiet.clock.move(seconds=5)
    assert deliver_together(quiet) == ["Thank you."]


def test_two_calls_to_one_phone_in_one_batch_ring_one_after_the_other(quiet: Clinic) -> None:
    promise(quiet, "first", "second", urgency=Urgency.PAGE, channel=Channel.VOICE)

    deliver_together(quiet)

    assert [call.reference for call in quiet.carrier.calls] == ["first"]


def test_a_page_goes_before_what_was_claimed_earlier_and_has_waited_since(quiet: Clinic) -> None:
    promise(quiet, "c1", "c2", "c3", urgency=Urgency.CHECK_IN)

    def take_long(text: OutgoingText) -> None:
        if text.body == "c1":
            quiet.clock.move(seconds=8)
            promise(quiet, "page", urgency=Urgency.PAGE)

    slow = watched(quiet, take_long)

    assert deliver_together(quiet, slow) == ["c1", "page", "c2", "c3"]
    assert set(states(quiet, "c1", "page", "c2", "c3")) == {OutboxState.ACCEPTED}


def test_a_page_overtakes_a_batch_that_hangs(quiet: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deliverers_module, "_HANGS_AFTER_SECONDS", 0.0)
    promise(quiet, "c1", "c2", "c3", "c4", urgency=Urgency.CHECK_IN)
    hang, page_left, answers = threading.Semaphore(0), threading.Event(), threading.Event()

    def hold(text: OutgoingText) -> None:
        if text.body == "page":
            page_left.set()
        else:
            hang.release()
            answers.wait(PATIENCE_SECONDS)

    hanging = watched(quiet, hold)
    deliverers = Deliverers(replace(quiet.deps, carrier=hanging), at_once=2)
    deliverers.look()
    assert all(hang.acquire(timeout=PATIENCE_SECONDS) for _ in range(2))
    promise(quiet, "page", urgency=Urgency.PAGE)
    moves = deliverers.look()
    overtook = page_left.wait(PATIENCE_SECONDS)
    answers.set()
    deliverers.rest()
    deliverers.look()
    deliverers.rest()
    deliverers.stop()

    assert (overtook, moves) == (True, False), "nothing was done since the last look, so that no heart beats"
    left = [text.body for text in hanging.texts[1:]]
    assert left[0] == "page"
    assert sorted(left) == ["c1", "c2", "c3", "c4", "page"]


def test_who_is_stopped_ends_one_attempt_and_gives_the_rest_back(quiet: Clinic) -> None:
    names = ["c1", "c2", "c3"]
    promise(quiet, *names, urgency=Urgency.CHECK_IN)
    asked, answers = threading.Event(), threading.Event()

    def hold(_: OutgoingText) -> None:
        asked.set()
        answers.wait(PATIENCE_SECONDS)

    deliverers = Deliverers(replace(quiet.deps, carrier=watched(quiet, hold)), at_once=1)
    deliverers.look()
    assert asked.wait(PATIENCE_SECONDS)
    stopper = threading.Thread(target=deliverers.stop)
    stopper.start()
    while not deliverers._stopping:
        stopper.join(0.01)
    answers.set()
    stopper.join(PATIENCE_SECONDS)

    assert states(quiet, *names) == [OutboxState.ACCEPTED, OutboxState.QUEUED, OutboxState.QUEUED]
    with quiet.store.reading() as session:
        found = [outbox.by_reference(session, name) for name in names]
        assert [message.attempts for message in found if message] == [1, 0, 0]


def test_what_stops_a_deliverer_is_raised_by_the_next_look_and_the_message_leaves_later(
    quiet: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    promise(quiet, "c1", urgency=Urgency.CHECK_IN)
    deliverers = Deliverers(quiet.deps, at_once=1)
    with monkeypatch.context() as broken:
        broken.setattr(quiet.store, "transaction", lambda: 1 / 0)
        deliverers.look()
        deliverers.rest()

    with pytest.raises(ZeroDivisionError):
        deliverers.look()
    deliverers.rest()
    deliverers.stop()

    assert [text.body for text in quiet.carrier.texts[-1:]] == ["c1"]
