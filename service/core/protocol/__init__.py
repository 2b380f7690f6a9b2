"""The clinic's plan as values: steps, quiet hours, ladders; read from `schedules/*.yaml` by the library."""

from service.core.protocol.ladder import Ladder, Tier
from service.core.protocol.model import Anchor, Protocol, Silence, Span, Step
from service.core.protocol.quiet import DEFAULT_QUIET_HOURS, QuietHours

__all__ = [
    "DEFAULT_QUIET_HOURS",
    "Anchor",
    "Ladder",
    "Protocol",
    "QuietHours",
    "Silence",
    "Span",
    "Step",
    "Tier",
]
