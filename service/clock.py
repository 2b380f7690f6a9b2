"""The `clock` process: APScheduler says when to look, the database says what is due. Any number may run at once."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Callable, Mapping
from functools import partial
from types import FrameType
from typing import Final

from apscheduler.schedulers.background import BackgroundScheduler

from service import logs
from service.bootstrap import LibraryError, NoDatabase, SchemaBehind, Service, SettingsError, start
from service.store import heartbeats
from service.store.one_clock import AnotherClock, the_only_clock
from service.workflows.ask_after import ask_after_next
from service.workflows.calls.call_silent import call_next
from service.workflows.calls.look_at import look_at_next
from service.workflows.catch_up import catch_up
from service.workflows.climb_escalations import climb_next
from service.workflows.deliver_outbox import deliver_next
from service.workflows.deliverers import Deliverers
from service.workflows.deps import Deps
from service.workflows.digest import send_digest
from service.workflows.follow_protocols import follow_next
from service.workflows.read_inbox import read_next
from service.workflows.remind_owner import remind_next
from service.workflows.send_due_check_ins import nudge_next, send_next, settle_silent_next
from service.workflows.settle_unknown import settle_next
from service.workflows.warn_of_gaps import warn_of_gaps
from service.workflows.watchdog import note_outage_at_start

_log = logs.get(__name__)

# One tick's turn: a backlog is worked off in turns, so that pages are never stuck behind a thousand check-ins.
MOST_IN_A_TURN: Final = 200

# So many messages are handed to Twilio at the same time.
DELIVERERS: Final = 4
_DELIVERY: Final = "deliver the outbox"

# Each takes one due row and says whether there was one.
ROW_TICKS: Final[Mapping[str, Callable[[Deps], bool]]] = {
    "read the inbox": read_next,
    "climb escalations": climb_next,
    "remind owners": remind_next,
    "morning digest": send_digest,
    "warn of gaps": warn_of_gaps,
    _DELIVERY: deliver_next,
    "follow the protocols": follow_next,
    "send check-ins": send_next,
    "nudge the silent": nudge_next,
    "settle the silent": settle_silent_next,
    "call the silent": call_next,
    "look at calls": look_at_next,
    "settle unknown sends": settle_next,
    "ask after the sent": ask_after_next,
}
CATCH_UP_SECONDS: Final = 120.0
TICKS: Final = (*ROW_TICKS, "catch up")


def run_tick(deps: Deps, name: str, stopping: threading.Event) -> int:
    """Work off what is due for one tick, and beat its heart; return how many rows that were."""
    done = 0
    while done < MOST_IN_A_TURN and not stopping.is_set() and ROW_TICKS[name](deps):
        done += 1
    with deps.store.transaction() as session:
        heartbeats.beat(session, name, deps.now())
    if done:
        _log.info("tick.worked", tick=name, rows=done)
    return done


def _deliver(deps: Deps, deliverers: Deliverers) -> None:
    """Let the deliverers look; the tick's heart beats unless all of them have hung since the last look."""
    if deliverers.look():
        with deps.store.transaction() as session:
            heartbeats.beat(session, _DELIVERY, deps.now())


def _guarded(name: str, work: Callable[[], object]) -> Callable[[], None]:
    def tick() -> None:
        try:
            work()
        except Exception as error:  # noqa: BLE001 -- a tick that throws is reported, and the next one still comes
            _log.error(
                "tick.failed",
                tick=name,
                exc_info=error,
                remedy="It runs again; see docs/runbook.md.",
            )

    return tick


def scheduler_for(
    deps: Deps, deliverers: Deliverers, tick_seconds: float, stopping: threading.Event
) -> BackgroundScheduler:
    """Return the scheduler with every tick on it; a late tick runs late instead of being dropped."""
    scheduler = BackgroundScheduler(
        timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
    for name in ROW_TICKS:
        turn = partial(run_tick, deps, name, stopping)
        work = partial(_deliver, deps, deliverers) if name == _DELIVERY else turn
        scheduler.add_job(_guarded(name, work), "interval", seconds=tick_seconds, id=name)
    scheduler.add_job(
        _guarded("catch up", partial(catch_up, deps, stopping.is_set)),
        "interval",
        seconds=CATCH_UP_SECONDS,
        id="catch up",
    )
    return scheduler


def main() -> int:
    """Run until SIGTERM or SIGINT; finish what is being worked on, then go. Returns the exit code."""
    try:
        service = start("clock")
        with the_only_clock(service.settings.database_url):
            _run(service)
    except (SettingsError, LibraryError, SchemaBehind, AnotherClock, NoDatabase) as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def _begin(deps: Deps) -> None:
    with deps.store.transaction() as session:
        heartbeats.forget_others(session, TICKS)
    note_outage_at_start(deps)


def _run(service: Service) -> None:
    stopping = threading.Event()

    def stop(_: int, __: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    deliverers = Deliverers(service.deps, DELIVERERS)
    scheduler = scheduler_for(service.deps, deliverers, service.settings.tick_seconds, stopping)
    _guarded("start", partial(_begin, service.deps))()
    _guarded("catch up", partial(catch_up, service.deps, stopping.is_set))()
    scheduler.start()
    _log.info("clock.started", ticks=len(TICKS))
    stopping.wait()
    _guarded(_DELIVERY, deliverers.stop)()
    scheduler.shutdown(wait=True)
    service.deps.store.close()
    _log.info("clock.stopped")


if __name__ == "__main__":
    sys.exit(main())
