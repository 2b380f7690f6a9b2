"""SQLite has one writer, so one clock: a lock beside the file says whether another is running. PostgreSQL needs none."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url


class AnotherClock(Exception):
    """Another clock is running on this SQLite database. Stop that one, or move to PostgreSQL, where any number may run."""


@contextmanager
def the_only_clock(url: str) -> Iterator[None]:
    """Hold the database's clock for as long as the block runs; the lock goes with the process, however that ends.

    Raises:
        AnotherClock: on SQLite, where another process holds it.
    """
    database = make_url(url).database
    if make_url(url).get_backend_name() != "sqlite" or not database or database == ":memory:":
        yield
        return
    with Path(f"{database}.clock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AnotherClock(AnotherClock.__doc__) from None
        yield
