"""When a callback is due."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.store.database import Session

_CALLBACK_WITHIN = timedelta(hours=24)


def callback_due(_: Session, now: datetime) -> datetime:
    """Return when a callback that is opened at `now` has waited too long."""
    return now + _CALLBACK_WITHIN
