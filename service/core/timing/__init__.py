"""When things are due: nights, daylight saving, overlaps and replanning, as arithmetic on instants."""

from service.core.protocol import DEFAULT_QUIET_HOURS, QuietHours
from service.core.timing.facts import InfusionFact, LeftOut, Plan, PlannedCheckIn, PlannedOrSent
from service.core.timing.planning import make_plan, plan

__all__ = [
    "DEFAULT_QUIET_HOURS",
    "InfusionFact",
    "LeftOut",
    "Plan",
    "PlannedCheckIn",
    "PlannedOrSent",
    "QuietHours",
    "make_plan",
    "plan",
]
