"""Random replies, answers, failures, restarts and skips of time find no escalation that nobody is told of."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from pathlib import Path

from builders import a_patient, deps_for
from escalation_room import STAFF, Room
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from service.carrier.gateway import Refused, Unknown
from service.carrier.outcome import Refusal
from service.core.words import Disposition
from service.store import escalations, outbox, pages
from service.store.database import Store, migrate, open_store
from service.store.escalations import Escalation, EscalationState
from service.store.keyring import Keyring
from service.store.outbox import OutboxState
from service.workflows.acknowledge import OUTCOMES, close_on_page, take_on_page
from service.workflows.climb_escalations import climb_next
from service.workflows.hand_over import hand_over, release

_KEY = "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
_FOLDER = Path(tempfile.mkdtemp(prefix="dripline-machine-"))
_TEMPLATE = _FOLDER / "template.db"
_OUTCOMES = (
    Refused(21614, Refusal.PERMANENT, "It takes no texts."),
    Refused(21610, Refusal.OPTED_OUT, "It has opted out."),
    Refused(429, Refusal.PASSING, "Too many requests."),
    Unknown("The connection broke."),
)
_members = st.integers(1, 3)
_one = st.integers(0, 3)


def setup_module() -> None:
    """Migrate once; each run of the machine copies the file."""
    migrate(f"sqlite:///{_TEMPLATE}")


def teardown_module() -> None:
    """Leave nothing behind."""
    shutil.rmtree(_FOLDER, ignore_errors=True)


class Escalating(RuleBasedStateMachine):
    """A clinic of three, two patients, and whatever can happen to their escalations, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.url = f"sqlite:///{shutil.copy(_TEMPLATE, _FOLDER / 'run.db')}"
        self.room = Room(self._open())
        bo = a_patient(self.room.deps, name="Bo Test", phone="+12025550125")
        self.patients = (self.room.ana, bo)
        self.acknowledged: dict[int, int] = {}

    def _open(self) -> Store:
        return open_store(self.url, Keyring(_KEY, "the machine's own look-up key, kept nowhere"))

    def _live(self) -> list[Escalation]:
        with self.room.store.reading() as session:
            return list(escalations.live_escalations(session))

    @rule(
        level=st.sampled_from((Disposition.CALLBACK, Disposition.URGENT, Disposition.EMERGENCY)), which=_one
    )
    def a_patient_writes(self, level: Disposition, which: int) -> None:
        self.room.escalate(level, patient_id=self.patients[which % 2])

    @precondition(lambda self: self._live())
    @rule(
        which=_one,
        member=_members,
        words=st.sampled_from(("{}", "ok", "pass {}", "release {}", "give {} to Noor", "2")),
    )
    def staff_write(self, which: int, member: int, words: str) -> None:
        live = self._live()
        code = live[which % len(live)].code
        self.room.hears(words.format(code.lower()), sender=STAFF[member - 1])

    @precondition(lambda self: self._live())
    @rule(which=_one, member=_members, act=st.sampled_from(("take", "close", "release", "give")))
    def staff_click(self, which: int, member: int, act: str) -> None:
        live = self._live()
        one, deps = live[which % len(live)], self.room.deps
        if act == "take":
            before = one.state
            won = take_on_page(deps, one.id, member)
            if won.is_yours and before == EscalationState.ACKNOWLEDGED:
                assert one.acknowledged_by == member, "nobody takes what another has"
        elif act == "close":
            close_on_page(deps, one.id, member, OUTCOMES[0], "")
        elif act == "release":
            release(deps, one.id, member)
        else:
            hand_over(deps, one.id, member, member % 3 + 1)
        self.room.tick()

    @rule(outcomes=st.lists(st.sampled_from(_OUTCOMES), min_size=1, max_size=4))
    def twilio_will_fail(self, outcomes: list[Refused | Unknown]) -> None:
        self.room.carrier.outcomes.extend(outcomes)

    @precondition(lambda self: self._live())
    @rule(which=_one)
    def a_page_is_lost(self, which: int) -> None:
        live = self._live()
        sent = [page for page in self.room.promised(live[which % len(live)].id) if page.sid is not None]
        if sent:
            self.room.loses(sent[-1])

    @rule(minutes=st.sampled_from((1, 3, 6, 20, 70, 60 * 26)))
    def time_passes(self, minutes: int) -> None:
        self.room.move(minutes=minutes)

    @rule(minutes=st.sampled_from((1, 6, 40)))
    def the_clock_dies_between_climbing_and_sending_and_comes_back(self, minutes: int) -> None:
        self.room.clock.move(minutes=minutes)
        climb_next(self.room.deps)
        self.room.store.close()
        self.room.store = self._open()
        codes = self.room.deps.new_code
        references = self.room.deps.new_reference
        fresh = deps_for(self.room.store, now=self.room.clock, carrier=self.room.carrier)
        self.room.deps = type(fresh)(
            store=fresh.store,
            carrier=fresh.carrier,
            library=fresh.library,
            now=fresh.now,
            new_reference=references,
            new_code=codes,
        )
        self.room.tick()

    @invariant()
    def whatever_is_open_is_being_told_to_somebody_and_has_a_next_step(self) -> None:
        now = self.room.clock()
        with self.room.store.reading() as session:
            for one in escalations.live_escalations(session):
                assert one.next_step_at is not None
                assert one.next_step_at > now, "what was due has been done"
                if one.state == EscalationState.OPEN and Disposition(one.disposition).needs_paging:
                    of_step = [p for p in outbox.pages_of(session, one.id) if pages.is_of_climb(p, one)]
                    assert of_step != [], "a step pages somebody"

    @invariant()
    def a_patient_has_one_live_escalation_and_it_one_owner(self) -> None:
        live = self._live()
        assert len({one.patient_id for one in live}) == len(live)
        for one in live:
            assert (one.acknowledged_by is not None) == (one.state == EscalationState.ACKNOWLEDGED)
            assert all(kind != other or kind != "acknowledged" for kind, other in self._owning(one.id))

    def _owning(self, escalation_id: int) -> list[tuple[str, str]]:
        """Return neighbours among the events that change the owner: two acknowledgements never follow each other."""
        owning = ("acknowledged", "reopened", "closed")
        kinds = [kind for kind in self.room.kinds(escalation_id) if kind in owning]
        return list(itertools.pairwise(kinds))

    @invariant()
    def no_page_leaves_for_what_somebody_has_or_what_is_over(self) -> None:
        with self.room.store.reading() as session:
            settled = [one for one in session.query(Escalation) if one.state != EscalationState.OPEN]
            for one in settled:
                waiting = [
                    page
                    for page in outbox.pages_of(session, one.id)
                    if page.key.startswith("page:") and page.state == OutboxState.SENDING
                ]
                assert waiting == []
                late = [
                    page
                    for page in outbox.pages_of(session, one.id)
                    if page.key.startswith("page:")
                    and page.attempted_at is not None
                    and page.attempted_at > (one.closed_at or one.acknowledged_at or page.attempted_at)
                ]
                assert late == []

    def teardown(self) -> None:
        """Close what the run opened."""
        self.room.store.close()


TestEscalating = Escalating.TestCase
TestEscalating.settings = settings(
    max_examples=12,
    stateful_step_count=14,
    # Shrinking a failure would take minutes; the steps that led to it are short as they are.
    phases=(Phase.generate,),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
