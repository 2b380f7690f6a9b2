"""The web of a chaos run: the service's own, whose watchdog looks every second, with the faults that are planted."""

from __future__ import annotations

import os
from functools import partial

import chaos_plants

from service.web import watchdog

chaos_plants.plant(os.environ["CHAOS_PLANTS"])
vars(watchdog)["start_watchdog"] = partial(watchdog.start_watchdog, every_seconds=1.0)

from service.wsgi import app  # noqa: E402 -- what is planted must be in place before the application is made

__all__ = ["app"]
