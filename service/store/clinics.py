"""The clinic that this deployment serves: one row."""

from __future__ import annotations

from datetime import time
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.base import Base, RowId

_KNOWN: Final = "clinic"


class Clinic(Base):
    """The clinic's name as patients read it, its zone (IANA), its number for callers, and its quiet hours (local).

    `fallback_role` is paged when nobody is on call.
    """

    __tablename__ = "clinics"

    id: Mapped[RowId]
    name: Mapped[str]
    phone: Mapped[str]
    zone: Mapped[str]
    quiet_from: Mapped[time]
    quiet_until: Mapped[time]
    fallback_role: Mapped[str] = mapped_column(default="admin", server_default="admin")


class NoClinic(Exception):
    """No clinic is set up in this database yet; run `dripline clinic set` first (the demo does it by itself)."""


def find_clinic(session: Session) -> Clinic | None:
    """Return the clinic, or None before it is set up; a transaction asks the database once."""
    known: Clinic | None = session.info.get(_KNOWN)
    if known is None:
        known = session.info[_KNOWN] = session.scalar(select(Clinic).order_by(Clinic.id).limit(1))
    return known


def the_clinic(session: Session) -> Clinic:
    """Return the clinic.

    Raises:
        NoClinic: before it is set up.
    """
    clinic = find_clinic(session)
    if clinic is None:
        raise NoClinic(NoClinic.__doc__)
    return clinic
