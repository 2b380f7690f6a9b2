"""Changing the roster on its page: shifts, duties, covers and swaps; what can't be done keeps what was typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from service.core.escalation.roster import Shift
from service.store.clinics import the_clinic
from service.web.context import is_admin, the_actor, the_deps, the_staff_id
from service.web.guard import Guard, guarded
from service.web.page import go_to, show
from service.web.roster_page import load_page
from service.workflows.roster import (
    UnableToRoster,
    add_weekly_shifts,
    cover_for,
    drop_dated_duty,
    drop_weekly_shift,
    put_on_call,
    swap,
)
from service.workflows.wall_time import NoSuchTime, instant_of

roster_forms = Blueprint("roster_forms", __name__, url_prefix="/roster")

_WEEKDAYS: Final = frozenset("0123456")


@roster_forms.post("/shifts")
@guarded(Guard.ADMIN)
def new_shifts() -> ResponseReturnValue:
    """Add the same shift on one weekday or several."""

    def add() -> str:
        tier, staff_id = request.form.get("tier", ""), _person("who")
        starts, ends = _time("starts"), _time("ends")
        days = sorted(int(day) for day in set(request.form.getlist("days")) & _WEEKDAYS)
        shifts = tuple(Shift(tier, staff_id, day, starts, ends) for day in days)
        add_weekly_shifts(the_deps(), shifts, actor=the_actor())
        return "The shift is added." if len(shifts) == 1 else f"{len(shifts)} shifts are added."

    return carried_out("shift", add)


@roster_forms.post("/shifts/drop")
@guarded(Guard.ADMIN)
def no_shift() -> ResponseReturnValue:
    """Take a weekly shift off."""

    def drop() -> str:
        drop_weekly_shift(the_deps(), _number("shift"), actor=the_actor())
        return "The shift is removed."

    return carried_out("shifts", drop)


@roster_forms.post("/duties")
@guarded(Guard.ADMIN)
def new_duty() -> ResponseReturnValue:
    """Put somebody on call for a time."""

    def put() -> str:
        put_on_call(
            the_deps(),
            request.form.get("tier", ""),
            _person("who"),
            _instant("since"),
            _instant("until"),
            alone=request.form.get("alone") == "on",
            actor=the_actor(),
        )
        return "They are on call in that time."

    return carried_out("duty", put)


@roster_forms.post("/duties/drop")
@guarded(Guard.ADMIN)
def no_duty() -> ResponseReturnValue:
    """Take a dated change off."""

    def drop() -> str:
        drop_dated_duty(the_deps(), _number("duty"), actor=the_actor())
        return "The change is removed: the roster is as it was without it."

    return carried_out("duties", drop)


@roster_forms.post("/cover")
@guarded(Guard.STAFF)
def new_cover() -> ResponseReturnValue:
    """Let one person stand in for another; who is no admin, for themselves or as themselves."""

    def stand_in() -> str:
        absent, other = _two("absent", "stand_in")
        taken = cover_for(the_deps(), absent, other, _instant("since"), _instant("until"), actor=the_actor())
        return f"Covered: {len(taken)} {'watch goes' if len(taken) == 1 else 'watches go'} over."

    return carried_out("cover", stand_in)


@roster_forms.post("/swap")
@guarded(Guard.STAFF)
def new_swap() -> ResponseReturnValue:
    """Let two people take each other's watches, both or neither; who is no admin must be one of the two."""

    def exchange() -> str:
        one, other = _two("one", "other")
        first = (one, _instant("one_since"), _instant("one_until"))
        second = (other, _instant("other_since"), _instant("other_until"))
        swap(the_deps(), first, second, actor=the_actor())
        return "Swapped: each has the other's watches."

    return carried_out("swap", exchange)


def carried_out(form: str, act: Callable[[], str]) -> ResponseReturnValue:
    """Do what a form asks for and say so, or show the page again with the sentence beside the form."""
    try:
        sentence = act()
    except (UnableToRoster, NoSuchTime) as error:
        typed, days = request.form.to_dict(), tuple(request.form.getlist("days"))
        view = replace(load_page(), fault_in=form, fault=str(error), typed=typed, typed_days=days)
        return show("roster", "roster", view), 422
    flash(sentence, "good")
    return go_to(url_for("roster_page.show_roster"))


def _two(first: str, second: str) -> tuple[int, int]:
    """Return the two people of a cover or a swap; others than an admin arrange only their own."""
    pair = _person(first), _person(second)
    if not is_admin() and the_staff_id() not in pair:
        raise UnableToRoster("Only an admin arranges this between others: choose yourself as one of the two.")
    return pair


def _person(field: str) -> int:
    found = _number(field)
    if not found:
        raise UnableToRoster("Choose somebody from the list.")
    return found


def _number(field: str) -> int:
    """Return the id in a hidden or chosen field; 0 where it is none."""
    typed = request.form.get(field, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _instant(field: str) -> datetime:
    typed = request.form.get(field, "")
    if not typed:
        raise UnableToRoster("Give both times, with date and hour.")
    with the_deps().store.reading() as session:
        return instant_of(typed, ZoneInfo(the_clinic(session).zone))


def _time(field: str) -> time:
    typed = request.form.get(field, "")
    try:
        return time.fromisoformat(typed).replace(tzinfo=None)
    except ValueError:
        raise UnableToRoster(f"{typed!r} is no time of day. Write it like 19:00.") from None
