"""Check-ins that are due go to the outbox, with the dialogue that their answers are read in; silent ones are nudged."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from service import logs
from service.core.conversation import on_silence, opened
from service.core.protocol import QuietHours, Step
from service.core.words import Disposition, Language, Urgency
from service.store import check_ins, conversations
from service.store.check_ins import CheckIn, CheckInState
from service.store.clinics import the_clinic
from service.store.database import Session
from service.store.patients import Patient
from service.workflows.carry_out import About, carry_out
from service.workflows.deps import Deps
from service.workflows.escalating import escalate
from service.workflows.texting import send_to_patient

_log = logs.get(__name__)

_PAUSE_AFTER_FAILURE = timedelta(minutes=2)


def send_next(deps: Deps) -> bool:
    """Send the check-in that has been due longest; return whether there was one."""
    now = deps.now()
    claimed: list[int] = []
    try:
        with deps.store.transaction() as session:
            row = check_ins.claim_due(session, now)
            if row is None:
                return False
            claimed.append(row.id)
            _send(session, deps, row, now)
    except Exception as error:
        if not claimed:
            raise
        _log.error("check_in.failed", check_in_id=claimed[0], exc_info=error)
        _step_aside(deps, claimed[0], now)
    return True


def _send(session: Session, deps: Deps, row: CheckIn, now: datetime) -> None:
    patient = session.get_one(Patient, row.patient_id)
    clinic = the_clinic(session)
    step = deps.library.protocols[row.protocol].step(row.step)
    if not patient.may_be_contacted:
        _cancel(row, "The patient may not be texted.", now)
        return
    if now > row.window_ends_at:
        _cancel(row, "Its window had closed before it could be sent.", now, state=CheckInState.MISSED)
        return
    quiet, zone = QuietHours(clinic.quiet_from, clinic.quiet_until), ZoneInfo(patient.zone)
    if quiet.is_quiet(now, zone):
        row.try_at = quiet.next_end(now, zone)
        return
    row.state, row.sent_at = CheckInState.SENT, now
    row.missed_at = now + step.give_up
    row.nudge_at = now + step.nudge if step.nudge is not None else None
    conversations.open_conversation(session, patient.id, row.id, opened(step.question), now)
    _text(session, deps, patient, row, step.template, f"check-in:{row.id}", now)
    _log.info("check_in.sent", check_in_id=row.id, patient_id=patient.id, step=row.step)


def nudge_next(deps: Deps) -> bool:
    """Remind one silent patient, once; return whether there was one."""
    now = deps.now()
    with deps.store.transaction() as session:
        row = check_ins.claim_to_nudge(session, now)
        if row is None:
            return False
        patient = session.get_one(Patient, row.patient_id)
        clinic = the_clinic(session)
        quiet, zone = QuietHours(clinic.quiet_from, clinic.quiet_until), ZoneInfo(patient.zone)
        if quiet.is_quiet(now, zone):
            morning = quiet.next_end(now, zone)
            row.nudge_at = morning if morning < row.missed_at else None
            return True
        row.nudge_at = None
        if patient.may_be_contacted:
            step: Step = deps.library.protocols[row.protocol].step(row.step)
            _text(session, deps, patient, row, step.nudge_template, f"nudge:{row.id}", now)
            _log.info("check_in.nudged", check_in_id=row.id, patient_id=patient.id)
    return True


def settle_silent_next(deps: Deps) -> bool:
    """Settle one check-in whose silence has lasted to the end; return whether there was one.

    It is missed, and goes on the worklist; a question of ours that stayed unanswered brings a person, too.
    """
    now = deps.now()
    with deps.store.transaction() as session:
        row = check_ins.claim_silent(session, now)
        if row is None:
            return False
        patient = session.get_one(Patient, row.patient_id)
        row.state, row.settled_at = CheckInState.MISSED, now
        conversation = conversations.of_check_in(session, row.id)
        decisions = on_silence(conversations.talk_of(conversation)) if conversation else ()
        carry_out(
            session,
            deps,
            About(None, patient, row.id, patient.phone, Language(patient.language)),
            decisions,
            now,
        )
        _log.info("check_in.missed", check_in_id=row.id, patient_id=patient.id)
    return True


def _text(
    session: Session, deps: Deps, patient: Patient, row: CheckIn, template: str, key: str, now: datetime
) -> None:
    send_to_patient(
        session,
        deps,
        patient,
        template,
        key=key,
        urgency=Urgency.CHECK_IN,
        now=now,
        not_after=row.window_ends_at,
        check_in_id=row.id,
    )


def _cancel(row: CheckIn, why: str, now: datetime, state: CheckInState = CheckInState.CANCELLED) -> None:
    row.state, row.settled_at, row.why = state, now, why


def _step_aside(deps: Deps, check_in_id: int, now: datetime) -> None:
    """Let the row wait a little, and put the patient before a person: a check-in that can't be sent is care missed."""
    with deps.store.transaction() as session:
        row = session.get(CheckIn, check_in_id)
        if row is None:
            return
        row.try_at = now + _PAUSE_AFTER_FAILURE
        escalate(
            session,
            deps,
            patient=session.get_one(Patient, row.patient_id),
            message=None,
            disposition=Disposition.CALLBACK,
            reason="A check-in could not be sent; call the patient, and tell ops.",
            now=now,
        )
