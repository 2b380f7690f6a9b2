"""Claiming a row: locked and skipped by others on PostgreSQL, the single writer's turn on SQLite."""

from __future__ import annotations

from typing import TypeVar

from sqlalchemy import Select
from sqlalchemy.orm import Session

from service.store.base import Base

Row = TypeVar("Row")


def claim_first(session: Session, wanted: Select[Row], *, of: type[Base] | None = None) -> Row | None:
    """Return the first wanted row that no other process holds, held until this transaction ends, or None.

    Where tables are joined, `of` is the one whose row is held.
    """
    return session.scalar(wanted.limit(1).with_for_update(skip_locked=True, of=of))
