"""A clinic on each of the two databases."""

from __future__ import annotations

import pytest
from main_path import Clinic

from service.store.database import Store


@pytest.fixture
def clinic(store: Store) -> Clinic:
    """A clinic with two nurses and a patient; the test runs once on each engine."""
    return Clinic(store)
