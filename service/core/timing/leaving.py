"""Whether a due check-in may leave at this moment, has to wait for the morning, or is too old to send."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from service.core.protocol import QuietHours


class Leaving(StrEnum):
    """What happens to a planned check-in at a moment."""

    NOW = "now"
    LATER = "later"
    NEVER = "never"


def leaving(
    due_at: datetime, window_ends_at: datetime, zone: ZoneInfo, quiet_hours: QuietHours, now: datetime
) -> Leaving:
    """Judge by window, due time and quiet hours at `now`; a window that closes overnight is `NEVER`."""
    if quiet_hours.next_end(max(now, due_at), zone) >= window_ends_at:
        return Leaving.NEVER
    return Leaving.LATER if now < due_at or quiet_hours.is_quiet(now, zone) else Leaving.NOW
