"""The one place that opens, commits and closes: engine, transactions and the schema's revision, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Connection, Engine, Insert, Table, create_engine, event, inspect, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, TimeoutError
from sqlalchemy.orm import Session, sessionmaker

from service.store.base import Base, attach_keyring
from service.store.keyring import Keyring

__all__ = [
    "INTERRUPTED",
    "Session",
    "Store",
    "insert_all_unless_there",
    "insert_into",
    "insert_unless_there",
    "lookup",
    "lost_connection",
    "open_store",
]

# The database hung up, was locked for too long, or had no connection to spare: no row of ours is at fault.
INTERRUPTED = (OperationalError, InterfaceError, TimeoutError)

MIGRATIONS = Path(__file__).parent / "migrations"
# A writer on SQLite waits this long for its turn before it gives up.
_SQLITE_BUSY_MILLISECONDS = 15_000
# Twilio waits for fifteen seconds in all; who has had no connection by then answers in vain.
_POOL_SECONDS = 10.0
# No statement of ours runs longer than a tick may; one that does is stuck behind a lock.
_POSTGRESQL_OPTIONS = "-c timezone=UTC -c lock_timeout=10s -c statement_timeout=60s"


class Store:
    """An open database: hands out transactions, and knows the keyring that its sealed columns need."""

    def __init__(self, engine: Engine, keyring: Keyring) -> None:
        self.engine = engine
        self.keyring = keyring
        self._writing = sessionmaker(engine.execution_options(begin="IMMEDIATE"), expire_on_commit=False)
        self._reading = sessionmaker(engine.execution_options(begin="DEFERRED"), expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Open a transaction that commits when the block ends and rolls back when it raises."""
        with self._writing() as session, session.begin():
            session.info["keyring"] = self.keyring
            yield session

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Open a transaction that only reads; what it changes is rolled back."""
        with self._reading() as session:
            session.info["keyring"] = self.keyring
            yield session

    def answers(self) -> None:
        """Run one trivial query; whatever the driver raises tells that the database can't be reached."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def revision(self) -> str:
        """Return the revision of the database's schema; empty, before the first migration."""
        with self.engine.connect() as connection:
            if not inspect(connection).has_table("alembic_version"):
                return ""
            found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
            return found or ""

    def pending_migrations(self) -> tuple[str, ...]:
        """Return the revisions that the code has and the database lacks, oldest first."""
        here = self.revision()
        return tuple(revision for revision in _revisions() if revision > here)

    @staticmethod
    def knows(revision: str) -> bool:
        """Return whether the code has a migration of this name."""
        return revision in _revisions()

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def _revisions() -> tuple[str, ...]:
    """Return the revisions that the code has, oldest first: each file of a migration is named after its own.

    Alembic, which runs them, is no part of the processes that serve: it would hold memory there for ever.
    """
    return tuple(sorted(file.name[:4] for file in (MIGRATIONS / "versions").glob("*.py")))


def lost_connection(error: Exception) -> bool:
    """Return whether the connection broke: what was not committed did not happen, and all else would fail as well."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def lookup(session: Session, value: str) -> str:
    """Return the keyed hash that a value is found by in this session's database."""
    keyring: Keyring = session.info["keyring"]
    return keyring.lookup(value)


def insert_into(session: Session, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT that knows ON CONFLICT, in the dialect of this session's database."""
    return _insert(_dialect(session), table)


def insert_unless_there(
    session: Session, table: type[Base], row: Mapping[str, Any], *unique: str
) -> Any | None:
    """Insert a row unless one with the same unique columns is there; return its primary key, or None for a repetition.

    Without unique columns any constraint counts.
    """
    statement = _unless_there(_dialect(session), cast(Table, table.__table__), unique, is_returned=True)
    return session.execute(statement, row).scalar_one_or_none()


def insert_all_unless_there(
    session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]], *unique: str
) -> int:
    """Insert the rows in one round trip, except those whose unique columns are there already; return how many are new."""
    statement = _unless_there(_dialect(session), cast(Table, table.__table__), unique, is_returned=False)
    # The driver needs more words with the database for a list of one than for one.
    wanted = rows[0] if len(rows) == 1 else list(rows)
    done = session.execute(statement, wanted, execution_options={"preserve_rowcount": True})
    return int(done.rowcount)  # type: ignore[attr-defined]  # an INSERT's result has it


@cache
def _unless_there(dialect: str, rows: Table, unique: tuple[str, ...], *, is_returned: bool) -> Insert:
    # Built once: building it takes longer than running it.
    fresh = _insert(dialect, rows).on_conflict_do_nothing(index_elements=unique or None)
    return fresh.returning(*rows.primary_key) if is_returned else fresh


def _insert(dialect: str, table: type[Base] | Table) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def _dialect(session: Session) -> str:
    return session.get_bind().dialect.name


def open_store(url: str, keyring: Keyring, *, pool_size: int = 5) -> Store:
    """Open the database at the URL; its schema is left as it is (see `migrate`)."""
    return Store(_engine(url, keyring, pool_size), keyring)


def _engine(url: str, keyring: Keyring, pool_size: int) -> Engine:
    if make_url(url).get_backend_name() == "sqlite":
        make_room(url)
        engine = create_engine(
            url, pool_size=pool_size, connect_args={"timeout": _SQLITE_BUSY_MILLISECONDS / 1000}
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", begin_sqlite)
    else:
        engine = create_engine(
            url,
            pool_size=pool_size,
            max_overflow=pool_size,
            pool_timeout=_POOL_SECONDS,
            pool_pre_ping=True,
            pool_recycle=1800,
            connect_args={
                "options": _POSTGRESQL_OPTIONS,
                "connect_timeout": 10,
                "application_name": "dripline",
            },
        )
    attach_keyring(engine.dialect, keyring)
    return engine


def leave_transactions_to_us(connection: Any, _: Any) -> None:
    """Keep Python's sqlite3 from committing by itself, which it does with each change of the schema."""
    connection.isolation_level = None


def _prepare_sqlite(connection: Any, _: Any) -> None:
    leave_transactions_to_us(connection, None)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={_SQLITE_BUSY_MILLISECONDS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once where a transaction will write: upgrading later fails instead of waiting."""
    mode = connection.get_execution_options().get("begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


def make_room(url: str) -> None:
    """Make the folder that an SQLite file is to stand in."""
    database = make_url(url).database
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)
