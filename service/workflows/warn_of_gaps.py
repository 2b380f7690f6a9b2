"""The admins hear in advance, and once, that a tier will have nobody on call."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from service.core.escalation.business_hours import is_open
from service.core.escalation.roster import Gap, gaps
from service.core.words import Urgency
from service.store.clinics import find_clinic
from service.store.database import Session
from service.store.office_hours import business_hours
from service.store.roster import load_roster
from service.workflows.deps import Deps
from service.workflows.roster import tiers_of
from service.workflows.telling_admins import tell, whom_to_tell
from service.workflows.wall_time import wall_time

WARNED_AHEAD: Final = timedelta(days=3)
# Nobody is woken for a gap that is further away than this: it is told once the office opens.
_SOON: Final = timedelta(hours=12)
# A tier that has had nobody for so long is the clinic's choice; it stands on the roster page.
_LOOK_BACK: Final = timedelta(days=14)


def warn_of_gaps(deps: Deps) -> bool:
    """Promise a text about each gap of the next days that nobody was told of; return whether there was one."""
    now = deps.now()
    with deps.store.transaction() as session:
        clinic = find_clinic(session)
        if clinic is None:
            return False
        told = [
            _warn(session, deps, gap, ZoneInfo(clinic.zone), now)
            for gap in _coming(session, deps, now)
            if gap.starts_at - now < _SOON or is_open(business_hours(session), now)
        ]
    return any(told)


def _coming(session: Session, deps: Deps, now: datetime) -> list[Gap]:
    """Return the gaps that begin within the days ahead, or have begun; each by its true beginning and end."""
    since, until = now - _LOOK_BACK, now + 2 * _LOOK_BACK
    found = gaps(load_roster(session, since), tiers_of(deps), since, until)
    return [gap for gap in found if since < gap.starts_at < now + WARNED_AHEAD and gap.ends_at > now]


def _warn(session: Session, deps: Deps, gap: Gap, zone: ZoneInfo, now: datetime) -> bool:
    told = [
        tell(
            session,
            deps,
            member,
            "notice_gap",
            key=f"gap:{gap.tier}:{gap.starts_at.isoformat()}:{member.id}",
            urgency=Urgency.ANSWER,
            now=now,
            tier=gap.tier,
            since=wall_time(gap.starts_at, zone),
            until=wall_time(gap.ends_at, zone),
        )
        for member in whom_to_tell(session)
    ]
    return any(told)
