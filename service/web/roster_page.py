"""The roster's page: who is on call now and in the coming two weeks, where nobody is, and what it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint
from flask.typing import ResponseReturnValue

from service.core.escalation.roster import Gap, Roster, gaps, on_call, watches
from service.store import roster as rows
from service.store.clinics import the_clinic
from service.store.database import Session
from service.store.roster import RosterDuty, RosterShift
from service.store.staff import Staff, all_staff
from service.web.context import is_admin, the_deps, the_site, the_staff_id
from service.web.feed import feed_token
from service.web.guard import Guard, guarded
from service.web.moments import clock_of, day_of
from service.web.page import show
from service.web.roster_calendar import calendar, midnight
from service.web.roster_views import Day, DutyLine, OnCallNow, Person, RosterPage, ShiftLine
from service.workflows.opening_hours import WEEKDAY_NAMES
from service.workflows.roster import tiers_of

roster_page = Blueprint("roster_page", __name__, url_prefix="/roster")

_DAYS: Final = 14


@roster_page.get("")
@guarded(Guard.STAFF)
def show_roster() -> ResponseReturnValue:
    """Show the roster."""
    return show("roster", "roster", load_page())


def load_page() -> RosterPage:
    """Return the roster as whoever is signed in sees it, by the clinic's clock."""
    deps = the_deps()
    site = the_site()
    with deps.store.reading() as session:
        token = feed_token(session.get_one(Staff, the_staff_id()), site.secret_key)
        page = _page(session, tiers_of(deps), deps.now(), may_change=is_admin())
    return replace(page, feed=f"{site.public_base_url}/roster/feed/{token}")


def _page(session: Session, tiers: tuple[str, ...], now: datetime, *, may_change: bool) -> RosterPage:
    clinic = the_clinic(session)
    zone, roster, members = ZoneInfo(clinic.zone), rows.load_roster(session, now), all_staff(session)
    names = {member.id: member.name for member in members}
    duties = rows.duties(session, now)
    manned = on_call(roster, now)
    return RosterPage(
        may_change=may_change,
        zone=clinic.zone,
        fallback_role=clinic.fallback_role,
        now=tuple(OnCallNow(tier, tuple(names[one] for one in manned.get(tier, ()))) for tier in tiers),
        gaps=tuple(_gap(gap, zone, now) for gap in _gaps(roster, tiers, now)),
        days=_days(roster, tiers, names, now),
        shifts=tuple(
            _shift(row, names) for tier in tiers for row in rows.shifts(session) if row.tier == tier
        ),
        duties=tuple(_duty(session, row, zone, now) for row in duties if not row.imported),
        imported=sum(row.imported for row in duties),
        people=tuple(
            Person(staff_id, name) for staff_id, name in sorted(names.items(), key=lambda one: one[1].lower())
        ),
        weekdays=WEEKDAY_NAMES,
    )


def _gaps(roster: Roster, tiers: tuple[str, ...], now: datetime) -> tuple[Gap, ...]:
    return gaps(roster, tiers, now, now + timedelta(days=_DAYS))


def _days(roster: Roster, tiers: tuple[str, ...], names: Mapping[int, str], now: datetime) -> tuple[Day, ...]:
    today = now.astimezone(roster.zone).date()
    dates = tuple(today + timedelta(days=ahead) for ahead in range(_DAYS))
    begins, ends = midnight(dates[0], roster.zone), midnight(dates[-1] + timedelta(days=1), roster.zone)
    # What is over of today is shown as it was; that nobody was on call then helps nobody now.
    return calendar(
        watches(roster, begins, ends), gaps(roster, tiers, now, ends), names, tiers, roster.zone, dates
    )


def _gap(gap: Gap, zone: ZoneInfo, now: datetime) -> str:
    if gap.starts_at == now and gap.ends_at == now + timedelta(days=_DAYS):
        return f"{gap.tier}: nobody is on call in all of these two weeks."
    since = "now" if gap.starts_at == now else _wall(gap.starts_at, zone, now)
    return f"{gap.tier}: nobody from {since} to {_wall(gap.ends_at, zone, now)}."


def _shift(row: RosterShift, names: Mapping[int, str]) -> ShiftLine:
    # A shift of a whole day ends when it starts.
    return ShiftLine(
        shift_id=row.id,
        tier=row.tier,
        name=names[row.staff_id],
        weekday=WEEKDAY_NAMES[row.weekday],
        hours=f"{clock_of(row.starts)} – {clock_of(row.ends)}"
        + (" the next day" if row.ends <= row.starts else ""),
    )


def _duty(session: Session, row: RosterDuty, zone: ZoneInfo, now: datetime) -> DutyLine:
    def name(staff_id: int | None) -> str:
        return session.get_one(Staff, staff_id).name if staff_id is not None else ""

    return DutyLine(
        duty_id=row.id,
        tier=row.tier,
        name=name(row.staff_id),
        instead_of=name(row.instead_of),
        since=_wall(row.starts_at, zone, now),
        until=_wall(row.ends_at, zone, now),
    )


def _wall(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    wall = at.astimezone(zone)
    return f"{day_of(wall, now.astimezone(zone).year)}, {clock_of(wall)}"
