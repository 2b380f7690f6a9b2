"""A database that restarts, hangs up, is full, is locked or can't be migrated: tried again or refused, never half done."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from builders import Clock, deps_for
from sqlalchemy import create_engine, inspect, make_url, text
from sqlalchemy.exc import DBAPIError, TimeoutError
from sqlalchemy.pool import QueuePool

from service.bootstrap import NoDatabase, pending_once_it_answers
from service.clock import run_tick, scheduler_for
from service.store import database, heartbeats, ways_out
from service.store.database import Store, open_store
from service.store.keyring import Keyring
from service.store.migrating import UnableToMigrate, migrate
from service.workflows.deliverers import Deliverers

MIDNIGHT = Clock()


@pytest.fixture
def postgres(postgresql_url: str, keyring: Keyring, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store on PostgreSQL with two connections at most, whose locks and pool are waited for a moment only."""
    monkeypatch.setattr(database, "_POOL_SECONDS", 0.2)
    monkeypatch.setattr(database, "_POSTGRESQL_OPTIONS", "-c timezone=UTC -c lock_timeout=200ms")
    opened = open_store(postgresql_url, keyring, pool_size=1)
    yield opened
    opened.close()


def hang_up(store: Store, url: str) -> None:
    """End every connection of the store on the server's side, as a restart of the database does."""
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE application_name = 'dripline' AND datname = current_database()"
            )
        )
    engine.dispose()


def beat(store: Store, tick: str) -> None:
    with store.transaction() as session:
        heartbeats.beat(session, tick, MIDNIGHT())


def ticks(store: Store) -> set[str]:
    with store.reading() as session:
        return set(heartbeats.beats(session))


def test_connections_that_the_database_dropped_between_two_transactions_are_replaced_unnoticed(
    postgres: Store, postgresql_url: str
) -> None:
    beat(postgres, "before")

    hang_up(postgres, postgresql_url)
    beat(postgres, "after")

    assert ticks(postgres) == {"before", "after"}


def test_a_transaction_that_the_database_drops_leaves_nothing_and_the_next_one_works(
    postgres: Store, postgresql_url: str
) -> None:
    with pytest.raises(DBAPIError), postgres.transaction() as session:
        heartbeats.beat(session, "half", MIDNIGHT())
        session.flush()
        hang_up(postgres, postgresql_url)
        heartbeats.beat(session, "other half", MIDNIGHT())
    beat(postgres, "after")

    assert ticks(postgres) == {"after"}


def test_a_full_pool_refuses_after_a_while_and_serves_again_once_there_is_room(postgres: Store) -> None:
    with postgres.reading() as one, postgres.reading() as other:
        ways_out.stopped(one), ways_out.stopped(other)
        with pytest.raises(TimeoutError, match="QueuePool limit"):
            beat(postgres, "no room")

    beat(postgres, "room")

    assert ticks(postgres) == {"room"}


def test_a_deployment_waits_for_no_lock_and_no_connection_longer_than_twilio_waits_for_it(
    postgresql_url: str, keyring: Keyring
) -> None:
    store = open_store(postgresql_url, keyring)
    with store.reading() as session:
        waits = [session.scalar(text(f"SHOW {name}")) for name in ("lock_timeout", "statement_timeout")]
    pool = store.engine.pool
    store.close()

    assert waits == ["10s", "1min"]
    assert isinstance(pool, QueuePool)
    assert pool.timeout() == 10.0


def test_a_lock_that_another_holds_ends_the_wait_with_nothing_done(postgres: Store) -> None:
    beat(postgres, "row")
    with postgres.transaction() as holder:
        ways_out.stop(holder, "sms", "held", MIDNIGHT())
        with pytest.raises(DBAPIError, match="lock timeout"), postgres.transaction() as session:
            heartbeats.beat(session, "waits", MIDNIGHT())
            ways_out.stop(session, "sms", "waits", MIDNIGHT())

    with postgres.reading() as session:
        assert [way.stopped_by for way in ways_out.stopped(session)] == ["held"]
    assert ticks(postgres) == {"row"}


def test_a_tick_goes_on_after_the_database_was_gone(postgres: Store, postgresql_url: str) -> None:
    deps = deps_for(postgres)
    run_tick(deps, "deliver the outbox", threading.Event())
    hang_up(postgres, postgresql_url)

    run_tick(deps, "read the inbox", threading.Event())

    assert ticks(postgres) == {"deliver the outbox", "read the inbox"}


def test_a_process_that_starts_while_the_database_is_down_says_so_and_waits_for_it(
    empty_postgresql_url: str, keyring: Keyring, capsys: pytest.CaptureFixture[str]
) -> None:
    coming = make_url(empty_postgresql_url)
    down = open_store(str(coming.set(database="not_yet").render_as_string(hide_password=False)), keyring)
    found: list[tuple[str, ...]] = []
    moment = timedelta(seconds=0.02)
    waiting = threading.Thread(
        target=lambda: found.append(pending_once_it_answers(down, moment)), daemon=True
    )

    with pytest.raises(NoDatabase, match=r'^The database does not answer: .*"not_yet".* Check DATABASE_URL'):
        pending_once_it_answers(down, None)
    waiting.start()
    while "database.mute" not in capsys.readouterr().out:
        assert waiting.is_alive()
    with psycopg.connect(coming.set(drivername="postgresql").render_as_string(), autocommit=True) as boss:
        boss.execute("CREATE DATABASE not_yet")
        waiting.join(timeout=60)
        down.close()
        boss.execute("DROP DATABASE not_yet")

    assert [pending[0] for pending in found] == ["0001"]


def test_a_migration_that_fails_half_way_leaves_the_database_as_it_was(
    database_url: str, keyring: Keyring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(database.MIGRATIONS, folder)
    head = max(file.name[:4] for file in (folder / "versions").glob("0*.py"))
    (folder / "versions/9998_fine.py").write_text(
        f'from alembic import op\nimport sqlalchemy as sa\nrevision, down_revision = "9998", "{head}"\n'
        'def upgrade():\n    op.create_table("fine", sa.Column("id", sa.Integer()))\n'
    )
    (folder / "versions/9999_broken.py").write_text(
        'from alembic import op\nimport sqlalchemy as sa\nrevision, down_revision = "9999", "9998"\n'
        'def upgrade():\n    op.create_table("half", sa.Column("id", sa.Integer()))\n'
        '    op.execute("INSERT INTO nowhere VALUES (1)")\n'
    )
    monkeypatch.setattr(database, "MIGRATIONS", folder)

    with pytest.raises(UnableToMigrate, match=r"is as it was: .*nowhere.* run: dripline release"):
        migrate(database_url)

    store = open_store(database_url, keyring)
    assert store.revision() == head
    assert {"fine", "half"} & set(inspect(store.engine).get_table_names()) == set()
    store.close()


def test_a_late_tick_runs_late_and_once(store: Store) -> None:
    deps = deps_for(store)
    scheduler = scheduler_for(deps, Deliverers(deps, 1), 5.0, threading.Event())
    scheduler.start(paused=True)
    jobs = scheduler.get_jobs()
    scheduler.shutdown(wait=False)

    late = {(job.misfire_grace_time, job.coalesce, job.max_instances) for job in jobs}
    assert late == {(None, True, 1)}
