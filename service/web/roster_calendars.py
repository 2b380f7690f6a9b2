"""The roster as a calendar of other programs: a feed to subscribe to, and a file that is read in."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from service.web.context import the_actor, the_deps
from service.web.feed import owner_in
from service.web.guard import Guard, guarded
from service.web.roster_forms import carried_out
from service.workflows.roster import UnableToRoster
from service.workflows.roster_exchange import drop_imported_roster, export_roster, import_roster

roster_calendars = Blueprint("roster_calendars", __name__, url_prefix="/roster")

# Calendars ask every hour or so; a quarter of one is never stale to them, and spares the rest.
_FRESH_SECONDS = 900


@roster_calendars.get("/feed/<token>/<any(everybody, mine):whose>.ics")
@guarded(Guard.FEED)
def feed(token: str, whose: str) -> ResponseReturnValue:
    """Answer a calendar program: who is on call, or when its owner is."""
    owner = owner_in(token)
    roster = export_roster(the_deps(), staff_id=owner if whose == "mine" else None)
    answer = Response(roster, mimetype="text/calendar")
    answer.cache_control.private, answer.cache_control.max_age = True, _FRESH_SECONDS
    answer.add_etag()
    return answer.make_conditional(request)


@roster_calendars.post("/import")
@guarded(Guard.ADMIN)
def read_in() -> ResponseReturnValue:
    """Replace what was imported with the calendar in the file."""

    def replace_it() -> str:
        file = request.files.get("file")
        if file is None or not file.filename:
            raise UnableToRoster("Choose a file, such as roster.ics.")
        imported = import_roster(the_deps(), file.read(), actor=the_actor())
        count = f"{imported.watches} {'watch is' if imported.watches == 1 else 'watches are'} imported"
        return f"{count}, the last on {imported.until:%Y-%m-%d}. They take the place of what was imported before."

    return carried_out("import", replace_it)


@roster_calendars.post("/import/drop")
@guarded(Guard.ADMIN)
def no_import() -> ResponseReturnValue:
    """Take everything off that was imported."""
    return carried_out(
        "import", lambda: f"Removed: {drop_imported_roster(the_deps(), actor=the_actor())} imported."
    )
