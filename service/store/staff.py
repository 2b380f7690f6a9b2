"""Clinic staff: how each is paged, on which tier, and how each signs in."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.store.base import Base, RowId, SealedText
from service.store.database import lookup


class Role(StrEnum):
    """What a member of staff is to the clinic; admins also set it up."""

    NURSE = "nurse"
    PHYSICIAN = "physician"
    ADMIN = "admin"


class Staff(Base):
    """A member of staff. `tier` names the rung of the ladders on which they are paged; None is never paged."""

    __tablename__ = "staff"

    id: Mapped[RowId]
    name: Mapped[str] = mapped_column(SealedText)
    phone: Mapped[str] = mapped_column(SealedText)
    phone_hash: Mapped[str] = mapped_column(index=True)
    login: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    role: Mapped[str]
    tier: Mapped[str | None]
    active: Mapped[bool]
    sms_refused_at: Mapped[datetime | None]


def add_staff(
    session: Session, *, name: str, phone: str, login: str, password_hash: str, role: Role, tier: str | None
) -> Staff:
    """Add a member of staff; the number is in E.164."""
    member = Staff(
        name=name,
        phone=phone,
        phone_hash=lookup(session, phone),
        login=login,
        password_hash=password_hash,
        role=role,
        tier=tier,
        active=True,
    )
    session.add(member)
    session.flush()
    return member


def staff_on(session: Session, phone: str) -> Staff | None:
    """Return the active member of staff with this number, or None."""
    return session.scalar(
        select(Staff).where(Staff.phone_hash == lookup(session, phone), Staff.active).limit(1)
    )


def staff_by_login(session: Session, login: str) -> Staff | None:
    """Return the active member of staff who signs in with this name, or None."""
    return session.scalar(select(Staff).where(Staff.login == login.strip().lower(), Staff.active))


def all_staff(session: Session) -> Sequence[Staff]:
    """Return the active staff by tier, those never paged last."""
    return session.scalars(
        select(Staff).where(Staff.active).order_by(Staff.tier.nulls_last(), Staff.id)
    ).all()
