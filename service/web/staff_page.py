"""The staff: who is paged on which tier, and whose phone refuses texts."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from service.library.shelf import Library
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
    deps = the_deps()
    with deps.store.reading() as session:
        members = staff.all_staff(session)
    places = {tier: place for place, tier in enumerate(_tiers(deps.library))}
    in_order = sorted(members, key=lambda member: places.get(member.tier or "", len(places)))
    lines = tuple(_line(member) for member in in_order)
    return show("staff", "staff", StaffPage(lines))


def _tiers(library: Library) -> tuple[str, ...]:
    """Return the tiers of every ladder in the order in which they are paged."""
    ladders = [ladder for protocol in library.protocols.values() for ladder in protocol.ladders]
    return tuple(dict.fromkeys(tier.name for ladder in ladders for tier in ladder.tiers))


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
