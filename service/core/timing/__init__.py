"""When things are due: nights, daylight saving, overlaps and replanning, as arithmetic on instants."""

from service.core.protocol import DEFAULT_QUIET_HOURS, QuietHours
from service.core.timing.changes import Cancelled, Changes, changes
from service.core.timing.differences import Difference, differences
from service.core.timing.facts import FollowUp, InfusionFact, LeftOut, Plan, PlannedCheckIn, PlannedOrSent
from service.core.timing.leaving import Leaving, leaving
from service.core.timing.planning import make_plan, plan, plan_together
from service.core.timing.swallowed import Swallowed, swallowed
from service.core.timing.waiting import Waits, waits

__all__ = [
    "DEFAULT_QUIET_HOURS",
    "Cancelled",
    "Changes",
    "Difference",
    "FollowUp",
    "InfusionFact",
    "Leaving",
    "LeftOut",
    "Plan",
    "PlannedCheckIn",
    "PlannedOrSent",
    "QuietHours",
    "Swallowed",
    "Waits",
    "changes",
    "differences",
    "leaving",
    "make_plan",
    "plan",
    "plan_together",
    "swallowed",
    "waits",
]
