"""The audit trail: who did or saw which thing when; rows are only ever added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Index, select
from sqlalchemy.orm import Mapped, Session

from service.store.base import Base, RowId


class AuditEntry(Base):
    """One act: `actor` is "staff:3" or "system", `subject` is "patient:7"; no names, no words."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_subject", "subject", "at"),)

    id: Mapped[RowId]
    at: Mapped[datetime]
    actor: Mapped[str]
    action: Mapped[str]
    subject: Mapped[str]


def record(session: Session, *, actor: str, action: str, subject: str, now: datetime) -> None:
    """Add an act to the trail."""
    session.add(AuditEntry(at=now, actor=actor, action=action, subject=subject))


def latest_entries(session: Session, *, limit: int = 100) -> Sequence[AuditEntry]:
    """Return the newest acts, newest first."""
    return session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(limit)).all()
