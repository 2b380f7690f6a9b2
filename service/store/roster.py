"""The roster's rows: weekly shifts by the clinic's wall clock, and dated duties over them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, bindparam, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.core.escalation.roster import Duty, Roster, Shift
from service.store.base import Base, RowId
from service.store.clinics import the_clinic
from service.store.staff import Staff, all_staff

# What was once the roster is read for as long as anybody may ask who was on call.
_KEPT = timedelta(days=2)


class RosterShift(Base):
    """A weekly shift; weekday 0 is Monday, and one that ends no later than it starts goes past midnight."""

    __tablename__ = "roster_shifts"

    id: Mapped[RowId]
    tier: Mapped[str]
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id"))
    weekday: Mapped[int]
    starts: Mapped[time]
    ends: Mapped[time]


class RosterDuty(Base):
    """A dated duty, in the place of somebody or beside them; without a `staff_id` it is an absence."""

    __tablename__ = "roster_duties"

    id: Mapped[RowId]
    tier: Mapped[str]
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    instead_of: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    imported: Mapped[bool]


# Built once, and of columns alone: each reply is read with who is on call.
_MEMBERS: Final = select(Staff.id, Staff.tier).where(Staff.active).order_by(Staff.tier.nulls_last(), Staff.id)
_IMPORTED: Final = select(RosterDuty.tier).where(RosterDuty.imported).distinct()
_SHIFTS: Final = select(
    RosterShift.tier, RosterShift.staff_id, RosterShift.weekday, RosterShift.starts, RosterShift.ends
).order_by(RosterShift.id)
# A cover goes over what was imported, also when that is imported anew after it.
_DUTIES: Final = (
    select(
        RosterDuty.tier,
        RosterDuty.staff_id,
        RosterDuty.starts_at,
        RosterDuty.ends_at,
        RosterDuty.instead_of,
        RosterDuty.imported,
    )
    .where(RosterDuty.ends_at > bindparam("since"))
    .order_by(RosterDuty.imported.desc(), RosterDuty.id)
)


def load_roster(session: Session, since: datetime) -> Roster:
    """Return the roster from the instant on; who is staff no longer is on no shift."""
    tiers = {member_id: tier for member_id, tier in session.execute(_MEMBERS)}
    past = tuple(Duty(tier, None, since, since, imported=True) for tier in session.scalars(_IMPORTED))
    return Roster(
        ZoneInfo(the_clinic(session).zone),
        shifts=tuple(
            Shift(row.tier, row.staff_id, row.weekday, row.starts, row.ends)
            for row in session.execute(_SHIFTS)
            if row.staff_id in tiers
        ),
        duties=past
        + tuple(
            Duty(row.tier, row.staff_id, row.starts_at, row.ends_at, row.instead_of, row.imported)
            for row in session.execute(_DUTIES, {"since": since - _KEPT})
            if row.staff_id is None or row.staff_id in tiers
        ),
        always=tuple((tier, member_id) for member_id, tier in tiers.items() if tier is not None),
    )


def shifts(session: Session) -> Sequence[RosterShift]:
    """Return the weekly shifts of who is staff, Monday's first."""
    members = {member.id for member in all_staff(session)}
    found = session.scalars(
        select(RosterShift).order_by(RosterShift.weekday, RosterShift.starts, RosterShift.id)
    )
    return [row for row in found if row.staff_id in members]


def duties(session: Session, since: datetime) -> Sequence[RosterDuty]:
    """Return the dated duties that end after the instant, earliest first."""
    found = select(RosterDuty).where(RosterDuty.ends_at > since)
    return session.scalars(found.order_by(RosterDuty.starts_at, RosterDuty.id)).all()


def drop_shift(session: Session, shift_id: int) -> bool:
    """Take a weekly shift off; return whether there was one."""
    gone = session.execute(delete(RosterShift).where(RosterShift.id == shift_id))
    return bool(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE's result has it


def drop_duty(session: Session, duty_id: int) -> bool:
    """Take a dated duty off; return whether there was one."""
    gone = session.execute(delete(RosterDuty).where(RosterDuty.id == duty_id))
    return bool(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE's result has it


def drop_imported(session: Session) -> int:
    """Take every imported duty off; return how many."""
    gone = session.execute(delete(RosterDuty).where(RosterDuty.imported))
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE's result has it


def add_shift(session: Session, shift: Shift) -> None:
    """Add a weekly shift."""
    session.add(
        RosterShift(
            tier=shift.tier,
            staff_id=shift.staff_id,
            weekday=shift.weekday,
            starts=shift.starts,
            ends=shift.ends,
        )
    )


def add_duties(session: Session, duties: Iterable[Duty]) -> int:
    """Add dated duties, each over those before; return how many."""
    rows = [
        RosterDuty(
            tier=duty.tier,
            staff_id=duty.staff_id,
            starts_at=duty.starts_at,
            ends_at=duty.ends_at,
            instead_of=duty.instead_of,
            imported=duty.imported,
        )
        for duty in duties
    ]
    session.add_all(rows)
    return len(rows)
