"""The staff: who is paged on which tier, and whose phone refuses texts."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from service.store import staff
from service.store.staff import Staff
from service.web.context import the_deps
from service.web.guard import Guard, guarded
from service.web.page import show
from service.web.phones import as_written
from service.web.views import StaffLine, StaffPage

staff_page = Blueprint("staff_page", __name__)


@staff_page.get("/staff")
@guarded(Guard.STAFF)
def show_staff() -> ResponseReturnValue:
    """Show everybody who works here."""
    with the_deps().store.reading() as session:
        lines = tuple(_line(member) for member in staff.all_staff(session))
    return show("staff", "staff", StaffPage(lines))


def _line(member: Staff) -> StaffLine:
    refuses = member.sms_refused_at is not None
    return StaffLine(
        name=member.name,
        role=member.role,
        phone=as_written(member.phone),
        login=member.login,
        tier=member.tier or "",
        hindrance="This phone refuses our texts: send START from it." if refuses else "",
    )
