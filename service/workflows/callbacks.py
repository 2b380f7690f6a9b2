"""When a callback is due: after a business day by the clinic's office hours; untouched until then, it rises to urgent."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from service.core.escalation.business_hours import a_business_day_after, office_hours
from service.store.clinics import find_clinic
from service.store.database import Session


def callback_due(session: Session, now: datetime) -> datetime:
    """Return when a callback that is opened at `now` has waited a business day; UTC rules before there is a clinic."""
    clinic = find_clinic(session)
    return a_business_day_after(office_hours(ZoneInfo(clinic.zone if clinic else "UTC")), now)
