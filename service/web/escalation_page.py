"""One escalation: why it was opened, what was said and done, and the buttons to take it, give it away and close it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flask import Blueprint, abort, flash, request, url_for
from flask.typing import ResponseReturnValue

from service.core.conversation.handover import as_text
from service.core.words import Disposition
from service.library.shelf import Library
from service.store import calls, escalations, inbox, outbox, overview, staff
from service.store.clinics import the_clinic
from service.store.database import Session
from service.store.escalations import Escalation
from service.store.patients import Patient
from service.store.readings import readings_by_message
from service.store.staff import Staff
from service.web.calls import call_line, dated
from service.web.cards import card, sender_of
from service.web.context import the_deps, the_staff_id
from service.web.escalation_views import (
    Bubble,
    CallLine,
    Colleague,
    EscalationPage,
    Happening,
    PageLine,
    Reason,
)
from service.web.guard import Guard, guarded
from service.web.moments import moment, wall_clock
from service.web.page import go_to, note_view, show
from service.web.phones import as_written, link_to
from service.web.talk import conversation, fate, is_lost, reason
from service.workflows.acknowledge import OUTCOMES, Taken, close_on_page, take_on_page
from service.workflows.hand_over import hand_over, release
from service.workflows.handover_page import handover_for

escalation_pages = Blueprint("escalation_pages", __name__, url_prefix="/escalations")


@escalation_pages.get("/<int:escalation_id>")
@guarded(Guard.STAFF)
def show_escalation(escalation_id: int) -> ResponseReturnValue:
    """Show one escalation, and note who looked."""
    view = _load(escalation_id)
    note_view(f"escalation:{escalation_id}")
    return show("escalation", "worklist", view)


@escalation_pages.post("/<int:escalation_id>/take")
@guarded(Guard.STAFF)
def take(escalation_id: int) -> ResponseReturnValue:
    """Take it for whoever is signed in."""
    return _told(escalation_id, take_on_page(the_deps(), escalation_id, the_staff_id()))


@escalation_pages.post("/<int:escalation_id>/release")
@guarded(Guard.STAFF)
def let_go(escalation_id: int) -> ResponseReturnValue:
    """Let it go, so that the next on call is paged."""
    return _told(escalation_id, release(the_deps(), escalation_id, the_staff_id()))


@escalation_pages.post("/<int:escalation_id>/hand-over")
@guarded(Guard.STAFF)
def give(escalation_id: int) -> ResponseReturnValue:
    """Give it to the colleague who was chosen."""
    colleague_id = _number(request.form.get("colleague", ""))
    return _told(escalation_id, hand_over(the_deps(), escalation_id, the_staff_id(), colleague_id))


@escalation_pages.post("/<int:escalation_id>/close")
@guarded(Guard.STAFF)
def close(escalation_id: int) -> ResponseReturnValue:
    """Close it with its outcome; what was typed is kept where it can't be."""
    outcome, note = request.form.get("outcome", ""), request.form.get("note", "")
    seen = _number(request.form.get("seen", ""))
    closed = close_on_page(the_deps(), escalation_id, the_staff_id(), outcome, note, seen=seen)
    if closed.is_yours:
        flash(closed.sentence, "good")
        return go_to(url_for("worklist.show_worklist"))
    view = replace(_load(escalation_id), fault=closed.sentence, outcome_typed=outcome, note_typed=note)
    return show("escalation", "worklist", view), 422


def _number(typed: str) -> int:
    """Return the number of a form's field; 0 where it holds none."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


def _told(escalation_id: int, taken: Taken) -> ResponseReturnValue:
    """Say on the escalation's page what came of a button."""
    flash(taken.sentence, "good" if taken.is_yours else "bad")
    return go_to(url_for("escalation_pages.show_escalation", escalation_id=escalation_id))


def _load(escalation_id: int) -> EscalationPage:
    """Return the page's view; a 404 where there is no such escalation."""
    deps = the_deps()
    with deps.store.reading() as session:
        escalation = session.get(Escalation, escalation_id)
        if escalation is None:
            abort(404)
        return load_escalation(session, escalation, deps.library, deps.now(), the_staff_id())


def load_escalation(
    session: Session, escalation: Escalation, library: Library, now: datetime, staff_id: int
) -> EscalationPage:
    """Return the escalation as the member of staff sees it, by the clinic's clock."""
    zone = the_clinic(session).zone
    patient = session.get(Patient, escalation.patient_id) if escalation.patient_id else None
    number = patient.phone if patient else sender_of(session, escalation)
    return EscalationPage(
        card=card(session, escalation, library, zone, now, staff_id),
        state=escalation.state,
        patient_id=escalation.patient_id,
        tells_patient=patient is not None and Disposition(escalation.disposition).needs_paging,
        pages_staff=Disposition(escalation.disposition).needs_paging,
        phone=as_written(number),
        phone_link=link_to(number),
        their_time=wall_clock(now, patient.zone) if patient and patient.zone != zone else "",
        reasons=_reasons(session, escalation, library, zone, now),
        conversation=_conversation(session, escalation, zone, now),
        timeline=tuple(
            Happening(moment(event.at, zone, now), event.kind, event.words)
            for event in escalations.timeline(session, escalation.id)
        ),
        pages=_pages(session, escalation, zone, now),
        last_news=escalations.last_news(session, escalation.id),
        outcomes=OUTCOMES,
        colleagues=tuple(
            Colleague(member.id, member.name) for member in staff.all_staff(session) if member.id != staff_id
        ),
        outcome=escalation.outcome or "",
        note=escalation.note or "",
        handover=as_text(handover_for(session, patient, library.guide.knowable, now)) if patient else "",
    )


def _reasons(
    session: Session, escalation: Escalation, library: Library, zone: str, now: datetime
) -> tuple[Reason, ...]:
    """Return what was written or said; a call on which nothing was said stands in the conversation alone."""
    every = inbox.messages_of_escalation(session, escalation.id)
    messages = [one for one in every if one.body or not one.is_spoken]
    readings = readings_by_message(session, [message.id for message in messages])
    newest_first = reversed(messages)
    return tuple(
        reason(one, readings.get(one.id), library, zone, now) for one in newest_first if not one.staff_id
    )


def _conversation(
    session: Session, escalation: Escalation, zone: str, now: datetime
) -> tuple[Bubble | CallLine, ...]:
    if escalation.patient_id is not None:
        received = inbox.messages_from(session, escalation.patient_id)
        sent = outbox.messages_to(session, escalation.patient_id)
        called = calls.calls_with(session, escalation.patient_id)
    else:
        received = inbox.messages_of_escalation(session, escalation.id)
        sent = overview.answers_to_sender(session, escalation.sender_hash or "")
        called = calls.calls_named(session, {one.call_id for one in received if one.call_id})
    written = [one for one in received if not one.staff_id]
    return conversation(written, sent, dated(session, called, zone, now), zone, now)


def _pages(session: Session, escalation: Escalation, zone: str, now: datetime) -> tuple[PageLine, ...]:
    """Return the pages by text and by call, and the calls of staff who rang us about it, oldest first."""
    called = {call.reference: call for call in calls.calls_about(session, escalation.id)}
    lines = []
    for page in outbox.pages_of(session, escalation.id):
        call = called.pop(page.reference, None)
        spoken = call_line(session, call, zone, now) if call is not None else None
        at = moment(page.created_at, zone, now)
        who = session.get_one(Staff, page.staff_id).name
        went = (page.remark or spoken.how) if spoken is not None else fate(page)
        lines.append((page.created_at, PageLine(who, at, went, is_lost(page), spoken)))
    for call in called.values():
        line = call_line(session, call, zone, now)
        who = session.get_one(Staff, call.staff_id).name
        lines.append((call.created_at, PageLine(who, line.at, "called us about it", False, line)))
    return tuple(line for _, line in sorted(lines, key=lambda line: line[0]))
