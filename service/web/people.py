"""Patients: the list, and the form that enrols one."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flask import Blueprint, flash, request, url_for
from flask.typing import ResponseReturnValue

from service.core.recorded import NOTHING_RECORDED
from service.core.words import Channel
from service.store import patients
from service.store.clinics import the_clinic
from service.store.patients import Patient
from service.web.context import the_deps, the_staff_id
from service.web.guard import Guard, guarded
from service.web.health_form import health_of_request, kept_health, typed_health
from service.web.page import go_to, show
from service.web.phones import as_written
from service.web.views import EnrolForm, PatientLine, Patients
from service.web.zones import zones
from service.workflows.enrol import UnableToEnrol, enrol
from service.workflows.record_health import UnableToRecord

people = Blueprint("people", __name__, url_prefix="/patients")

_SHOWN: Final = 200
# Names are sealed in the database, so that a search opens every one: this many take about two seconds.
_SEARCHED: Final = 10_000
_LANGUAGES: Final = {"en": "English", "es": "Spanish"}
_ENROLLED: Final = {
    Channel.SMS: "Enrolled; the welcome text is on its way.",
    Channel.VOICE: "Enrolled; each check-in will be a call.",
}


@people.get("")
@guarded(Guard.STAFF)
def list_patients() -> ResponseReturnValue:
    """Show the patients, or those whose name or number holds what was searched for."""
    wanted = request.args.get("q", "").strip()
    with the_deps().store.reading() as session:
        every = patients.all_patients(session, limit=_SEARCHED if wanted else _SHOWN + 1)
        lines = tuple(patient_line(patient) for patient in every)
    found = tuple(line for line in lines if _matches(line, wanted))
    return show("patients", "patients", Patients(found[:_SHOWN], wanted, has_more=len(found) > _SHOWN))


def _matches(line: PatientLine, wanted: str) -> bool:
    digits = "".join(sign for sign in wanted if sign.isdigit())
    own_digits = "".join(sign for sign in line.phone if sign.isdigit())
    return wanted.casefold() in line.name.casefold() or (digits != "" and digits in own_digits)


def patient_line(patient: Patient) -> PatientLine:
    """Return a patient as a line of a list."""
    hindrances = (
        (patient.opted_out_at, "Opted out"),
        (patient.wrong_number_at, "Wrong number"),
        (patient.consented_at is None, "No consent"),
    )
    return PatientLine(
        patient_id=patient.id,
        name=patient.name,
        phone=as_written(patient.phone),
        language=_LANGUAGES.get(patient.language, patient.language),
        hindrance=next((words for holds, words in hindrances if holds), ""),
    )


@people.get("/new")
@guarded(Guard.STAFF)
def show_enrol_form() -> ResponseReturnValue:
    """Show the empty form."""
    form = EnrolForm(
        zones(), _clinic_zone(), kept_health(the_deps().library.guide.knowable, NOTHING_RECORDED)
    )
    return show("enrol", "patients", form)


@people.post("/new")
@guarded(Guard.STAFF)
def enrol_patient() -> ResponseReturnValue:
    """Enrol a patient, or say what to put right and keep what was typed."""
    deps = the_deps()
    knowable = deps.library.guide.knowable
    typed = EnrolForm(
        zones=zones(),
        zone=request.form.get("zone", "").strip(),
        health=typed_health(knowable),
        name=request.form.get("name", ""),
        phone=request.form.get("phone", ""),
        language=request.form.get("language", ""),
        channel=request.form.get("channel", "sms"),
        has_agreed="agreed" in request.form,
    )
    try:
        patient_id = enrol(
            deps,
            name=typed.name,
            phone=typed.phone,
            language=typed.language,
            zone=typed.zone,
            channel=typed.channel,
            consent=typed.has_agreed,
            recorded=health_of_request(knowable, _clinic_zone(), deps.now()),
            actor=f"staff:{the_staff_id()}",
        )
    except UnableToEnrol as error:
        return show("enrol", "patients", replace(typed, fault=str(error))), 422
    except UnableToRecord as error:
        health = typed_health(knowable, fault=str(error), fault_in=error.field)
        return show("enrol", "patients", replace(typed, health=health)), 422
    flash(f"{_ENROLLED[Channel(typed.channel)]} Register the infusion next.", "good")
    return go_to(url_for("patient_pages.show_patient", patient_id=patient_id))


def _clinic_zone() -> str:
    with the_deps().store.reading() as session:
        return the_clinic(session).zone
