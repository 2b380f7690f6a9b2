"""What the tests of the main path share: a clinic with one patient, and the moves that the clock and the phones make."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

from builders import (
    ANA,
    NADIA,
    Clock,
    a_clinic,
    a_nurse,
    a_patient,
    an_infusion,
    deps_for,
    text_form,
    texts_of,
)

from service.carrier.inbound import inbound_text
from service.carrier.memory import MemoryCarrier
from service.store import escalations
from service.store.database import Store
from service.store.escalations import Escalation
from service.store.inbox import message_named
from service.workflows.calls.call_silent import call_next
from service.workflows.calls.look_at import look_at_next
from service.workflows.climb_escalations import climb_next
from service.workflows.deliver_outbox import deliver_next
from service.workflows.deps import Deps
from service.workflows.read_inbox import read_next
from service.workflows.receive import store_texts
from service.workflows.send_due_check_ins import nudge_next, send_next, settle_silent_next
from service.workflows.settle_unknown import settle_next

SEVERE = "my legs are locked up, I can't move them, a 9"
TICKS = (
    read_next,
    climb_next,
    deliver_next,
    send_next,
    nudge_next,
    settle_silent_next,
    call_next,
    look_at_next,
    settle_next,
    deliver_next,
)


@dataclass(slots=True)
class Clinic:
    """A clinic with Nadia on the first tier, Noor on the second, and Ana, who had an infusion just now."""

    store: Store
    clock: Clock = field(default_factory=Clock)
    carrier: MemoryCarrier = field(init=False)
    deps: Deps = field(init=False)
    ana: int = field(init=False)
    _sids: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def __post_init__(self) -> None:
        self.carrier = MemoryCarrier(self.clock)
        self.deps = deps_for(self.store, now=self.clock, carrier=self.carrier)
        a_clinic(self.deps)
        a_nurse(self.deps)
        a_nurse(self.deps, name="Noor Haddad", phone="+12025550112", login="noor", tier="backup")
        self.ana = a_patient(self.deps)

    def infusion(self) -> None:
        """Register an infusion of Ana that has just ended."""
        an_infusion(self.deps, self.ana)

    def tick(self) -> None:
        """Let every tick of the clock work off what is due."""
        for work in TICKS:
            while work(self.deps):
                pass

    def move(self, **ahead: float) -> None:
        """Move the clock ahead, and let it tick."""
        self.clock.move(**ahead)
        self.tick()

    def receive(self, body: str, *, sender: str = ANA, sid: str | None = None) -> int | None:
        """Let a text arrive, stored but not read; return its id."""
        form = text_form(body, sender=sender, sid=sid or f"SM{next(self._sids):032x}")
        is_new = store_texts(self.deps, [inbound_text(form)]) > 0
        with self.store.reading() as session:
            return message_named(session, form["MessageSid"]).id if is_new else None

    def hears(self, body: str, *, sender: str = ANA) -> None:
        """Let a text arrive, and the clock tick."""
        self.receive(body, sender=sender)
        self.tick()

    def texts_to(self, phone: str) -> list[str]:
        """Return what left for this phone, in order."""
        return [body for recipient, body in texts_of(self.deps) if recipient == phone]

    def ask(self) -> None:
        """Register an infusion and let its first check-in go out."""
        self.infusion()
        self.move(hours=4, minutes=1)


def live(clinic: Clinic) -> list[Escalation]:
    """Return the escalations that are not closed."""
    with clinic.store.reading() as session:
        return list(escalations.live_escalations(session))


__all__ = ["ANA", "NADIA", "SEVERE", "Clinic", "live"]
