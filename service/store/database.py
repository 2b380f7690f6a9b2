"""The one place that opens, commits and closes: engine, transactions, migrations, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from service.store.base import Base, attach_keyring
from service.store.keyring import Keyring

__all__ = ["Session", "Store", "UnableToMigrate", "insert_into", "lookup", "migrate", "open_store"]

MIGRATIONS = Path(__file__).parent / "migrations"
# A writer on SQLite waits this long for its turn before it gives up.
_SQLITE_BUSY_MILLISECONDS = 15_000
# Twilio waits for fifteen seconds in all; who has had no connection by then answers in vain.
_POOL_SECONDS = 10.0
# No statement of ours runs longer than a tick may; one that does is stuck behind a lock.
_POSTGRESQL_OPTIONS = "-c timezone=UTC -c lock_timeout=10s -c statement_timeout=60s"


class UnableToMigrate(Exception):
    """The database was left as it was; the message says why."""


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
            return MigrationContext.configure(connection).get_current_revision() or ""

    def pending_migrations(self) -> tuple[str, ...]:
        """Return the revisions that the code has and the database lacks, oldest first."""
        script = ScriptDirectory(str(MIGRATIONS))
        lacking = [step.revision for step in script.iterate_revisions("head", self.revision() or "base")]
        return tuple(reversed(lacking))

    @staticmethod
    def knows(revision: str) -> bool:
        """Return whether the code has a migration of this name."""
        script = ScriptDirectory(str(MIGRATIONS))
        return revision in {step.revision for step in script.walk_revisions()}

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def lookup(session: Session, value: str) -> str:
    """Return the keyed hash that a value is found by in this session's database."""
    keyring: Keyring = session.info["keyring"]
    return keyring.lookup(value)


def insert_into(session: Session, table: type[Base]) -> postgresql.Insert | sqlite.Insert:
    """Return an INSERT that knows ON CONFLICT, in the dialect of this session's database."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    return insert(table)


def open_store(url: str, keyring: Keyring, *, pool_size: int = 5) -> Store:
    """Open the database at the URL; its schema is left as it is (see `migrate`)."""
    return Store(_engine(url, keyring, pool_size), keyring)


def _engine(url: str, keyring: Keyring, pool_size: int) -> Engine:
    if make_url(url).get_backend_name() == "sqlite":
        _make_room(url)
        engine = create_engine(
            url, pool_size=pool_size, connect_args={"timeout": _SQLITE_BUSY_MILLISECONDS / 1000}
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
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


def _leave_transactions_to_us(connection: Any, _: Any) -> None:
    """Keep Python's sqlite3 from committing by itself, which it does with each change of the schema."""
    connection.isolation_level = None


def _prepare_sqlite(connection: Any, _: Any) -> None:
    _leave_transactions_to_us(connection, None)
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={_SQLITE_BUSY_MILLISECONDS}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Take the write lock at once where a transaction will write: upgrading later fails instead of waiting."""
    mode = connection.get_execution_options().get("begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


def migrate(url: str) -> None:
    """Bring the schema at the URL to the newest revision, in one transaction.

    Raises:
        UnableToMigrate: where the database does not answer, or a step of it fails; nothing of it has happened then.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    engine = _migration_engine(url)
    try:
        with engine.connect() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    except SQLAlchemyError as error:
        raise UnableToMigrate(
            f"The database could not be brought up to date, and is as it was: {str(error).splitlines()[0]} "
            "The code that ran before can go on; put this right, and run: dripline release."
        ) from error
    finally:
        engine.dispose()


def _migration_engine(url: str) -> Engine:
    """Open a plain engine: migrations move columns, and never open what is sealed in them."""
    if make_url(url).get_backend_name() == "sqlite":
        _make_room(url)
        engine = create_engine(url, execution_options={"begin": "IMMEDIATE"})
        event.listen(engine, "connect", _leave_transactions_to_us)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url, connect_args={"options": "-c timezone=UTC -c lock_timeout=10s", "connect_timeout": 10}
    )


def _make_room(url: str) -> None:
    """Make the folder that an SQLite file is to stand in."""
    database = make_url(url).database
    if database and database != ":memory:":
        Path(database).parent.mkdir(parents=True, exist_ok=True)
