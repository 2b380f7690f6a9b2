"""The library that is shipped, loaded once: what commands do with it is tested here, and loading it elsewhere."""

from __future__ import annotations

import pytest
from builders import the_library


@pytest.fixture(autouse=True)
def _loaded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.bootstrap.load_library", lambda _: the_library())
