"""One patient: plan, infusions and conversation by the patient's own clock, and the form for the next infusion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, request, url_for
from flask.typing import ResponseReturnValue

from service.carrier.outcome import TAKES_NO_TEXTS
from service.core.conversation.background import background
from service.core.words import Channel
from service.library.shelf import Library
from service.store import calls, check_ins, inbox, infusions, outbox, overview
from service.store.check_ins import CheckIn, CheckInState
from service.store.database import Session
from service.store.escalations import EscalationState
from service.store.outbox import OutboxMessage
from service.store.patients import Patient
from service.web.calls import dated
from service.web.cards import card, closed_card
from service.web.context import the_actor, the_deps, the_staff_id
from service.web.guard import Guard, guarded
from service.web.health_form import health_of_request, kept_health, typed_health
from service.web.infusion_page import as_typed, instant, milligrams
from service.web.moments import Moment, moment, wall_clock
from service.web.page import go_to, note_view, show
from service.web.people import patient_line
from service.web.phones import link_to
from service.web.steps import step_in_words
from service.web.talk import conversation
from service.web.views import CheckInLine, InfusionForm, InfusionLine, PatientPage, ProtocolChoice
from service.workflows.change_channel import UnableToChange, change_channel
from service.workflows.record_health import UnableToRecord, record_health
from service.workflows.register_infusion import DEFAULT_PROTOCOL, UnableToRegister, register_infusion

patient_pages = Blueprint("patient_pages", __name__, url_prefix="/patients")


@patient_pages.get("/<int:patient_id>")
@guarded(Guard.STAFF)
def show_patient(patient_id: int) -> ResponseReturnValue:
    """Show one patient, and note who looked."""
    view = _load(patient_id)
    note_view(f"patient:{patient_id}")
    return show("patient", "patients", view)


@patient_pages.post("/<int:patient_id>/infusions")
@guarded(Guard.STAFF)
def add_infusion(patient_id: int) -> ResponseReturnValue:
    """Register an infusion, or say what to put right and keep what was typed."""
    view = _load(patient_id)
    ended, protocol = request.form.get("ended", ""), request.form.get("protocol", "")
    dose = request.form.get("dose", "")
    try:
        register_infusion(
            the_deps(),
            patient_id=patient_id,
            ended_at=instant(ended, view.zone),
            protocol=protocol,
            dose_mg=milligrams(dose),
            actor=f"staff:{the_staff_id()}",
        )
    except UnableToRegister as error:
        form = replace(view.form, ended=ended, protocol=protocol, dose=dose, fault=str(error))
        return show("patient", "patients", replace(view, form=form)), 422
    flash("Registered; the check-ins are planned below.", "good")
    return go_to(url_for("patient_pages.show_patient", patient_id=patient_id))


@patient_pages.post("/<int:patient_id>/health")
@guarded(Guard.STAFF)
def change_health(patient_id: int) -> ResponseReturnValue:
    """Change what is known of the patient's health, or say beside the field what to put right."""
    view, deps = _load(patient_id), the_deps()
    knowable = deps.library.guide.knowable
    try:
        recorded = health_of_request(knowable, view.zone, deps.now())
    except UnableToRecord as error:
        form = typed_health(knowable, fault=str(error), fault_in=error.field)
        return show("patient", "patients", replace(view, health=form)), 422
    is_changed = record_health(deps, patient_id, recorded, actor=the_actor())
    flash("Kept; replies are read by it from now on." if is_changed else "That is on record already.", "good")
    return go_to(url_for("patient_pages.show_patient", patient_id=patient_id))


@patient_pages.post("/<int:patient_id>/channel")
@guarded(Guard.STAFF)
def change_how_reached(patient_id: int) -> ResponseReturnValue:
    """Reach the patient by text or by call from now on."""
    _load(patient_id)
    try:
        is_changed = change_channel(
            the_deps(), patient_id, request.form.get("channel", ""), actor=the_actor()
        )
        flash("Changed, from the next check-in on." if is_changed else "They are reached so already.", "good")
    except UnableToChange as error:
        flash(str(error), "bad")
    return go_to(url_for("patient_pages.show_patient", patient_id=patient_id))


def _load(patient_id: int) -> PatientPage:
    """Return the page's view; a 404 where there is no such patient."""
    deps = the_deps()
    with deps.store.reading() as session:
        patient = session.get(Patient, patient_id)
        if patient is None:
            abort(404)
        return load_patient(session, patient, deps.library, deps.now(), the_staff_id())


def load_patient(
    session: Session, patient: Patient, library: Library, now: datetime, staff_id: int
) -> PatientPage:
    """Return the patient as the member of staff sees them, by the patient's clock."""
    zone = patient.zone
    found = overview.escalations_of(session, patient.id)
    sent = outbox.messages_to(session, patient.id)
    return PatientPage(
        patient=patient_line(patient),
        phone_link=link_to(patient.phone),
        channel=patient.channel,
        refusal=_refusal(sent),
        zone=zone,
        their_time=wall_clock(now, zone),
        enrolled=moment(patient.enrolled_at, zone, now),
        escalations=tuple(
            card(session, one, library, zone, now, staff_id)
            for one in found
            if one.state != EscalationState.CLOSED
        ),
        closed=tuple(
            closed_card(session, one, zone, now) for one in found if one.state == EscalationState.CLOSED
        ),
        form=_empty_form(library, zone, now),
        health=kept_health(library.guide.knowable, patient.health()),
        background=background(
            patient.health(), library.guide.knowable, now.astimezone(ZoneInfo(zone)).date()
        ),
        infusions=tuple(
            InfusionLine(
                infusion.id,
                _title(infusion.protocol, library),
                moment(infusion.ended_at, zone, now),
                as_typed(infusion.dose_mg),
            )
            for infusion in infusions.infusions_of(session, patient.id)
        ),
        check_ins=tuple(_check_in(row, zone, now) for row in check_ins.check_ins_of(session, patient.id)),
        conversation=conversation(
            inbox.messages_from(session, patient.id),
            sent,
            dated(session, calls.calls_with(session, patient.id), zone, now),
            zone,
            now,
        ),
    )


def _refusal(sent: Sequence[OutboxMessage]) -> str:
    """Return what became of the newest text where it says that the phone takes no texts, else nothing."""
    texts = [message for message in sent if message.channel == Channel.SMS]
    return (texts[-1].remark or "") if texts and texts[-1].error_code in TAKES_NO_TEXTS else ""


def _empty_form(library: Library, zone: str, now: datetime) -> InfusionForm:
    choices = tuple(
        ProtocolChoice(key, protocol.title)
        for key, protocol in library.protocols.items()
        if not protocol.begins_by_itself
    )
    wall = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return InfusionForm(choices, DEFAULT_PROTOCOL, wall.isoformat(timespec="minutes"))


def _title(protocol: str, library: Library) -> str:
    known = library.protocols.get(protocol)
    return known.title if known else protocol


def _check_in(row: CheckIn, zone: str, now: datetime) -> CheckInLine:
    def read(at: datetime | None) -> Moment | None:
        return None if at is None else moment(at, zone, now)

    return CheckInLine(
        step=step_in_words(row.step),
        state=row.state,
        due=moment(row.due_at, zone, now),
        sent=read(row.sent_at),
        settled=read(row.settled_at) if row.state == CheckInState.ANSWERED else None,
        why=row.why,
    )
