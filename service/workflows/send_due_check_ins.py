"""Check-ins that are due go to the outbox, with the dialogue that their answers are read in; silent ones are nudged."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from service import logs
from service.core.conversation import on_silence
from service.core.protocol import QuietHours
from service.core.protocol.model import Silence
from service.core.timing import waits
from service.core.words import Channel, Language, Urgency
from service.store import check_ins, conversations, patients
from service.store.check_ins import CheckIn, CheckInState
from service.store.clinics import the_clinic
from service.store.conversations import Conversation
from service.store.database import Session
from service.store.patients import Patient
from service.workflows.calls.promising import promise_check_in_call
from service.workflows.carry_out import About, carry_out
from service.workflows.deps import Deps
from service.workflows.holding import HOLD, is_in_talk, one_of_the_due
from service.workflows.opening import opening_talk
from service.workflows.read_shared import settle_unowned
from service.workflows.rechecks import question_of, step_of
from service.workflows.stepping_aside import PAUSE, set_before_a_person, stepping_aside
from service.workflows.texting import send_to_patient

_log = logs.get(__name__)


def send_next(deps: Deps) -> bool:
    """Send the check-in that has been due longest; return whether there was one."""
    now = deps.now()
    with stepping_aside(deps, _not_sent) as turn, deps.store.transaction() as session:
        row = check_ins.claim_due(session, now)
        if row is None:
            return False
        turn.row_id = row.id
        _send(session, deps, row, now)
    return True


def _send(session: Session, deps: Deps, row: CheckIn, now: datetime) -> None:
    patient = patients.hold(session, row.patient_id)
    if not patient.may_be_contacted:
        _cancel(row, "The patient may not be texted.", now)
        return
    if now > row.window_ends_at:
        _cancel(row, "Its window had closed before it could be sent.", now, state=CheckInState.MISSED)
        return
    quiet, zone = _quiet_hours(session), ZoneInfo(patient.zone)
    if quiet.is_quiet(now, zone):
        row.try_at = quiet.next_end(now, zone)
        return
    if is_in_talk(session, patient, now):
        row.try_at = now + HOLD
        return
    row = one_of_the_due(session, deps, row, now)
    if row.state != CheckInState.PLANNED or row.try_at > now:
        return
    _send_now(session, deps, patient, row, now)


def _send_now(session: Session, deps: Deps, patient: Patient, row: CheckIn, now: datetime) -> None:
    step = step_of(deps, row)
    row.state, row.sent_at = CheckInState.SENT, now
    silence = waits(step, now, ZoneInfo(patient.zone), _quiet_hours(session))
    row.missed_at, row.nudge_at = silence.give_up_at, silence.nudge_at
    # Who chose calls is called, and reminded by a call, anyway.
    row.call_at = silence.call_at if patient.channel == Channel.SMS else None
    if step.asks:
        talk = opening_talk(session, deps, row, now)
        conversations.open_conversation(session, patient.id, row.id, talk, now)
    _reach(session, deps, patient, row, step.template, f"check-in:{row.id}", now)
    _log.info("check_in.sent", check_in_id=row.id, patient_id=patient.id, step=row.step)


def nudge_next(deps: Deps) -> bool:
    """Remind one silent patient, once; return whether there was one."""
    now = deps.now()
    with stepping_aside(deps, _not_nudged) as turn, deps.store.transaction() as session:
        row = check_ins.claim_to_nudge(session, now)
        if row is None:
            return False
        turn.row_id = row.id
        patient = session.get_one(Patient, row.patient_id)
        quiet, zone = _quiet_hours(session), ZoneInfo(patient.zone)
        if quiet.is_quiet(now, zone):
            morning = quiet.next_end(now, zone)
            row.nudge_at = morning if morning < row.missed_at else None
            return True
        if is_in_talk(session, patient, now):
            row.nudge_at = now + HOLD if now + HOLD < row.missed_at else None
            return True
        row.nudge_at = None
        if patient.may_be_contacted:
            step = step_of(deps, row)
            _reach(session, deps, patient, row, step.nudge_template, f"nudge:{row.id}", now)
            _log.info("check_in.nudged", check_in_id=row.id, patient_id=patient.id)
    return True


def settle_silent_next(deps: Deps) -> bool:
    """Settle one silence that has lasted to the end; return whether there was one.

    A check-in is missed, and goes on the worklist; a question of ours that stayed unanswered brings a person, too,
    whether it followed a check-in, a text that nobody had asked for, or was whose answer a text on a shared number is.
    """
    now = deps.now()
    return _settle_check_in(deps, now) or _settle_talk(deps, now) or _settle_unowned(deps, now)


def _settle_check_in(deps: Deps, now: datetime) -> bool:
    with stepping_aside(deps, _silence_not_settled) as turn, deps.store.transaction() as session:
        row = check_ins.claim_silent(session, now)
        if row is None:
            return False
        turn.row_id = row.id
        row.state, row.settled_at = CheckInState.MISSED, now
        conversation = conversations.of_check_in(session, row.id)
        if conversation is not None:
            escalates = step_of(deps, row).silence is Silence.ESCALATE
            _fall_silent(session, deps, conversation, row, now, escalates=escalates)
        _log.info("check_in.missed", check_in_id=row.id, patient_id=row.patient_id)
    return True


def _settle_talk(deps: Deps, now: datetime) -> bool:
    with stepping_aside(deps, _talk_not_settled) as turn, deps.store.transaction() as session:
        conversation = conversations.claim_silent(session, now)
        if conversation is None:
            return False
        turn.row_id = conversation.id
        row = check_ins.hold(session, conversation.check_in_id) if conversation.check_in_id else None
        _fall_silent(session, deps, conversation, row, now, escalates=False)
    return True


def _settle_unowned(deps: Deps, now: datetime) -> bool:
    with deps.store.transaction() as session:
        return settle_unowned(session, deps, now)


def _fall_silent(
    session: Session,
    deps: Deps,
    conversation: Conversation,
    row: CheckIn | None,
    now: datetime,
    *,
    escalates: bool,
) -> None:
    patient = session.get_one(Patient, conversation.patient_id)
    talk, decisions = on_silence(conversations.talk_of(conversation), escalates=escalates)
    conversations.keep_talk(conversation, talk)
    conversation.answer_by = None
    language = Language(patient.language)
    about = About(None, patient, row, patient.phone, language, conversation)
    carry_out(session, deps, about, decisions, now)


def _reach(
    session: Session, deps: Deps, patient: Patient, row: CheckIn, template: str, key: str, now: datetime
) -> None:
    """Ask by call who chose calls, and by text everybody else; a reminder that asks nothing is always a text."""
    if patient.channel == Channel.VOICE and step_of(deps, row).asks:
        promise_check_in_call(session, deps, patient, row, key, now)
    else:
        _text(session, deps, patient, row, template, key, now)


def _text(
    session: Session, deps: Deps, patient: Patient, row: CheckIn, template: str, key: str, now: datetime
) -> None:
    symptom = question_of(deps, row).symptom
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
        values=(("symptom", symptom),) if symptom else (),
    )


def _quiet_hours(session: Session) -> QuietHours:
    clinic = the_clinic(session)
    return QuietHours(clinic.quiet_from, clinic.quiet_until)


def _cancel(row: CheckIn, why: str, now: datetime, state: CheckInState = CheckInState.CANCELLED) -> None:
    row.state, row.settled_at, row.why = state, now, why


def _not_sent(session: Session, deps: Deps, check_in_id: int, now: datetime) -> None:
    """A check-in that can't be sent is care missed."""
    row = session.get_one(CheckIn, check_in_id)
    row.try_at = now + PAUSE
    _tell(session, deps, row.patient_id, "A check-in could not be sent", now)


def _not_nudged(session: Session, deps: Deps, check_in_id: int, now: datetime) -> None:
    row = session.get_one(CheckIn, check_in_id)
    row.nudge_at = now + PAUSE
    _tell(session, deps, row.patient_id, "A silent patient could not be reminded", now)


def _silence_not_settled(session: Session, deps: Deps, check_in_id: int, now: datetime) -> None:
    row = session.get_one(CheckIn, check_in_id)
    row.missed_at = now + PAUSE
    _tell(
        session, deps, row.patient_id, "A check-in has no answer, and its silence could not be settled", now
    )


def _talk_not_settled(session: Session, deps: Deps, conversation_id: int, now: datetime) -> None:
    conversation = session.get_one(Conversation, conversation_id)
    conversation.answer_by = now + PAUSE
    words = "A question has no answer, and its silence could not be settled"
    _tell(session, deps, conversation.patient_id, words, now)


def _tell(session: Session, deps: Deps, patient_id: int, what: str, now: datetime) -> None:
    set_before_a_person(session, deps, patient_id, f"{what}; call the patient, and tell ops.", now)
