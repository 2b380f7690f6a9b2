"""What every use case is handed: the store, the carrier, the library, the clock, and fresh codes; never global."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from service.carrier.gateway import Carrier
from service.library.shelf import Library
from service.store.database import Store


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast texts leave: one `every` so often, and at most as many at once as the time `ahead` holds."""

    every: timedelta
    ahead: timedelta


@dataclass(frozen=True, slots=True)
class Deps:
    """The outside world, as arguments. `now` gives an aware instant in UTC; no `pace` is as fast as it goes."""

    store: Store
    carrier: Carrier
    library: Library
    now: Callable[[], datetime]
    new_reference: Callable[[], str]
    new_code: Callable[[], str]
    pace: Pace | None = None
