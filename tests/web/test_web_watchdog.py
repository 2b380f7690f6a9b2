"""The watchdog's thread looks by itself, and a look that throws does not end it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime

from builders import NADIA, Clock, a_nurse, texts_of

from service.store.staff import Role
from service.web.watchdog import start_watchdog
from service.workflows.deps import Deps

DEADLINE_SECONDS = 20.0


def test_the_thread_tells_the_admin_although_its_first_look_throws(deps: Deps, clock: Clock) -> None:
    a_nurse(deps, role=Role.ADMIN)
    clock.move(minutes=3)
    stopping, looked = threading.Event(), threading.Semaphore(0)
    broken = [True]

    def now() -> datetime:
        looked.release()
        if broken:
            broken.pop()
            raise ConnectionError("The database is gone.")
        return clock()

    thread = start_watchdog(replace(deps, now=now), every_seconds=0.01, stopping=stopping)
    looks = [looked.acquire(timeout=DEADLINE_SECONDS) for _ in range(12)]
    stopping.set()
    thread.join(timeout=DEADLINE_SECONDS)

    assert all(looks)
    assert not thread.is_alive()
    assert [phone for phone, _ in texts_of(deps)] == [NADIA]
