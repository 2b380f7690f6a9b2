"""Rows that are decided one by one and written together: one statement for each table, however many they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from service.store.base import Base
from service.store.database import insert_all_unless_there


class Gathered:
    """Rows that nothing looks for before they are written."""

    def __init__(self) -> None:
        self._rows: dict[tuple[type[Base], tuple[str, ...]], list[Mapping[str, Any]]] = {}

    def add(self, table: type[Base], row: Mapping[str, Any], *unique: str) -> None:
        """Keep a row for its table; one whose unique columns are there already will not be written."""
        self._rows.setdefault((table, unique), []).append(row)

    def write(self, session: Session) -> None:
        """Write what was gathered so far."""
        for (table, unique), rows in self._rows.items():
            insert_all_unless_there(session, table, rows, *unique)
        self._rows.clear()
