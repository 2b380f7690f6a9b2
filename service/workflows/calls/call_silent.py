"""A patient who stays silent is called, where the protocol says so: a text may lie unread beside somebody in need."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from service import logs
from service.core.protocol import QuietHours
from service.store import calls, check_ins
from service.store.check_ins import CheckIn
from service.store.clinics import the_clinic
from service.store.database import Session
from service.store.patients import Patient
from service.workflows.calls.promising import promise_check_in_call
from service.workflows.deps import Deps
from service.workflows.holding import HOLD, is_in_talk
from service.workflows.stepping_aside import PAUSE, set_before_a_person, stepping_aside

_log = logs.get(__name__)


def call_next(deps: Deps) -> bool:
    """Call one silent patient; return whether there was one. Not at night, and not while staff are talking with them."""
    now = deps.now()
    with stepping_aside(deps, _not_called) as turn, deps.store.transaction() as session:
        row = check_ins.claim_to_call(session, now)
        if row is None:
            return False
        turn.row_id = row.id
        patient = session.get_one(Patient, row.patient_id)
        later = _not_before(session, patient, now)
        if later > now:
            row.call_at = later if later < row.missed_at else None
            return True
        row.call_at = None
        if patient.may_be_contacted:
            _call(session, deps, patient, row, now)
    return True


def _call(session: Session, deps: Deps, patient: Patient, row: CheckIn, now: datetime) -> None:
    so_far = len(calls.calls_for_check_in(session, row.id))
    promise_check_in_call(session, deps, patient, row, f"call:{row.id}:{so_far + 1}", now)
    _log.info("check_in.called", check_in_id=row.id, patient_id=patient.id)


def _not_called(session: Session, deps: Deps, check_in_id: int, now: datetime) -> None:
    row = session.get_one(CheckIn, check_in_id)
    row.call_at = now + PAUSE
    reason = "A silent patient could not be called by the service; call them yourself, and tell ops."
    set_before_a_person(session, deps, row.patient_id, reason, now)


def _not_before(session: Session, patient: Patient, now: datetime) -> datetime:
    clinic = the_clinic(session)
    quiet, zone = QuietHours(clinic.quiet_from, clinic.quiet_until), ZoneInfo(patient.zone)
    if quiet.is_quiet(now, zone):
        return quiet.next_end(now, zone)
    return now + HOLD if is_in_talk(session, patient, now) else now
