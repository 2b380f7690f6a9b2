"""Everything in the database, row by row, into a sealed file and out of it: a backup, and the way to another database.

Sealed columns are opened on the way out and sealed with the other database's keys on the way in. A hash, by which a
number is found, travels as the number itself, and is made anew with the other database's key.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime, time
from itertools import islice
from typing import Any, BinaryIO, Final

from sqlalchemy import Column, ColumnElement, Date, Table, Time, func, insert, select, text
from sqlalchemy.orm import Session

from service.store.base import UtcInstant
from service.store.database import Store, lookup
from service.store.schema import metadata
from service.store.sealed_file import read_header, read_sealed, write_sealed

_AT_A_TIME: Final = 500
# What JSON lacks, by the column's type; all else is written as it is.
_WRITTEN: Final[Mapping[type[Any], Callable[[Any], str]]] = {
    UtcInstant: datetime.isoformat,
    Date: date.isoformat,
    Time: time.isoformat,
}
_READ: Final[Mapping[type[Any], Callable[[str], Any]]] = {
    UtcInstant: datetime.fromisoformat,
    Date: date.fromisoformat,
    Time: time.fromisoformat,
}


class UnableToImport(Exception):
    """The file can't be taken into this database; the message says why, and what to do."""


def export_to(store: Store, file: BinaryIO, passphrase: str, now: datetime) -> Mapping[str, int]:
    """Write every row of every table, as they stood at one instant; return how many rows of each table.

    Raises:
        UnableToOpen: where a row is sealed with a key that the settings lack.
    """
    counts: dict[str, int] = {}
    with store.reading() as session:
        if _is_postgresql(session):
            session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        header = {"schema": store.revision(), "made_at": now.isoformat()}
        write_sealed(file, passphrase, header, _lines(session, counts))
    return counts


def import_from(store: Store, file: BinaryIO, passphrase: str) -> Mapping[str, int]:
    """Take every row of the file into the empty database, all of them or none; return how many rows of each table.

    Raises:
        UnableToRead: where the passphrase is another, or the file is none of ours, changed or cut off.
        UnableToImport: where the database is not empty, or its schema is not the file's.
    """
    header, head = read_header(file)
    _match_schema(store, header.get("schema", ""))
    counts: dict[str, int] = {}
    with store.transaction() as session:
        _keep_others_out(session)
        _require_empty(session)
        rows = (json.loads(line) for line in read_sealed(file, passphrase, header, head))
        for table, values in _by_table(rows):
            while batch := list(islice(values, _AT_A_TIME)):
                session.execute(insert(table), [_taken_in(session, table, row) for row in batch])
                counts[table.name] = counts.get(table.name, 0) + len(batch)
        _number_on(session, counts)
    return counts


def _lines(session: Session, counts: dict[str, int]) -> Iterator[bytes]:
    """Yield a line for each table that names its columns, and after it a line for each of its rows."""
    for table in metadata.sorted_tables:
        yield _line({"table": table.name, "columns": [column.name for column in table.columns]})
        written = [_WRITTEN.get(type(column.type)) for column in table.columns]
        wanted = select(*(_as_exported(column) for column in table.columns)).order_by(*table.primary_key)
        counts[table.name] = 0
        for row in session.execute(wanted.execution_options(yield_per=_AT_A_TIME)):
            values = zip(row, written, strict=True)
            yield _line([write(value) if write and value is not None else value for value, write in values])
            counts[table.name] += 1


def _line(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode() + b"\n"


def _as_exported(column: Column[Any]) -> ColumnElement[Any]:
    """Return the column, or for a hash the number behind it: beside it, or where the sender's messages are."""
    if not _is_lookup(column):
        return column
    beside = column.table.columns.get(column.name.removesuffix("_hash"))
    if beside is not None:
        return beside.label(column.name)
    inbox = metadata.tables["inbox"]
    sent = select(inbox.c.sender).where(inbox.c.sender_hash == column).limit(1)
    return sent.scalar_subquery().label(column.name)


def _is_lookup(column: Column[Any]) -> bool:
    return column.name.endswith("_hash") and column.name != "password_hash"


def _by_table(lines: Iterator[Any]) -> Iterator[tuple[Table, Iterator[dict[str, Any]]]]:
    """Yield each table with its rows; a table's rows must be used up before the next is asked for."""
    following = next(lines, None)

    def rows(columns: list[str]) -> Iterator[dict[str, Any]]:
        nonlocal following
        following = None
        for line in lines:
            if isinstance(line, dict):
                following = line
                return
            yield dict(zip(columns, line, strict=True))

    while following is not None:
        yield metadata.tables[following["table"]], rows(following["columns"])


def _taken_in(session: Session, table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _value(session, table.columns[name], value) for name, value in row.items()}


def _value(session: Session, column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if _is_lookup(column):
        return lookup(session, value)
    read = _READ.get(type(column.type))
    return read(value) if read else value


def _match_schema(store: Store, made_at: str) -> None:
    here = store.revision()
    if made_at == here:
        return
    if not store.knows(made_at):
        raise UnableToImport(
            f"The file was made by a newer Dripline (schema {made_at}; here it is {here}). Install that one first."
        )
    raise UnableToImport(
        f"The file was made at schema {made_at}, and this database is at {here}. Import it with the Dripline that "
        "made it, and migrate the database afterwards with: dripline release."
    )


def _keep_others_out(session: Session) -> None:
    """Let no other process write until the end; SQLite has one writer anyway."""
    if _is_postgresql(session):
        names = ", ".join(table.name for table in metadata.sorted_tables)
        session.execute(text(f"LOCK TABLE {names} IN EXCLUSIVE MODE"))


def _require_empty(session: Session) -> None:
    for table in metadata.sorted_tables:
        if session.execute(select(*table.primary_key).limit(1)).first() is not None:
            raise UnableToImport(
                f"The database is not empty: there are {table.name.replace('_', ' ')} in it. Stop the web and clock "
                "processes, and import into a fresh database after: dripline release."
            )


def _number_on(session: Session, names: Iterable[str]) -> None:
    """Let new rows be numbered after the imported ones; SQLite does so by itself."""
    if not _is_postgresql(session):
        return
    for name in names:
        number = metadata.tables[name].columns.get("id")
        if number is not None:
            highest = select(func.max(number)).scalar_subquery()
            session.execute(select(func.setval(func.pg_get_serial_sequence(name, "id"), highest)))


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
