"""When a callback is due: after a business day by the clinic's office hours; untouched until then, it rises to urgent."""

from __future__ import annotations

from datetime import datetime

from service.core.escalation.business_hours import a_business_day_after
from service.store.database import Session
from service.store.office_hours import business_hours


def callback_due(session: Session, now: datetime) -> datetime:
    """Return when a callback that is opened at `now` has waited a business day; UTC rules before there is a clinic."""
    return a_business_day_after(business_hours(session), now)
