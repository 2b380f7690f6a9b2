"""Claiming a row: locked and skipped by others on PostgreSQL, the single writer's turn on SQLite."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute, Session

from service.store.patients import Patient

Row = TypeVar("Row")


def claim_first(session: Session, wanted: Select[Row]) -> Row | None:
    """Return the first wanted row that no other process holds, held until this transaction ends, or None."""
    return session.scalar(wanted.limit(1).with_for_update(skip_locked=True))


def claim_first_of_patient(
    session: Session,
    wanted: Select[Row],
    row_id: InstrumentedAttribute[int],
    patient_id: InstrumentedAttribute[int] | InstrumentedAttribute[int | None],
) -> Row | None:
    """Return the first wanted row, its patient held before it, or None; patients whom others hold are passed over.

    Who reads a reply holds the patient and then what is the patient's. Whoever took a row before its patient could
    wait for a reading that waits for this row, and PostgreSQL would end one of the two.
    """
    first = wanted.with_only_columns(row_id).join(Patient, Patient.id == patient_id).limit(1)
    while True:
        found = session.scalar(first.with_for_update(of=Patient, skip_locked=True, key_share=True))
        if found is None:
            return None
        still = wanted.where(row_id == found).with_for_update(key_share=True)
        row = session.scalar(still.execution_options(populate_existing=True))
        if row is not None:
            return row
