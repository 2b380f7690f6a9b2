"""A clinic on each of the two databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from main_path import Clinic

from service.store.database import Store, open_store
from service.store.keyring import Keyring


@pytest.fixture
def clinic(store: Store) -> Clinic:
    """A clinic with two nurses and a patient; the test runs once on each engine."""
    return Clinic(store)


@pytest.fixture
def sqlite_clinic(sqlite_url: str, keyring: Keyring) -> Iterator[Clinic]:
    """The same clinic on SQLite alone, whose file can be looked into."""
    opened = open_store(sqlite_url, keyring)
    yield Clinic(opened)
    opened.close()
