"""The schema is brought up to date, all of it or nothing, on SQLite and PostgreSQL."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError

from service.store import database
from service.store.database import begin_sqlite, leave_transactions_to_us, make_room


class UnableToMigrate(Exception):
    """The database was left as it was; the message says why."""


def migrate(url: str) -> None:
    """Bring the schema at the URL to the newest revision, in one transaction.

    Raises:
        UnableToMigrate: where the database does not answer, or a step of it fails; nothing of it has happened then.
    """
    config = Config()
    config.set_main_option("script_location", str(database.MIGRATIONS))
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
        make_room(url)
        engine = create_engine(url, execution_options={"begin": "IMMEDIATE"})
        event.listen(engine, "connect", leave_transactions_to_us)
        event.listen(engine, "begin", begin_sqlite)
        return engine
    return create_engine(
        url, connect_args={"options": "-c timezone=UTC -c lock_timeout=10s", "connect_timeout": 10}
    )
