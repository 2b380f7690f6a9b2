"""The clock of a chaos run: the service's own, which looks at Twilio's log every few seconds since its days are short."""

from __future__ import annotations

import os
import sys

import chaos_plants

from service import clock

if __name__ == "__main__":
    vars(clock)["CATCH_UP_SECONDS"] = 3.0
    chaos_plants.plant(os.environ["CHAOS_PLANTS"])
    sys.exit(clock.main())
