"""The morning digest: one text to whoever is on call first, however many patients wait for a call."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from service.core.escalation.business_hours import is_open
from service.core.escalation.roster import on_call
from service.core.words import Channel, Language, Urgency
from service.store import escalations, outbox, staff
from service.store.clinics import find_clinic
from service.store.office_hours import business_hours
from service.store.roster import load_roster
from service.workflows.deps import Deps
from service.workflows.roster import tiers_of

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
        count = escalations.callbacks_waiting(session)
        first = on_call(load_roster(session, now), now).get(tiers_of(deps)[0], ())
        body = deps.library.wording.render("digest", Language.ENGLISH, clinic=clinic.name, count=count)
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
            if count and member.id in first
        ]
    return any(promised)
