"""What the tests of delivery share: messages promised by a name, and what of them leaves."""

from __future__ import annotations

from main_path import Clinic

from service.carrier.inbound import StatusReport
from service.core.words import Channel, Urgency
from service.store import outbox
from service.workflows.apply_status import apply_status
from service.workflows.deliver_outbox import deliver_next

BEN = "+12025550124"


def promise(
    clinic: Clinic, *names: str, urgency: Urgency, channel: Channel = Channel.SMS, words: str = ""
) -> None:
    """Promise a message for each name, which is its key, and its words where none are given."""
    for name in names:
        with clinic.store.transaction() as session:
            outbox.enqueue(
                session,
                key=name,
                reference=name,
                urgency=urgency,
                channel=channel,
                recipient=BEN,
                body=words or name,
                now=clinic.clock(),
            )


def deliver(clinic: Clinic) -> list[str]:
    """Deliver what may leave now; return the words of the texts that left, in order."""
    before = len(clinic.carrier.texts)
    while deliver_next(clinic.deps):
        pass
    return [text.body for text in clinic.carrier.texts[before:]]


def report(clinic: Clinic, name: str, status: str, code: int | None = None) -> None:
    """Let Twilio report of the text promised under the name."""
    with clinic.store.reading() as session:
        message = outbox.by_reference(session, name)
        assert message is not None
        sid = message.sid or "SM" + "9" * 32
    apply_status(clinic.deps, StatusReport(sid, status, code, name))
