"""One infusion of a patient: the form that moves or shortens it, and the one that cancels it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from service.store.infusions import Infusion
from service.store.patients import Patient
from service.web.context import the_actor, the_deps
from service.web.guard import Guard, guarded
from service.web.moments import moment
from service.web.page import go_to, note_view, show
from service.web.views import InfusionPage
from service.workflows.register_infusion import UnableToRegister, cancel_infusion, change_infusion

infusion_pages = Blueprint("infusion_pages", __name__, url_prefix="/patients/<int:patient_id>/infusions")


@infusion_pages.get("/<int:infusion_id>")
@guarded(Guard.STAFF)
def show_infusion(patient_id: int, infusion_id: int) -> ResponseReturnValue:
    """Show one infusion with its forms, and note who looked."""
    view = _load(patient_id, infusion_id)
    note_view(f"patient:{patient_id}")
    return show("infusion", "patients", view)


@infusion_pages.post("/<int:infusion_id>")
@guarded(Guard.STAFF)
def change(patient_id: int, infusion_id: int) -> ResponseReturnValue:
    """Let it end at another time or with another dose, or say what to put right and keep what was typed."""
    view = _load(patient_id, infusion_id)
    ended, dose = request.form.get("ended", ""), request.form.get("dose", "")
    try:
        at, dose_mg = instant(ended, view.zone), milligrams(dose)
        change_infusion(the_deps(), infusion_id, ended_at=at, dose_mg=dose_mg, actor=the_actor())
    except UnableToRegister as error:
        refused = _load(patient_id, infusion_id, ended=ended, dose=dose, fault_in="change", fault=str(error))
        return show("infusion", "patients", refused), 422
    return _back(patient_id, "Changed; the check-ins below are planned afresh.")


@infusion_pages.post("/<int:infusion_id>/cancel")
@guarded(Guard.STAFF)
def cancel(patient_id: int, infusion_id: int) -> ResponseReturnValue:
    """Cancel it, once it is confirmed that it does not take place."""
    _load(patient_id, infusion_id)
    try:
        if "sure" not in request.form:
            raise UnableToRegister("Tick the box first: it did not take place, or will not.")
        cancel_infusion(the_deps(), infusion_id, actor=the_actor())
    except UnableToRegister as error:
        refused = _load(patient_id, infusion_id, fault_in="cancel", fault=str(error))
        return show("infusion", "patients", refused), 422
    return _back(patient_id, "Cancelled; what was planned for it is not sent.")


def instant(written: str, zone: str) -> datetime:
    """Return the instant (UTC) that a wall time names in the zone, of two in autumn the earlier.

    Raises:
        UnableToRegister: where it is no time, or one that the clocks pass over in spring.
    """
    try:
        wall = datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        raise UnableToRegister("Say when the infusion ended, with date and time.") from None
    at = wall.astimezone(UTC)
    if at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != wall.replace(tzinfo=None):
        raise UnableToRegister(
            f"That night the clocks in {zone} went forward, past this time. Check the time."
        )
    return at


def milligrams(written: str) -> float | None:
    """Return a dose as it was typed; None where nothing was.

    Raises:
        UnableToRegister: where it is no number.
    """
    if not written.strip():
        return None
    try:
        return float(written)
    except ValueError:
        raise UnableToRegister(
            "Write the dose as a number of milligrams, such as 42.5, or leave it empty."
        ) from None


def as_typed(dose_mg: float | None) -> str:
    """Return a dose as it stands in a form: "42.5", "40", or nothing."""
    return "" if dose_mg is None else f"{dose_mg:g}"


def _back(patient_id: int, words: str) -> Response:
    flash(words, "good")
    return go_to(url_for("patient_pages.show_patient", patient_id=patient_id))


def _load(
    patient_id: int,
    infusion_id: int,
    *,
    ended: str | None = None,
    dose: str | None = None,
    fault_in: str = "",
    fault: str = "",
) -> InfusionPage:
    """Return the page's view, with what was typed; a 404 where the patient has no such infusion, or no longer."""
    deps = the_deps()
    with deps.store.reading() as session:
        patient, infusion = session.get(Patient, patient_id), session.get(Infusion, infusion_id)
        if patient is None or infusion is None or infusion.patient_id != patient_id or infusion.cancelled_at:
            abort(404)
        known = deps.library.protocols.get(infusion.protocol)
        wall = infusion.ended_at.astimezone(ZoneInfo(patient.zone)).replace(tzinfo=None)
        return InfusionPage(
            patient_id=patient.id,
            infusion_id=infusion.id,
            name=patient.name,
            zone=patient.zone,
            protocol=known.title if known else infusion.protocol,
            when=moment(infusion.ended_at, patient.zone, deps.now()),
            ended=wall.isoformat(timespec="minutes") if ended is None else ended,
            dose=as_typed(infusion.dose_mg) if dose is None else dose,
            fault_in=fault_in,
            fault=fault,
        )
