"""The world of the escalation's state machine: a clinic that can be killed and opened again, and who may act in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from builders import a_patient, deps_for
from escalation_room import Room
from phone import Phone

from service.carrier.gateway import Outcome, OutgoingCall, OutgoingText
from service.carrier.memory import MemoryCarrier
from service.store import escalations
from service.store.calls import Call, CallStatus
from service.store.database import Store
from service.store.escalations import Escalation
from service.store.outbox import OutboxMessage
from service.store.staff import Staff, all_staff

BO = "+12025550125"


class Killed(BaseException):
    """The process was killed in the midst of a send."""


@dataclass(slots=True)
class MortalCarrier(MemoryCarrier):
    """A carrier in whose hands the process dies, where it is told so: before Twilio has the message, or after."""

    deaths: list[str] = field(default_factory=list)

    def send_text(self, text: OutgoingText) -> Outcome:
        """Send a text, or die of it."""
        return self._die_or(lambda: MemoryCarrier.send_text(self, text))

    def place_call(self, call: OutgoingCall) -> Outcome:
        """Place a call, or die of it."""
        return self._die_or(lambda: MemoryCarrier.place_call(self, call))

    def _die_or(self, send: Callable[[], Outcome]) -> Outcome:
        death = self.deaths.pop() if self.deaths else None
        if death == "before":
            raise Killed
        outcome = send()
        if death == "after":
            raise Killed
        return outcome


class World(Room):
    """A clinic of three with two patients, over a database that outlives its process."""

    def __init__(self, open_again: Callable[[], Store]) -> None:
        """Set the clinic up in the database that `open_again` opens."""
        Room.__init__(self, open_again())
        self.open_again = open_again
        self.mortal = MortalCarrier(self.clock, texts=self.carrier.texts)
        self.carrier, self.deps = self.mortal, replace(self.deps, carrier=self.mortal)
        self.patients = (self.ana, a_patient(self.deps, name="Bo Test", phone=BO))

    def tick(self) -> None:
        """Let the clock tick; where it dies of a send, it comes back."""
        try:
            Room.tick(self)
        except Killed:
            self.restart()

    def restart(self) -> None:
        """Kill whatever runs, and start again on the same database; what was in memory is gone."""
        self.store.close()
        self.store = self.open_again()
        before = self.deps
        fresh = deps_for(self.store, now=self.clock, carrier=self.mortal)
        self.deps = replace(fresh, new_reference=before.new_reference, new_code=before.new_code)
        self.tick()

    def live(self) -> list[Escalation]:
        """Return the escalations that are not closed."""
        with self.store.reading() as session:
            return list(escalations.live_escalations(session))

    def staff(self) -> list[Staff]:
        """Return the active staff."""
        with self.store.reading() as session:
            return list(all_staff(session))

    def ringing(self) -> list[Phone]:
        """Return the calls that nobody has answered yet, as phones."""
        with self.store.reading() as session:
            rings = {
                call.reference
                for call in session.query(Call)
                if call.sid is not None and call.answered_at is None and not CallStatus(call.status).is_over
            }
        return [
            Phone(self, f"CA{place:032x}", call.reference)
            for place, call in enumerate(self.mortal.calls, 1)
            if call.reference in rings
        ]

    def is_late(self, page: OutboxMessage, escalation: Escalation) -> bool:
        """Return whether a page left after somebody had the escalation, or it was over."""
        over_at = escalation.closed_at or escalation.acknowledged_at
        left_at = page.attempted_at if page.key.startswith("page:") else None
        return left_at is not None and over_at is not None and left_at > over_at
