"""A send that is under way is nobody else's, and one of unknown outcome takes no other's place in Twilio's log."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

from main_path import ANA, Clinic, live
from outgoing import BEN, deliver, promise

from service.carrier.gateway import LoggedText, Outcome, OutgoingText, Refused, Unknown
from service.carrier.inbound import StatusReport
from service.carrier.memory import MemoryCarrier
from service.carrier.outcome import Refusal
from service.core.words import Urgency
from service.store import outbox
from service.store.outbox import OutboxMessage, OutboxState
from service.store.patients import Patient
from service.workflows.apply_status import apply_status
from service.workflows.claim_outbox import claim_together, give_back, waiting
from service.workflows.deliver_outbox import attempt, deliver_next
from service.workflows.settle_outbox import settle
from service.workflows.settle_unknown import settle_next


@dataclass(slots=True)
class WatchedCarrier(MemoryCarrier):
    """Lets another process have its turn while it is asked to send."""

    meanwhile: Callable[[], object] = field(default=lambda: None)
    seen: list[object] = field(default_factory=list)

    def send_text(self, text: OutgoingText) -> Outcome:
        self.seen.append(self.meanwhile())
        return MemoryCarrier.send_text(self, text)


def test_no_other_process_sends_or_looks_up_what_is_under_way_and_its_attempt_is_on_record(
    clinic: Clinic,
) -> None:
    clinic.tick()
    promise(clinic, "c1", urgency=Urgency.PAGE)
    others = clinic.deps

    def meanwhile() -> object:
        with clinic.store.reading() as session:
            message = outbox.by_reference(session, "c1")
            assert message is not None
            on_record = (message.state, message.attempts, message.attempted_at)
        return on_record, deliver_next(others), settle_next(others)

    carrier = WatchedCarrier(clinic.clock, texts=list(clinic.carrier.texts), meanwhile=meanwhile)
    clinic.deps = replace(clinic.deps, carrier=carrier)
    clinic.carrier = carrier

    left = deliver(clinic)

    with clinic.store.reading() as session:
        message = outbox.by_reference(session, "c1")
        assert message is not None
    assert carrier.seen == [((OutboxState.SENDING, 1, clinic.clock()), False, False)]
    assert left == ["c1"]
    assert (message.state, message.sid) == (OutboxState.ACCEPTED, f"SM{2:032x}")


def test_who_wakes_up_after_others_have_sent_what_it_had_claimed_gives_nothing_back(clinic: Clinic) -> None:
    clinic.tick()
    promise(clinic, "c1", urgency=Urgency.PAGE)
    asleep = claim_together(clinic.deps, 1, waiting(clinic.deps))
    clinic.clock.move(minutes=3)
    settle_next(clinic.deps)
    clinic.clock.move(seconds=3)
    by_others = claim_together(clinic.deps, 1, waiting(clinic.deps))

    give_back(clinic.deps, asleep.leaving)
    while_they_send = deliver(clinic)
    settle(clinic.deps, [(leaving, attempt(clinic.deps, leaving)) for leaving in by_others.leaving])
    give_back(clinic.deps, asleep.leaving)

    assert [leaving.message_id for leaving in by_others.leaving] == [asleep.leaving[0].message_id]
    assert (while_they_send, deliver(clinic)) == ([], [])


def test_what_is_promised_twice_under_one_key_leaves_once_whatever_it_says(clinic: Clinic) -> None:
    clinic.tick()
    for words in ("How are you?", "How do you feel?"):
        with clinic.store.transaction() as session:
            outbox.enqueue(
                session,
                key="check-in:7",
                reference=words,
                urgency=Urgency.CHECK_IN,
                channel="sms",
                recipient=BEN,
                body=words,
                now=clinic.clock(),
            )

    assert deliver(clinic) == ["How are you?"]


def test_what_twilio_s_log_has_of_other_words_of_long_ago_or_from_the_patient_is_not_this_send(
    clinic: Clinic,
) -> None:
    clinic.tick()
    promise(clinic, "c1", urgency=Urgency.PAGE)
    clinic.carrier.outcomes.append(Unknown("The connection broke."))
    deliver(clinic)
    ours = LoggedText("", "outbound-api", clinic.carrier.sender, BEN, "c1", "sent", None, clinic.clock())
    clinic.carrier._log += [
        replace(ours, sid="SM" + "a" * 32, body="c1, and more"),
        replace(ours, sid="SM" + "b" * 32, created_at=clinic.clock() - timedelta(hours=1)),
        replace(ours, sid="SM" + "c" * 32, direction="inbound"),
        replace(ours, sid="SM" + "d" * 32, recipient=ANA),
    ]
    clinic.clock.move(seconds=16)

    settle_next(clinic.deps)
    clinic.clock.move(seconds=3)

    assert deliver(clinic) == ["c1"]


def test_a_callback_that_has_lost_our_reference_is_known_by_its_sid(clinic: Clinic) -> None:
    clinic.tick()
    with clinic.store.reading() as session:
        (welcome,) = outbox.messages_to(session, clinic.ana)

    apply_status(clinic.deps, StatusReport(welcome.sid or "", "delivered", None, ""))

    with clinic.store.reading() as session:
        assert session.get_one(OutboxMessage, welcome.id).state == OutboxState.DELIVERED


def test_a_number_that_is_refused_as_opted_out_is_texted_no_more_and_a_person_knows(clinic: Clinic) -> None:
    clinic.infusion()
    clinic.tick()
    opted_out = Refused(21610, Refusal.OPTED_OUT, "The number has opted out of our messages.")
    clinic.carrier.outcomes.append(opted_out)
    clinic.move(hours=4, minutes=1)
    tried = len(clinic.texts_to(ANA))

    clinic.move(hours=3)

    with clinic.store.reading() as session:
        assert session.get_one(Patient, clinic.ana).opted_out_at is not None
    assert (tried, len(clinic.texts_to(ANA)), clinic.carrier.calls) == (2, 2, [])
    assert [str(escalation.disposition) for escalation in live(clinic)] == ["callback"]
