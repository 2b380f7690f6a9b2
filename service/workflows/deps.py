"""What every use case is handed: the store, the carrier, the library, the clock, and fresh codes; never global."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from service.carrier.gateway import Carrier
from service.library.shelf import Library
from service.store.database import Store


@dataclass(frozen=True, slots=True)
class Deps:
    """The outside world, as arguments. `now` gives an aware instant in UTC."""

    store: Store
    carrier: Carrier
    library: Library
    now: Callable[[], datetime]
    new_reference: Callable[[], str]
    new_code: Callable[[], str]
