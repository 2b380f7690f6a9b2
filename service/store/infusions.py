"""Infusions: the end of each is hour zero of its check-ins."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Float, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.base import Base, RowId


class Infusion(Base):
    """One infusion of one patient, followed up by one protocol; `began_at` and `dose_mg` where they were noted.

    One that is yet to come stands here with the end that is expected.
    """

    __tablename__ = "infusions"

    id: Mapped[RowId]
    patient_id: Mapped[int] = mapped_column(ForeignKey("patients.id"), index=True)
    protocol: Mapped[str]
    began_at: Mapped[datetime | None]
    ended_at: Mapped[datetime]
    dose_mg: Mapped[float | None] = mapped_column(Float)
    registered_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


def infusions_of(session: Session, patient_id: int) -> Sequence[Infusion]:
    """Return the patient's infusions that took place, oldest first."""
    found = select(Infusion).where(Infusion.patient_id == patient_id, Infusion.cancelled_at.is_(None))
    return session.scalars(found.order_by(Infusion.ended_at, Infusion.id)).all()


def hold(session: Session, infusion_id: int) -> Infusion:
    """Return the infusion as it stands now, held for this transaction."""
    return session.get_one(Infusion, infusion_id, with_for_update=True, populate_existing=True)


def latest_infusion(session: Session, patient_id: int, *, before: datetime) -> Infusion | None:
    """Return the last infusion that ended by the instant, or None."""
    found = select(Infusion).where(
        Infusion.patient_id == patient_id, Infusion.cancelled_at.is_(None), Infusion.ended_at <= before
    )
    return session.scalar(found.order_by(Infusion.ended_at.desc()).limit(1))
