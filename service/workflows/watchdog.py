"""The watchdog: a web process tells the admins that the clock stands still, once, and sends the text itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from service import logs
from service.core.words import Urgency
from service.store import heartbeats, outages, staff
from service.workflows.deliver_outbox import deliver_next
from service.workflows.deps import Deps
from service.workflows.telling_admins import tell, whom_to_tell

_log = logs.get(__name__)

# A deploy stops the clock for half a minute; nobody is woken for that.
STOPPED_AFTER: Final = timedelta(minutes=2)
# One tick that works off a long backlog is slow, not stuck.
STUCK_AFTER: Final = timedelta(minutes=10)


def stopped_since(deps: Deps) -> datetime | None:
    """Return the heartbeat after which the clock, or a tick of it, stands still; None while it runs, or never ran."""
    now = deps.now()
    with deps.store.reading() as session:
        beats = heartbeats.beats(session).values()
    if not beats:
        return None
    if now - max(beats) > STOPPED_AFTER:
        return max(beats)
    return min(beats) if now - min(beats) > STUCK_AFTER else None


def look(deps: Deps, seen_before: datetime | None) -> datetime | None:
    """Look at the clock, and act on what the last look of this process saw as well; return what this one saw.

    One look alone may come while the machine wakes up, or while the demo's clock is moved.
    """
    since = stopped_since(deps)
    if since is None and seen_before is None:
        _tell_that_it_runs(deps)
    elif since is not None and since == seen_before:
        _raise_alarm(deps, since)
        while deliver_next(deps, outages.claim_alarms):
            pass
    return since


def note_outage_at_start(deps: Deps) -> None:
    """Put on record that the clock, which starts now, has stood still: web processes that were down too told nobody."""
    since = stopped_since(deps)
    if since is not None:
        with deps.store.transaction() as session:
            if outages.notice_outage(session, since, deps.now()):
                _log.error("clock.stood_still", remedy="See docs/runbook.md; the digest tells of it.")


def _raise_alarm(deps: Deps, since: datetime) -> None:
    """Promise a text to each admin; where there is none, or none was reached, to everybody."""
    now = deps.now()
    with deps.store.transaction() as session:
        if outages.notice_outage(session, since, now):
            _log.error("clock.stopped_beating", remedy="Start the clock process; see docs/runbook.md.")
        outage = outages.outage_since(session, since)
        if outage is None or outage.ended_at is not None:
            return
        _, not_reached = outages.who_was_told(session, outage.id)
        for member in whom_to_tell(session, besides=not_reached):
            key = outages.alarm_key(outage.id, member.id)
            tell(session, deps, member, "notice_clock_stopped", key=key, urgency=Urgency.PAGE, now=now)


def _tell_that_it_runs(deps: Deps) -> None:
    """Promise a text to whoever was told of the outage; the clock, which runs again, delivers it."""
    now = deps.now()
    with deps.store.reading() as session:
        if not outages.any_open(session):
            return
    with deps.store.transaction() as session:
        for outage_id in outages.end_outages(session, now):
            outages.cancel_alarms(session, outage_id, now)
            told, not_reached = outages.who_was_told(session, outage_id)
            for member in staff.all_staff(session):
                if member.id in told - not_reached:
                    key = f"clock-runs:{outage_id}:{member.id}"
                    tell(session, deps, member, "notice_clock_runs", key=key, urgency=Urgency.PAGE, now=now)
            _log.warning("clock.beats_again", outage_id=outage_id)
