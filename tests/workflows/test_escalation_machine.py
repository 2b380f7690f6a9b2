"""Random replies, answers, failures, restarts and skips of time find no escalation that nobody is told of."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import time, timedelta
from pathlib import Path

from builders import ANA, STRANGER, a_nurse
from escalation_room import SEVERE, STAFF
from escalation_world import BO, Killed, World
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from phone import calls_in

from service.carrier.gateway import Refused, Unknown
from service.carrier.inbound import CallReport
from service.carrier.outcome import Refusal
from service.core.escalation.roster import Shift
from service.core.words import Disposition
from service.store import escalations, outbox, pages
from service.store.database import open_store
from service.store.escalations import Escalation, EscalationState
from service.store.keyring import Keyring
from service.store.migrating import migrate
from service.workflows.acknowledge import OUTCOMES, close_on_page, take_on_page
from service.workflows.calls.turns import answer_call
from service.workflows.climb_escalations import climb_next
from service.workflows.deliver_outbox import deliver_next
from service.workflows.deps import Deps
from service.workflows.hand_over import hand_over, release
from service.workflows.read_inbox import read_next
from service.workflows.remind_owner import remind_next
from service.workflows.remove_member import remove_member
from service.workflows.roster import UnableToRoster, add_weekly_shifts, put_on_call

_KEY = "3q2-7wAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
_FOLDER = Path(tempfile.mkdtemp(prefix="dripline-machine-"))
_TEMPLATE = _FOLDER / "template.db"
_OUTCOMES = (
    Refused(21614, Refusal.PERMANENT, "It takes no texts."),
    Refused(21610, Refusal.OPTED_OUT, "It has opted out."),
    Refused(429, Refusal.PASSING, "Too many requests."),
    Unknown("The connection broke."),
)
# The longest wait of a tier, and a business day over the longest weekend.
_LONGEST_STEP = timedelta(minutes=5)
_LONGEST_PATIENCE = timedelta(days=5)
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
        url = self.new_database()
        self.room = World(
            lambda: open_store(url, Keyring(_KEY, "the machine's own look-up key, kept nowhere"))
        )
        self.joined = self.called = 0

    def new_database(self) -> str:
        """Return the URL of an empty, migrated database."""
        return f"sqlite:///{shutil.copy(_TEMPLATE, _FOLDER / 'run.db')}"

    @initialize(level=st.sampled_from((Disposition.URGENT, Disposition.URGENT, Disposition.EMERGENCY)))
    def something_is_open(self, level: Disposition) -> None:
        self.room.escalate(level)

    @rule(
        level=st.sampled_from((Disposition.CALLBACK, Disposition.URGENT, Disposition.EMERGENCY)), which=_one
    )
    def a_patient_needs_somebody(self, level: Disposition, which: int) -> None:
        self.room.escalate(level, patient_id=self.room.patients[which % 2])

    @rule(
        words=st.sampled_from((SEVERE, "I can't breathe", "my head hurts, a 3", "NONE", "STOP", "START")),
        phone=st.sampled_from((ANA, BO, STRANGER)),
    )
    def somebody_writes(self, words: str, phone: str) -> None:
        self.room.hears(words, sender=phone)

    @precondition(lambda self: self.room.live())
    @rule(
        which=_one,
        member=_members,
        words=st.sampled_from(
            ("{}", "{}", "ok", "no", "pass {}", "release {}", "give {} to Noor", "2", "K7Q2", "STOP", "START")
        ),
    )
    def staff_write(self, which: int, member: int, words: str) -> None:
        live = self.room.live()
        code = live[which % len(live)].code
        self.room.hears(words.format(code.lower()), sender=STAFF[member - 1])

    @precondition(lambda self: self.room.live())
    @rule(which=_one, member=_members, act=st.sampled_from(("take", "take", "close", "release", "give")))
    def staff_click(self, which: int, member: int, act: str) -> None:
        live, deps = self.room.live(), self.room.deps
        one, ids = live[which % len(live)], [somebody.id for somebody in self.room.staff()]
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

    @precondition(lambda self: self.room.ringing())
    @rule(
        which=_one,
        act=st.sampled_from(
            ("1", "1", "2", "9", "hang up", "silence", "machine", "no-answer", "busy", "failed")
        ),
    )
    def a_phone_rings(self, which: int, act: str) -> None:
        rings = self.room.ringing()
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

    @rule(member=_members, key=st.sampled_from(("1", "1", "2", "9", "")))
    def staff_call_the_clinic(self, member: int, key: str) -> None:
        """Whoever calls hears of the one page that is open, and takes it by a key."""
        self.called += 1
        phone = calls_in(self.room, STAFF[member - 1], f"CA{'8' * 24}{self.called:08d}")
        if not phone.is_over:
            phone.press(key) if key else phone.hang_up()
        if not phone.is_over:
            phone.hang_up()
        self.room.tick()

    @precondition(lambda self: self.room.live() and len(self.room.staff()) > 1)
    @rule(member=_members)
    def a_member_leaves(self, member: int) -> None:
        """Remove somebody; rather one who has something, since that is when it hurts."""
        staff = [somebody.id for somebody in self.room.staff()]
        having = [one.acknowledged_by for one in self.room.live() if one.acknowledged_by is not None]
        remove_member(self.room.deps, (having or staff)[member % len(having or staff)], actor="machine")
        self.room.tick()

    @precondition(lambda self: self.joined < 2 and len(self.room.staff()) < 3)
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

    @precondition(lambda self: self.room.live())
    @rule(member=_members, tier=st.sampled_from(("nurse", "doctor")), hours=st.integers(1, 9))
    def the_roster_changes(self, member: int, tier: str, hours: int) -> None:
        staff, now = self.room.staff(), self.room.clock()
        who = staff[member % len(staff)].id
        put_on_call(self.room.deps, tier, who, now, now + timedelta(hours=hours), alone=True, actor="machine")

    @precondition(lambda self: self.room.staff())
    @rule(member=_members, tier=st.sampled_from(("nurse", "backup", "doctor")), weekday=st.integers(0, 6))
    def a_tier_is_left_without_anybody_for_most_of_the_week(
        self, member: int, tier: str, weekday: int
    ) -> None:
        staff = self.room.staff()
        shift = Shift(tier, staff[member % len(staff)].id, weekday, time(9), time(10 + member))
        with suppress(UnableToRoster):  # it stands there already
            add_weekly_shifts(self.room.deps, (shift,), actor="machine")

    @rule(outcomes=st.lists(st.sampled_from(_OUTCOMES), min_size=1, max_size=4))
    def twilio_will_fail(self, outcomes: list[Refused | Unknown]) -> None:
        self.room.carrier.outcomes.extend(outcomes)

    @precondition(lambda self: self.room.live())
    @rule(which=_one)
    def a_page_is_lost(self, which: int) -> None:
        live = self.room.live()
        sent = [page for page in self.room.promised(live[which % len(live)].id) if page.sid is not None]
        if sent:
            self.room.loses(sent[-1])

    @rule(minutes=st.sampled_from((1, 3, 6, 20, 70, 60 * 26, 60 * 24 * 5)))
    def time_passes(self, minutes: int) -> None:
        self.room.move(minutes=minutes)

    @rule(minutes=st.sampled_from((1, 6, 40)), done=st.integers(0, len(WORK)))
    def the_clock_dies_between_two_of_its_works_and_comes_back(self, minutes: int, done: int) -> None:
        self.room.clock.move(minutes=minutes)
        for work in WORK[:done]:
            self._at_risk(work)
        self.room.restart()

    def _at_risk(self, work: Callable[[Deps], bool]) -> None:
        with suppress(Killed):
            work(self.room.deps)

    @rule(deaths=st.lists(st.sampled_from(("before", "after")), min_size=1, max_size=2))
    def the_clock_will_die_in_the_midst_of_a_send(self, deaths: list[str]) -> None:
        self.room.mortal.deaths.extend(deaths)

    @invariant()
    def whatever_is_open_is_being_told_to_somebody_and_has_a_next_step(self) -> None:
        now = self.room.clock()
        with self.room.store.reading() as session:
            for one in escalations.live_escalations(session):
                assert one.next_step_at is not None
                assert one.next_step_at > now, "what was due has been done"
                assert one.next_step_at <= now + _LONGEST_PATIENCE
                if one.state == EscalationState.OPEN and Disposition(one.disposition).needs_paging:
                    of_step = [p for p in outbox.pages_of(session, one.id) if pages.is_of_climb(p, one)]
                    assert of_step != [], "a step pages somebody"
                    assert one.next_step_at <= now + _LONGEST_STEP, "and the next one follows within minutes"

    @invariant()
    def a_patient_has_one_live_escalation_and_it_one_owner(self) -> None:
        live, staff = self.room.live(), {member.id for member in self.room.staff()}
        assert len({(one.patient_id, one.sender_hash) for one in live}) == len(live)
        for one in live:
            assert (one.acknowledged_by is not None) == (one.state == EscalationState.ACKNOWLEDGED)
            assert one.acknowledged_by is None or one.acknowledged_by in staff
            assert ("acknowledged", "acknowledged") not in self._owning(one.id), (
                "nobody takes what somebody has"
            )

    def _owning(self, escalation_id: int) -> list[tuple[str, str]]:
        """Return neighbours among the events that change the owner."""
        owning = ("acknowledged", "reopened", "closed")
        kinds = [kind for kind in self.room.kinds(escalation_id) if kind in owning]
        return list(itertools.pairwise(kinds))

    @invariant()
    def no_page_leaves_for_what_somebody_has_or_what_is_over(self) -> None:
        with self.room.store.reading() as session:
            for one in session.query(Escalation):
                if one.state != EscalationState.OPEN:
                    assert [
                        page.key for page in outbox.pages_of(session, one.id) if self.room.is_late(page, one)
                    ] == []

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
