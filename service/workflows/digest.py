"""The morning digest: one text to whoever is on call first, however much waits on the worklist."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from service.core.escalation.business_hours import BusinessHours, business_day_before, is_open
from service.core.escalation.roster import on_call
from service.core.words import Channel, Language, Urgency
from service.store import escalations, outages, outbox, overview, staff
from service.store.clinics import find_clinic
from service.store.database import Session
from service.store.office_hours import business_hours
from service.store.roster import load_roster
from service.workflows.deps import Deps
from service.workflows.roster import tiers_of
from service.workflows.wall_time import wall_time

# Morning is the first hour after opening: what comes later is told of the next morning, or rises by itself.
_MORNING = timedelta(hours=1)


def send_digest(deps: Deps) -> bool:
    """Promise this morning's digest, once to each person a day; return whether there was one to promise."""
    now = deps.now()
    with deps.store.transaction() as session:
        clinic = find_clinic(session)
        if clinic is None:
            return False
        zone = ZoneInfo(clinic.zone)
        office = business_hours(session)
        if not is_open(office, now) or is_open(office, now - _MORNING):
            return False
        body = _body(session, deps, office, now)
        first = on_call(load_roster(session, now), now).get(tiers_of(deps)[0], ())
        promised = [
            outbox.enqueue(
                session,
                key=f"digest:{now.astimezone(zone).date()}:{member.id}",
                reference=deps.new_reference(),
                urgency=Urgency.ANSWER,
                channel=Channel.SMS,
                recipient=member.phone,
                body=body,
                now=now,
                not_after=now + _MORNING,
                staff_id=member.id,
            )
            for member in staff.all_staff(session)
            if body and member.id in first
        ]
    return any(promised)


def _body(session: Session, deps: Deps, office: BusinessHours, now: datetime) -> str:
    """Return what waits, and when the clock stood still since the last business day opened; empty for a calm morning."""
    patients, strangers = escalations.callbacks_waiting(session)
    missed = len(overview.missed_lately(session, now))
    before = business_day_before(office, now)
    outage = outages.longest_outage(session, before.opens if before else now - timedelta(days=1), now)
    if not (patients or strangers or missed or outage):
        return ""
    return deps.library.wording.render(
        "digest",
        Language.ENGLISH,
        count=patients,
        strangers=strangers,
        missed=missed,
        since=wall_time(outage.since, office.zone) if outage else "",
        until=wall_time(outage.ended_at or now, office.zone) if outage else "",
    )
