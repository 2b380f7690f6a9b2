"""Rendering a page: its own view, and the shell around it with who is signed in and what is wrong with the service."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from flask import get_flashed_messages, render_template
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from service.store import audit, overview
from service.store.clinics import find_clinic
from service.web.context import the_deps, the_member, the_site, the_staff_id
from service.web.moments import clock_of, day_of
from service.web.views import Said, Shell
from service.web.watch import watch_work

# A page that refreshes itself is one look, not hundreds.
_ONE_LOOK: Final = timedelta(minutes=15)


def show(template: str, section: str, view: object) -> str:
    """Return the page for whoever is signed in; `section` is the one marked in the navigation."""
    return render_template(f"{template}.html", view=view, shell=_shell(section))


def _shell(section: str) -> Shell:
    deps, site, member = the_deps(), the_site(), the_member()
    with deps.store.reading() as session:
        clinic = find_clinic(session)
    wall = deps.now().astimezone(ZoneInfo(clinic.zone if clinic else "UTC"))
    return Shell(
        clinic=clinic.name if clinic else "Dripline",
        member=member.name if member else "",
        section=section,
        faults=watch_work(deps).faults,
        said=tuple(Said(*told) for told in get_flashed_messages(with_categories=True)),
        read_at=f"{day_of(wall, wall.year)}, {clock_of(wall)}",
        is_demo=site.is_demo,
        simulator_url=site.simulator_url,
    )


def go_to(address: str) -> Response:
    """Return the answer to a form that was carried out: look at this address now, so that a reload repeats nothing."""
    return redirect(address, 303)


def note_view(subject: str) -> None:
    """Put on record that whoever is signed in has looked at the subject, such as "patient:7"."""
    deps = the_deps()
    actor, now = f"staff:{the_staff_id()}", deps.now()
    with deps.store.reading() as session:
        if overview.has_seen(session, actor, subject, now - _ONE_LOOK):
            return
    with deps.store.transaction() as session:
        audit.record(session, actor=actor, action="viewed", subject=subject, now=now)
