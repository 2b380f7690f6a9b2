"""The clinic's page: its name, hours and holidays, for everybody to read and for admins to change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from service.store.clinics import find_clinic
from service.store.staff import Role
from service.web.clinic_views import ClinicForm, ClinicPage, HolidayLine, HoursLine
from service.web.context import is_admin, the_actor, the_deps
from service.web.guard import Guard, guarded
from service.web.moments import day_of
from service.web.page import go_to, show
from service.web.phones import as_written
from service.web.zones import zones
from service.workflows.opening_hours import (
    WEEKDAY_NAMES,
    add_holiday,
    drop_holiday,
    holidays_ahead,
    hours_by_weekday,
    read_spans,
    set_hours,
    written,
)
from service.workflows.set_up import UnableToSetUp, set_clinic

clinic_page = Blueprint("clinic_page", __name__, url_prefix="/clinic")


@clinic_page.get("")
@guarded(Guard.STAFF)
def show_clinic() -> ResponseReturnValue:
    """Show the settings."""
    return show("clinic", "clinic", _page())


@clinic_page.post("")
@guarded(Guard.ADMIN)
def change_clinic() -> ResponseReturnValue:
    """Change name, number, zone, quiet hours and fallback role, or say what to put right and keep what was typed."""
    form = request.form
    typed = ClinicForm(
        name=form.get("name", ""),
        phone=form.get("phone", ""),
        zone=form.get("zone", ""),
        quiet_from=form.get("quiet_from", ""),
        quiet_until=form.get("quiet_until", ""),
        fallback_role=form.get("fallback_role", ""),
    )
    try:
        set_clinic(
            the_deps(),
            name=typed.name,
            phone=typed.phone,
            zone=typed.zone,
            quiet_from=_time(typed.quiet_from),
            quiet_until=_time(typed.quiet_until),
            fallback_role=_role(typed.fallback_role),
            actor=the_actor(),
        )
    except UnableToSetUp as error:
        return _refused(replace(_page(), form=typed), "clinic", error)
    return _done("The clinic is changed.")


@clinic_page.post("/hours")
@guarded(Guard.ADMIN)
def change_hours() -> ResponseReturnValue:
    """Change the opening hours of the week."""
    typed = tuple(
        HoursLine(weekday, name, request.form.get(f"day{weekday}", ""))
        for weekday, name in enumerate(WEEKDAY_NAMES)
    )
    try:
        by_weekday = {line.weekday: read_spans(line.hours, line.weekday) for line in typed}
        set_hours(the_deps(), by_weekday, actor=the_actor())
    except UnableToSetUp as error:
        return _refused(replace(_page(), hours=typed), "hours", error)
    return _done("The opening hours are changed.")


@clinic_page.post("/holidays")
@guarded(Guard.ADMIN)
def new_holiday() -> ResponseReturnValue:
    """Add a holiday."""
    typed = request.form.get("day", ""), request.form.get("name", "")
    try:
        add_holiday(the_deps(), _day(typed[0]), typed[1], actor=the_actor())
    except UnableToSetUp as error:
        return _refused(replace(_page(), holiday_typed=typed), "holiday", error)
    return _done("The holiday is added.")


@clinic_page.post("/holidays/drop")
@guarded(Guard.ADMIN)
def no_holiday() -> ResponseReturnValue:
    """Take a holiday off."""
    try:
        drop_holiday(the_deps(), _day(request.form.get("day", "")), actor=the_actor())
    except UnableToSetUp as error:
        return _refused(_page(), "holiday", error)
    return _done("The office is open on that day, as on any such weekday.")


def _done(sentence: str) -> ResponseReturnValue:
    flash(sentence, "good")
    return go_to(url_for("clinic_page.show_clinic"))


def _refused(page: ClinicPage, fault_in: str, error: Exception) -> ResponseReturnValue:
    return show("clinic", "clinic", replace(page, fault_in=fault_in, fault=str(error))), 422


def _time(typed: str) -> time:
    try:
        return time.fromisoformat(typed)
    except ValueError:
        raise UnableToSetUp(f"{typed!r} is no time of day. Quiet hours are written like 21:00.") from None


def _role(typed: str) -> Role:
    try:
        return Role(typed)
    except ValueError:
        raise UnableToSetUp("Choose from the list who is paged when nobody is on call.") from None


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise UnableToSetUp(f"{typed!r} is no day. Write it like 2026-12-25.") from None


def _page() -> ClinicPage:
    deps = the_deps()
    with deps.store.reading() as session:
        clinic = find_clinic(session)
    this_year = deps.now().year
    return ClinicPage(
        may_change=is_admin(),
        form=ClinicForm()
        if clinic is None
        else ClinicForm(
            clinic.name,
            as_written(clinic.phone),
            clinic.zone,
            f"{clinic.quiet_from:%H:%M}",
            f"{clinic.quiet_until:%H:%M}",
            clinic.fallback_role,
        ),
        roles=tuple(role.value for role in Role),
        zones=zones(),
        hours=tuple(
            HoursLine(weekday, WEEKDAY_NAMES[weekday], written(spans))
            for weekday, spans in enumerate(hours_by_weekday(deps))
        ),
        holidays=tuple(
            HolidayLine(day.isoformat(), day_of(day, this_year), name) for day, name in holidays_ahead(deps)
        ),
    )
