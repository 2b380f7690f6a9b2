"""A patient's life with the plan: infusions come, move and go, they travel, the service is down, time passes."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from timing_builders import FOUR_STEPS, a_monthly_step, a_protocol

from service.core.protocol import DEFAULT_QUIET_HOURS, Span
from service.core.timing import (
    FollowUp,
    InfusionFact,
    Leaving,
    PlannedCheckIn,
    PlannedOrSent,
    changes,
    leaving,
    plan_together,
)

COURSE = a_protocol(*FOUR_STEPS, key="course")
WATCH = a_protocol(
    a_monthly_step("urinary", 1),
    a_monthly_step("memory", 2, after=timedelta(days=7), asks=("memory",)),
    span=Span(infusions=2, dose_mg=None, ends_after=timedelta(days=60)),
    key="watch",
)
ZONES = [ZoneInfo(name) for name in ("America/Chicago", "Europe/Madrid", "Pacific/Apia", "Asia/Kathmandu")]
STARTS = ["2026-03-05", "2026-10-28", "2028-02-26", "2026-07-01"]
HOURS = st.integers(1, 80).map(lambda hours: timedelta(hours=hours))


class Life(RuleBasedStateMachine):
    """What the store and the clock do with a plan, in memory."""

    @initialize(day=st.sampled_from(STARTS), zone=st.sampled_from(ZONES))
    def begin(self, day: str, zone: ZoneInfo) -> None:
        self.now = datetime.fromisoformat(day).replace(tzinfo=UTC)
        self.zone = zone
        self.infusions: dict[str, datetime] = {}
        self.numbered = 0
        self.waiting: dict[str, PlannedCheckIn] = {}
        self.texts: list[tuple[datetime, ZoneInfo, PlannedCheckIn]] = []

    @rule(sooner=HOURS)
    def an_infusion_is_registered_late_or_on_time(self, sooner: timedelta) -> None:
        self.numbered += 1
        self.infusions[f"infusion-{self.numbered}"] = self.now - sooner + timedelta(hours=1)
        self._replan()

    @rule(later=HOURS)
    def an_infusion_is_planned_ahead(self, later: timedelta) -> None:
        self.numbered += 1
        self.infusions[f"infusion-{self.numbered}"] = self.now + later
        self._replan()

    @rule(by=HOURS, which=st.integers(0, 9))
    def an_infusion_is_moved(self, by: timedelta, which: int) -> None:
        for key in sorted(self.infusions)[which : which + 1]:
            self.infusions[key] += by
            self._replan()

    @rule(which=st.integers(0, 9))
    def an_infusion_is_cancelled(self, which: int) -> None:
        for key in sorted(self.infusions)[which : which + 1]:
            del self.infusions[key]
            self._replan()

    @rule(zone=st.sampled_from(ZONES))
    def the_patient_travels(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._replan()

    @rule(hours=st.integers(1, 60))
    def time_passes(self, hours: int) -> None:
        for _ in range(hours):
            self.now += timedelta(hours=1)
            self._tick()

    @rule(outage=HOURS)
    def the_service_is_down(self, outage: timedelta) -> None:
        self.now += outage
        self._replan()
        self._tick()

    def _replan(self) -> None:
        facts = tuple(InfusionFact(key, ends_at) for key, ends_at in self.infusions.items())
        fresh = plan_together(
            (FollowUp(COURSE, facts), FollowUp(WATCH, facts)),
            self.zone,
            DEFAULT_QUIET_HOURS,
            tuple(_record(at, check_in) for at, _, check_in in self.texts),
            self.now,
        )
        change = changes(tuple(self.waiting.values()), fresh)
        for cancelled in change.cancelled:
            del self.waiting[cancelled.occurrence]
        self.waiting |= {one.occurrence: one for one in (*change.added, *change.moved)}
        assert [one.occurrence for one in fresh.check_ins] == [one.occurrence for one in self._in_order()]

    def _in_order(self) -> list[PlannedCheckIn]:
        return sorted(self.waiting.values(), key=lambda one: (one.due_at, one.occurrence))

    def _tick(self) -> None:
        # What could not leave on time may by now stand beside another that asks the same.
        if any(one.due_at < self.now for one in self.waiting.values()):
            self._replan()
        for one in self._in_order():
            may = leaving(one.due_at, one.window_ends_at, self.zone, DEFAULT_QUIET_HOURS, self.now)
            if may is Leaving.NOW:
                self.texts.append((self.now, self.zone, one))
            if may is not Leaving.LATER:
                del self.waiting[one.occurrence]

    @invariant()
    def no_text_was_sent_at_night_or_out_of_its_window(self) -> None:
        for at, zone, one in getattr(self, "texts", []):
            assert not DEFAULT_QUIET_HOURS.is_quiet(at, zone)
            assert one.due_at <= at < one.window_ends_at

    @invariant()
    def no_occurrence_was_sent_twice(self) -> None:
        names = [name for _, _, one in getattr(self, "texts", []) for name in (one.occurrence, *one.merged)]
        assert len(names) == len(set(names))

    @invariant()
    def two_texts_of_one_moment_never_ask_the_same(self) -> None:
        asked = [
            (at, symptom)
            for at, _, one in getattr(self, "texts", [])
            for symptom in (COURSE if one.protocol_key == "course" else WATCH).step(one.step_key).asks
        ]
        assert len(asked) == len(set(asked))


def _record(at: datetime, one: PlannedCheckIn) -> PlannedOrSent:
    return PlannedOrSent(one.step_key, one.occurrence, one.due_at, at, one.merged, one.protocol_key)


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
