"""The web of a chaos run with a planted fault: the service's own application, after the fault was put in."""

from __future__ import annotations

import os

import chaos_plants

chaos_plants.plant(os.environ["CHAOS_PLANT"])

from service.wsgi import app  # noqa: E402 -- the fault must be in place before the application is made

__all__ = ["app"]
