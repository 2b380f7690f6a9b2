"""A send that is under way is nobody else's: it is looked up only once its sender must be dead, and never sent beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from main_path import Clinic
from outgoing import deliver, promise

from service.carrier.gateway import Outcome, OutgoingText
from service.carrier.memory import MemoryCarrier
from service.core.words import Urgency
from service.store import outbox
from service.store.outbox import OutboxState
from service.workflows.deliver_outbox import deliver_next
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
