"""A database is filled with rows by the million that are due to nobody: what a clinic has planned, and what is behind it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, LiteralString, cast

import psycopg

# What fills a column that may not be empty and says nothing here; `n` counts the rows.
_BY_TYPE: Final[Mapping[str, str]] = {
    "timestamp with time zone": "now() - interval '30 days'",
    "bytea": r"'\x00'::bytea",
    "json": "'[]'::json",
    "boolean": "false",
    "double precision": "0",
    "bigint": "n",
    "character varying": "'x'",
    "time without time zone": "time '12:00'",
}
# Ids of the filling stand far above those of the clinic that is there already.
_ABOVE: Final = 1_000_000
_LATER: Final = "now() + interval '3 days' + n % 525600 * interval '1 minute'"
_OPTIONS: Final = (
    "-c session_replication_role=replica -c maintenance_work_mem=512MB -c synchronous_commit=off"
)


def fill(url: str, planned: int) -> None:
    """Add so many planned check-ins, a tenth as many patients, and as many rows as patients in each table of the past."""
    patients = planned // 10
    of_patient = f"{_ABOVE} + n % {patients}"
    past = {"patient_id": of_patient, "check_in_id": f"{_ABOVE} + n"}
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True, options=_OPTIONS) as connection:
        (version,) = _one(connection, "SELECT max(planned_with) FROM patients")
        _add(
            connection,
            "patients",
            patients,
            phone_hash="md5(n::text)",
            planned_with=f"'{version}'",
            zone="'UTC'",
        )
        _add(connection, "infusions", patients, patient_id=of_patient)
        _add(
            connection,
            "check_ins",
            planned,
            patient_id=f"{_ABOVE} + n / 10",
            occurrence="'step-' || n % 10",
            state="'planned'",
            due_at=_LATER,
            try_at=_LATER,
            missed_at=_LATER,
            window_ends_at=_LATER,
        )
        _add(
            connection,
            "outbox",
            patients,
            **past,
            key="'filling:' || n",
            reference="n::text",
            state="'delivered'",
            recipient_hash="md5(n::text)",
        )
        _add(
            connection,
            "inbox",
            patients,
            sid="n::text",
            state="'read'",
            sender_hash="md5(n::text)",
            patient_id=of_patient,
        )
        _add(
            connection,
            "readings",
            patients,
            inbox_id=f"{_ABOVE} + n",
            patient_id=of_patient,
            conversation_id=f"{_ABOVE} + n",
        )
        _add(connection, "conversations", patients, **past)
        _add(
            connection,
            "escalations",
            patients,
            patient_id=of_patient,
            state="'closed'",
            disposition="'callback'",
        )
        _add(connection, "escalation_events", patients, escalation_id=f"{_ABOVE} + n")
        _add(
            connection,
            "calls",
            patients,
            **past,
            reference="n::text",
            number_hash="md5(n::text)",
            status="'completed'",
        )
        connection.execute("VACUUM ANALYZE")


def _add(connection: psycopg.Connection, table: str, count: int, **values: str) -> None:
    """Add rows; the indexes that are no constraints are left out meanwhile, and built anew."""
    indexes = connection.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname LIKE 'ix_%%'", (table,)
    ).fetchall()
    for name, _ in indexes:
        _tell(connection, f"DROP INDEX {name}")
    needed = connection.execute(
        "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s AND is_nullable = 'NO' "
        "AND table_schema = 'public'",
        (table,),
    ).fetchall()
    columns = {name: _BY_TYPE[kind] for name, kind in needed} | {"id": f"{_ABOVE} + n"} | values
    _tell(
        connection,
        f"INSERT INTO {table} ({', '.join(columns)}) "
        f"SELECT {', '.join(columns.values())} FROM generate_series(0, {count - 1}) AS n",
    )
    for _, definition in indexes:
        _tell(connection, definition)


def _one(connection: psycopg.Connection, query: LiteralString) -> tuple[object, ...]:
    return connection.execute(query).fetchone() or (None,)


def _tell(connection: psycopg.Connection, statement: str) -> None:
    # The statements are made of names that stand in this file or in the database's own catalogue.
    connection.execute(cast(LiteralString, statement))
