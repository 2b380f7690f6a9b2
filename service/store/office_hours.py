"""When the clinic's office is open: hours by weekday on its wall clock, and the holidays on which it is shut."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, time
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.core.escalation.business_hours import BusinessHours, office_hours
from service.store.base import Base, RowId
from service.store.clinics import find_clinic

_KNOWN: Final = "business hours"


class ClinicHours(Base):
    """The office is open on this weekday (0 is Monday) from `opens` to `closes`, local times."""

    __tablename__ = "clinic_hours"

    id: Mapped[RowId]
    weekday: Mapped[int]
    opens: Mapped[time]
    closes: Mapped[time]


class ClinicHoliday(Base):
    """A day on which the office is shut."""

    __tablename__ = "clinic_holidays"

    day: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]


def business_hours(session: Session) -> BusinessHours:
    """Return when the office is open: Monday to Friday, nine to five, until the clinic says otherwise.

    Before there is a clinic, its zone is UTC. A transaction asks the database once.
    """
    known: BusinessHours | None = session.info.get(_KNOWN)
    if known is None:
        known = session.info[_KNOWN] = _business_hours(session)
    return known


def _business_hours(session: Session) -> BusinessHours:
    clinic = find_clinic(session)
    zone = ZoneInfo(clinic.zone if clinic else "UTC")
    rows = session.scalars(select(ClinicHours).order_by(ClinicHours.weekday, ClinicHours.opens)).all()
    hours = tuple((row.weekday, row.opens, row.closes) for row in rows)
    shut = frozenset(holiday.day for holiday in holidays(session))
    return BusinessHours(zone, hours or office_hours(zone).hours, shut)


def replace_hours(session: Session, hours: Iterable[tuple[int, time, time]]) -> None:
    """Let these be the opening hours, in the place of all that were."""
    session.execute(delete(ClinicHours))
    session.add_all(
        ClinicHours(weekday=weekday, opens=opens, closes=closes) for weekday, opens, closes in hours
    )


def holidays(session: Session) -> Sequence[ClinicHoliday]:
    """Return every holiday, earliest first."""
    return session.scalars(select(ClinicHoliday).order_by(ClinicHoliday.day)).all()


def keep_holiday(session: Session, day: date, name: str) -> None:
    """Add a holiday, or rename the one of that day."""
    session.merge(ClinicHoliday(day=day, name=name))


def drop_holiday(session: Session, day: date) -> bool:
    """Take a holiday off; return whether there was one."""
    gone = session.execute(delete(ClinicHoliday).where(ClinicHoliday.day == day))
    return bool(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE's result has it
