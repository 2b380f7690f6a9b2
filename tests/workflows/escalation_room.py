"""What the tests of escalations share: a clinic with three tiers, and the moves of its phones and its clock."""

from __future__ import annotations

from dataclasses import dataclass

from builders import ANA, NADIA, a_nurse
from main_path import SEVERE, Clinic, live

from service.carrier.inbound import CallReport, StatusReport
from service.core.words import Channel, Disposition
from service.store import escalations, outbox, ways_out
from service.store.escalations import Escalation
from service.store.outbox import OutboxMessage
from service.store.patients import Patient
from service.workflows.apply_status import apply_status
from service.workflows.calls.reports import apply_call_report
from service.workflows.escalating import escalate
from service.workflows.remind_owner import remind_next

NOOR = "+12025550112"
DUBE = "+12025550113"
STAFF = (NADIA, NOOR, DUBE)
# Three tiers and a fallback that all refuse are four steps at one instant.
_MOST_TICKS = 10


@dataclass(slots=True)
class Room(Clinic):
    """A clinic with Nadia, Noor and Dr. Dube on the three tiers, and Ana."""

    def __post_init__(self) -> None:
        # dataclass(slots=True) makes a new class, which a bare super() does not know.
        Clinic.__post_init__(self)
        a_nurse(self.deps, name="Thandi Dube", phone=DUBE, login="dube", tier="doctor")
        self.tick()

    def tick(self) -> None:
        """Let the clock tick until nothing is due; a ladder that runs and runs fails the test."""
        for _ in range(_MOST_TICKS):
            Clinic.tick(self)
            while remind_next(self.deps):
                pass
            with self.store.reading() as session:
                due = escalations.next_climb(session)
                waits = outbox.waiting_at(session, self.clock()) and not ways_out.stopped(session)
                if (due is None or due > self.clock()) and not waits:
                    return
        raise AssertionError(f"After {_MOST_TICKS} ticks at one instant something is still due.")

    def escalate(
        self, level: Disposition = Disposition.URGENT, *, patient_id: int | None = None
    ) -> Escalation:
        """Bring a patient before a person at the level, and let the clock tick."""
        with self.store.transaction() as session:
            patient = session.get_one(Patient, patient_id or self.ana)
            opened = escalate(
                session,
                self.deps,
                patient=patient,
                message=None,
                disposition=level,
                reason="Test.",
                now=self.clock(),
            )
        self.tick()
        return opened

    def counts(self) -> tuple[int, int, int]:
        """Return how many texts Nadia, Noor and Dr. Dube have had."""
        nadia, noor, dube = (len(self.texts_to(phone)) for phone in STAFF)
        return nadia, noor, dube

    def now(self, escalation_id: int) -> Escalation:
        """Return the escalation as it stands."""
        with self.store.reading() as session:
            return session.get_one(Escalation, escalation_id)

    def promised(self, escalation_id: int) -> list[OutboxMessage]:
        """Return the pages that were promised, texts and calls, oldest first."""
        with self.store.reading() as session:
            return list(outbox.pages_of(session, escalation_id))

    def pages(self, escalation_id: int) -> list[OutboxMessage]:
        """Return the pages by text that were promised, oldest first."""
        return [page for page in self.promised(escalation_id) if page.channel == Channel.SMS]

    def calls(self, escalation_id: int) -> list[OutboxMessage]:
        """Return the pages by call that were promised, oldest first."""
        return [page for page in self.promised(escalation_id) if page.channel == Channel.VOICE]

    def loses(self, page: OutboxMessage, code: int = 30003) -> None:
        """Let Twilio report that a text did not arrive, or that nobody picked up, and the clock tick."""
        sent = next(one for one in self.promised(page.escalation_id or 0) if one.id == page.id)
        if sent.channel == Channel.VOICE:
            apply_call_report(self.deps, CallReport(sent.sid or "", "no-answer", sent.reference))
        else:
            apply_status(self.deps, StatusReport(sent.sid or "", "undelivered", code, sent.reference))
        self.tick()

    def state_of(self, page: OutboxMessage) -> str:
        """Return what has become of a page."""
        with self.store.reading() as session:
            return session.get_one(OutboxMessage, page.id).state

    def words(self, escalation_id: int) -> list[str]:
        """Return the sentences of the escalation's timeline, in order."""
        with self.store.reading() as session:
            return [event.words for event in escalations.timeline(session, escalation_id)]

    def kinds(self, escalation_id: int) -> list[str]:
        """Return what has happened to the escalation, by kind, in order."""
        with self.store.reading() as session:
            return [event.kind for event in escalations.timeline(session, escalation_id)]


__all__ = ["ANA", "DUBE", "NADIA", "NOOR", "SEVERE", "STAFF", "Room", "live"]
