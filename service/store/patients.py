"""Patients: who they are, how they may be reached, and whether they may."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from service.core.recorded import NOTHING_RECORDED, Recorded
from service.core.words import Channel, Language
from service.store.base import Base, RowId, SealedJson, SealedText
from service.store.database import lookup

# What `planned_with` says until the clock has planned the patient's check-ins.
NOT_PLANNED: Final = ""


def may_be_contacted(
    consented_at: datetime | None, opted_out_at: datetime | None, wrong_number_at: datetime | None
) -> bool:
    """Return whether messages that a patient did not just ask for may go out (law 5)."""
    return consented_at is not None and opted_out_at is None and wrong_number_at is None


class Patient(Base):
    """A patient; name and number are sealed, and the number is found by its keyed hash.

    `planned_with` names the protocols and quiet hours that the check-ins were last planned with; empty, with none.
    """

    __tablename__ = "patients"

    id: Mapped[RowId]
    name: Mapped[str] = mapped_column(SealedText)
    phone: Mapped[str] = mapped_column(SealedText)
    phone_hash: Mapped[str] = mapped_column(index=True)
    language: Mapped[str]
    zone: Mapped[str]
    channel: Mapped[str]
    enrolled_at: Mapped[datetime]
    consented_at: Mapped[datetime | None]
    opted_out_at: Mapped[datetime | None]
    wrong_number_at: Mapped[datetime | None]
    recorded: Mapped[Any | None] = mapped_column(SealedJson)
    planned_with: Mapped[str] = mapped_column(default=NOT_PLANNED, server_default="", index=True)

    @property
    def may_be_contacted(self) -> bool:
        """Return whether messages that the patient did not just ask for may go out (law 5)."""
        return may_be_contacted(self.consented_at, self.opted_out_at, self.wrong_number_at)

    def health(self) -> Recorded:
        """Return what the clinic has recorded of the patient's health."""
        row = self.recorded
        if row is None:
            return NOTHING_RECORDED
        return Recorded(
            born=date.fromisoformat(row["born"]) if row["born"] else None,
            pregnant=row["pregnant"],
            epilepsy=row["epilepsy"],
            migraine=row["migraine"],
            medicines=_set_of(row["medicines"]),
            conditions=_set_of(row["conditions"]),
        )

    def keep_health(self, recorded: Recorded) -> None:
        """Keep what the clinic has recorded, in place of what it had before."""
        self.recorded = {
            "born": recorded.born.isoformat() if recorded.born else None,
            "pregnant": recorded.pregnant,
            "epilepsy": recorded.epilepsy,
            "migraine": recorded.migraine,
            "medicines": _list_of(recorded.medicines),
            "conditions": _list_of(recorded.conditions),
        }


def _set_of(names: list[str] | None) -> frozenset[str] | None:
    return None if names is None else frozenset(names)


def _list_of(names: frozenset[str] | None) -> list[str] | None:
    return None if names is None else sorted(names)


def add_patient(
    session: Session,
    *,
    name: str,
    phone: str,
    language: Language,
    zone: str,
    channel: Channel,
    now: datetime,
    consented_at: datetime | None,
) -> Patient:
    """Add a patient; the number is in E.164."""
    patient = Patient(
        name=name,
        phone=phone,
        phone_hash=lookup(session, phone),
        language=language,
        zone=zone,
        channel=channel,
        enrolled_at=now,
        consented_at=consented_at,
    )
    session.add(patient)
    session.flush()
    return patient


def patients_on(session: Session, phone: str) -> Sequence[Patient]:
    """Return every patient who is reached on this number, newest enrolment first; families share phones."""
    found = select(Patient).where(Patient.phone_hash == lookup(session, phone)).order_by(Patient.id.desc())
    return session.scalars(found).all()


def hold(session: Session, patient_id: int) -> Patient:
    """Return the patient, held for this transaction, so that two processes act for one patient in turn."""
    return session.get_one(Patient, patient_id, with_for_update={"key_share": True})


def claim_planned_otherwise(session: Session, version: str) -> Patient | None:
    """Claim a patient whose check-ins were planned with other protocols or quiet hours than these, or None."""
    # Below or above, and not unlike: so the index finds that there is none without a look at every patient.
    otherwise = or_(Patient.planned_with < version, Patient.planned_with > version)
    found = select(Patient).where(otherwise).order_by(Patient.planned_with).limit(1)
    return session.scalar(found.with_for_update(skip_locked=True, key_share=True))


def ids_of_all(session: Session) -> Sequence[int]:
    """Return the id of every patient, oldest first."""
    return session.scalars(select(Patient.id).order_by(Patient.id)).all()


def all_patients(session: Session, *, limit: int = 500) -> Sequence[Patient]:
    """Return the patients, newest first."""
    return session.scalars(select(Patient).order_by(Patient.id.desc()).limit(limit)).all()
