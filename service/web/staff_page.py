"""The staff: who is paged on which tier, whose phone refuses texts; admins add, change and remove people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from service.store import staff
from service.store.staff import Role, Staff
from service.web.context import is_admin, the_actor, the_deps
from service.web.guard import Guard, guarded
from service.web.page import go_to, show
from service.web.phones import as_written
from service.web.views import MemberForm, StaffLine, StaffPage
from service.workflows.change_member import change_member, set_password
from service.workflows.remove_member import remove_member
from service.workflows.roster import tiers_of
from service.workflows.set_up import UnableToSetUp, add_member

staff_page = Blueprint("staff_page", __name__)

_NEW = 0


@staff_page.get("/staff")
@guarded(Guard.STAFF)
def show_staff() -> ResponseReturnValue:
    """Show everybody who works here."""
    return show("staff", "staff", _page())


@staff_page.post("/staff")
@guarded(Guard.ADMIN)
def new_member() -> ResponseReturnValue:
    """Add somebody."""
    typed = MemberForm(*(request.form.get(field, "") for field in ("name", "phone", "login", "role", "tier")))

    def add() -> str:
        add_member(
            the_deps(),
            name=typed.name,
            phone=typed.phone,
            login=typed.login,
            role=_role(),
            tier=typed.tier or None,
            password=request.form.get("password", ""),
            actor=the_actor(),
        )
        return f"{typed.name.strip()} is on the staff."

    return _carried_out(_NEW, add, typed)


@staff_page.post("/staff/<int:staff_id>")
@guarded(Guard.ADMIN)
def change(staff_id: int) -> ResponseReturnValue:
    """Change somebody's role and tier."""

    def act() -> str:
        tier = request.form.get("tier") or None
        return (
            f"{change_member(the_deps(), staff_id, role=_role(), tier=tier, actor=the_actor())} is changed."
        )

    return _carried_out(staff_id, act)


@staff_page.post("/staff/<int:staff_id>/password")
@guarded(Guard.ADMIN)
def new_password(staff_id: int) -> ResponseReturnValue:
    """Give somebody a new password; wherever they were signed in, they are no more."""

    def act() -> str:
        password = request.form.get("password", "")
        return f"{set_password(the_deps(), staff_id, password, actor=the_actor())} has a new password."

    return _carried_out(staff_id, act)


@staff_page.post("/staff/<int:staff_id>/remove")
@guarded(Guard.ADMIN)
def remove(staff_id: int) -> ResponseReturnValue:
    """Remove somebody; what they had is open again."""

    def act() -> str:
        reopened = remove_member(the_deps(), staff_id, actor=the_actor())
        return (
            f"Removed. What they had is open again and pages others: {reopened}." if reopened else "Removed."
        )

    return _carried_out(staff_id, act)


def _carried_out(
    staff_id: int, act: Callable[[], str], typed: MemberForm | None = None
) -> ResponseReturnValue:
    """Do what a form asks for and say so, or show the page again with the sentence beside the form."""
    try:
        sentence = act()
    except UnableToSetUp as error:
        view = replace(_page(), form=typed or MemberForm(), fault_at=staff_id, fault=str(error))
        return show("staff", "staff", view), 422
    flash(sentence, "good")
    return go_to(url_for("staff_page.show_staff"))


def _role() -> Role:
    try:
        return Role(request.form.get("role", ""))
    except ValueError:
        raise UnableToSetUp("Choose the role from the list.") from None


def _page() -> StaffPage:
    deps = the_deps()
    with deps.store.reading() as session:
        members = staff.all_staff(session)
    tiers = tiers_of(deps)
    places = {tier: place for place, tier in enumerate(tiers)}
    in_order = sorted(members, key=lambda member: places.get(member.tier or "", len(places)))
    return StaffPage(
        may_change=is_admin(),
        lines=tuple(_line(member) for member in in_order),
        roles=tuple(Role),
        tiers=tiers,
    )


def _line(member: Staff) -> StaffLine:
    refuses = member.sms_refused_at is not None
    return StaffLine(
        staff_id=member.id,
        name=member.name,
        role=member.role,
        phone=as_written(member.phone),
        login=member.login,
        tier=member.tier or "",
        hindrance="This phone refuses our texts: send START from it." if refuses else "",
    )
