"""SQLite under a web and a clock: readers see what is committed while one writes, and writers wait for their turn."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from service.store import heartbeats
from service.store.database import Store, open_store
from service.store.keyring import Keyring

NOW = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)


@pytest.fixture
def sqlite(sqlite_url: str, keyring: Keyring) -> Iterator[Store]:
    opened = open_store(sqlite_url, keyring)
    yield opened
    opened.close()


def beats(store: Store) -> int:
    with store.reading() as session:
        return len(heartbeats.beats(session))


def beat(store: Store, name: str) -> None:
    with store.transaction() as session:
        heartbeats.beat(session, name, NOW)


def test_a_commit_is_on_the_disk_and_readers_are_not_held_up_by_a_writer(sqlite: Store) -> None:
    with sqlite.reading() as session:
        told = {name: session.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "synchronous")}
    assert told == {"journal_mode": "wal", "synchronous": 2}

    with sqlite.transaction() as session:
        heartbeats.beat(session, "send check-ins", NOW)
        session.flush()
        assert beats(sqlite) == 0
    assert beats(sqlite) == 1


def test_a_writer_waits_until_the_one_before_has_committed(sqlite: Store) -> None:
    begun = threading.Event()

    def write() -> None:
        begun.set()
        beat(sqlite, "second")

    with ThreadPoolExecutor(1) as pool:
        with sqlite.transaction() as session:
            heartbeats.beat(session, "first", NOW)
            session.flush()
            second = pool.submit(write)
            assert begun.wait(30)
            assert (beats(sqlite), second.done()) == (0, False)
        second.result(timeout=30)

    assert beats(sqlite) == 2


def test_who_reads_before_writing_has_the_writer_s_turn_from_the_start(sqlite: Store) -> None:
    with ThreadPoolExecutor(1) as pool, sqlite.transaction() as session:
        assert heartbeats.beats(session) == {}
        other = pool.submit(beat, sqlite, "in between")
        wait([other], timeout=0.1)
        is_between = other.done()
        heartbeats.beat(session, "after what was read", NOW)
        session.commit()
        other.result(timeout=30)

    assert (is_between, beats(sqlite)) == (False, 2)
