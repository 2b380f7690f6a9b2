"""Random replies, answers, failures, restarts and skips of time find no escalation that nobody is told of."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

from builders import a_nurse, a_patient, deps_for
from escalation_room import STAFF, Room
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from phone import Phone

from service.carrier.gateway import Refused, Unknown
from service.carrier.inbound import CallReport
from service.carrier.outcome import Refusal
from service.core.words import Disposition
from service.store import escalations, outbox, pages
from service.store.calls import Call, CallStatus
from service.store.database import Store, migrate, open_store
from service.store.escalations import Escalation, EscalationState
from service.store.keyring import Keyring
from service.store.outbox import OutboxState
from service.store.staff import Staff, all_staff
from service.workflows.acknowledge import OUTCOMES, close_on_page, take_on_page
from service.workflows.calls.turns import answer_call
from service.workflows.climb_escalations import climb_next
from service.workflows.deliver_outbox import deliver_next
from service.workflows.hand_over import hand_over, release
from service.workflows.read_inbox import read_next
from service.workflows.remind_owner import remind_next
from service.workflows.remove_member import remove_member
from service.workflows.roster import put_on_call

_KEY = "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
_FOLDER = Path(tempfile.mkdtemp(prefix="dripline-machine-"))
_TEMPLATE = _FOLDER / "template.db"
_OUTCOMES = (
    Refused(21614, Refusal.PERMANENT, "It takes no texts."),
    Refused(21610, Refusal.OPTED_OUT, "It has opted out."),
    Refused(429, Refusal.PASSING, "Too many requests."),
    Unknown("The connection broke."),
)
# What a clock that dies has come to do once, in this order.
WORK = (read_next, climb_next, remind_next, deliver_next)
_members = st.integers(1, 3)
_one = st.integers(0, 3)


def setup_module() -> None:
    """Migrate once; each run of the machine copies the file."""
    migrate(f"sqlite:///{_TEMPLATE}")


def teardown_module() -> None:
    """Leave nothing behind."""
    shutil.rmtree(_FOLDER, ignore_errors=True)


class Escalating(RuleBasedStateMachine):
    """A clinic of three, two patients, and whatever can happen to their escalations and their staff, in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.url = f"sqlite:///{shutil.copy(_TEMPLATE, _FOLDER / 'run.db')}"
        self.room = Room(self._open())
        bo = a_patient(self.room.deps, name="Bo Test", phone="+12025550125")
        self.patients = (self.room.ana, bo)
        self.joined = 0

    def _open(self) -> Store:
        return open_store(self.url, Keyring(_KEY, "the machine's own look-up key, kept nowhere"))

    def _live(self) -> list[Escalation]:
        with self.room.store.reading() as session:
            return list(escalations.live_escalations(session))

    @initialize(level=st.sampled_from((Disposition.URGENT, Disposition.URGENT, Disposition.EMERGENCY)))
    def something_is_open(self, level: Disposition) -> None:
        self.room.escalate(level)

    @rule(
        level=st.sampled_from((Disposition.CALLBACK, Disposition.URGENT, Disposition.EMERGENCY)), which=_one
    )
    def a_patient_writes(self, level: Disposition, which: int) -> None:
        self.room.escalate(level, patient_id=self.patients[which % 2])

    def _staff(self) -> list[Staff]:
        with self.room.store.reading() as session:
            return list(all_staff(session))

    def _ringing(self) -> list[Phone]:
        """Return the calls that nobody has answered yet, as phones."""
        with self.room.store.reading() as session:
            rings = {
                call.reference
                for call in session.query(Call)
                if call.sid is not None and call.answered_at is None and not CallStatus(call.status).is_over
            }
        return [
            Phone(self.room, f"CA{place:032x}", call.reference)
            for place, call in enumerate(self.room.carrier.calls, 1)
            if call.reference in rings
        ]

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
    @rule(which=_one, member=_members, act=st.sampled_from(("take", "take", "close", "release", "give")))
    def staff_click(self, which: int, member: int, act: str) -> None:
        live, deps = self._live(), self.room.deps
        one, ids = live[which % len(live)], [somebody.id for somebody in self._staff()]
        place = member % len(ids)
        member, colleague = ids[place], ids[(place + 1) % len(ids)]
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
            hand_over(deps, one.id, member, colleague)
        self.room.tick()

    @precondition(lambda self: self._ringing())
    @rule(
        which=_one,
        act=st.sampled_from(
            ("1", "1", "2", "9", "hang up", "silence", "machine", "no-answer", "busy", "failed")
        ),
    )
    def a_phone_rings(self, which: int, act: str) -> None:
        rings = self._ringing()
        phone = rings[which % len(rings)]
        if act in ("no-answer", "busy", "failed"):
            phone.hang_up(act, 0)
            self.room.tick()
            return
        answered_by = "machine_end_beep" if act == "machine" else "human"
        report = CallReport(phone.sid, "in-progress", phone.reference, answered_by)
        phone.follow(answer_call(self.room.deps, report))
        if act == "silence" and not phone.is_over:
            phone.stay_silent()
        elif act in ("1", "2", "9") and not phone.is_over:
            phone.press(act)
        if not phone.is_over:
            phone.hang_up()
        self.room.tick()

    @precondition(lambda self: self._live() and len(self._staff()) > 1)
    @rule(member=_members)
    def a_member_leaves(self, member: int) -> None:
        """Remove somebody; rather one who has something, since that is when it hurts."""
        staff = [somebody.id for somebody in self._staff()]
        having = [one.acknowledged_by for one in self._live() if one.acknowledged_by is not None]
        remove_member(self.room.deps, (having or staff)[member % len(having or staff)], actor="machine")
        self.room.tick()

    @precondition(lambda self: self.joined < 2 and len(self._staff()) < 3)
    @rule(tier=st.sampled_from(("nurse", "backup", None)))
    def a_member_joins(self, tier: str | None) -> None:
        self.joined += 1
        a_nurse(
            self.room.deps,
            name=f"New {self.joined}",
            phone=f"+120255501{self.joined + 40}",
            login=f"new{self.joined}",
            tier=tier,
        )

    @precondition(lambda self: self._live())
    @rule(member=_members, tier=st.sampled_from(("nurse", "doctor")), hours=st.integers(1, 9))
    def the_roster_changes(self, member: int, tier: str, hours: int) -> None:
        staff, now = self._staff(), self.room.clock()
        who = staff[member % len(staff)].id
        put_on_call(self.room.deps, tier, who, now, now + timedelta(hours=hours), alone=True, actor="machine")

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

    @rule(minutes=st.sampled_from((1, 6, 40)), done=st.integers(0, len(WORK)))
    def the_clock_dies_in_the_midst_of_its_work_and_comes_back(self, minutes: int, done: int) -> None:
        self.room.clock.move(minutes=minutes)
        for work in WORK[:done]:
            work(self.room.deps)
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
        assert len({(one.patient_id, one.sender_hash) for one in live}) == len(live), (
            "who left writes as a stranger"
        )
        for one in live:
            assert (one.acknowledged_by is not None) == (one.state == EscalationState.ACKNOWLEDGED)
            assert one.acknowledged_by is None or one.acknowledged_by in {
                member.id for member in self._staff()
            }
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
    max_examples=15,
    stateful_step_count=20,
    # Shrinking a failure would take minutes; the steps that led to it are short as they are.
    phases=(Phase.generate,),
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
