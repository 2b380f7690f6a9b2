"""The worklist: everything that waits for staff, worst and oldest first."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from flask import Blueprint
from flask.typing import ResponseReturnValue

from service.core.words import Disposition
from service.library.shelf import Library
from service.store import escalations, overview
from service.store.check_ins import CheckIn
from service.store.clinics import the_clinic
from service.store.database import Session
from service.store.escalations import Escalation
from service.store.patients import Patient
from service.web.cards import card, closed_card, worst_first
from service.web.context import the_deps, the_staff_id
from service.web.escalation_views import Card, MissedCheckIn, Worklist
from service.web.guard import Guard, guarded
from service.web.moments import moment
from service.web.page import show
from service.web.phones import as_written
from service.web.steps import step_in_words

worklist = Blueprint("worklist", __name__)

_CLOSED_SHOWN: Final = 10


@worklist.get("/")
@guarded(Guard.STAFF)
def show_worklist() -> ResponseReturnValue:
    """Show what waits."""
    deps = the_deps()
    with deps.store.reading() as session:
        view = load_worklist(session, deps.library, deps.now(), the_staff_id())
    return show("worklist", "worklist", view)


def load_worklist(session: Session, library: Library, now: datetime, staff_id: int) -> Worklist:
    """Return the worklist as the member of staff sees it, by the clinic's clock."""
    zone = the_clinic(session).zone
    live = sorted(escalations.live_escalations(session), key=worst_first)
    paging = [one for one in live if Disposition(one.disposition).needs_paging]
    rest = [one for one in live if not Disposition(one.disposition).needs_paging]

    def cards(found: list[Escalation]) -> tuple[Card, ...]:
        return tuple(card(session, one, library, zone, now, staff_id) for one in found)

    needed = cards(paging)
    callbacks = cards([one for one in rest if one.patient_id is not None])
    strangers = cards([one for one in rest if one.patient_id is None])
    return Worklist(
        summary=_summary(needed, len(callbacks) + len(strangers)),
        now=needed,
        callbacks=callbacks,
        strangers=strangers,
        missed=tuple(
            _missed(check_in, patient, zone, now)
            for check_in, patient in overview.missed_lately(session, now)
        ),
        closed=tuple(
            closed_card(session, one, zone, now)
            for one in escalations.closed_escalations(session, limit=_CLOSED_SHOWN)
        ),
    )


def _summary(needed: tuple[Card, ...], later: int) -> str:
    untaken = [one for one in needed if not one.has_it]
    overdue = sum(one.is_overdue for one in untaken)
    if untaken:
        words = f"{_count(len(untaken), 'needs', 'need')} someone now"
        words += f", {overdue} past the deadline." if overdue else "."
    elif needed:
        words = f"Somebody has {_all_of(len(needed))}."
    else:
        words = "Nobody needs someone now."
    return f"{words} {_count(later, 'waits', 'wait')} for a call back." if later else words


def _count(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def _all_of(number: int) -> str:
    return "the one that is urgent" if number == 1 else f"all {number} that are urgent"


def _missed(check_in: CheckIn, patient: Patient, zone: str, now: datetime) -> MissedCheckIn:
    return MissedCheckIn(
        patient_id=patient.id,
        who=patient.name,
        phone=as_written(patient.phone),
        asked=moment(check_in.sent_at or check_in.due_at, zone, now),
        step=step_in_words(check_in.step),
    )
