"""A stored reply is read, judged and acted on in one transaction; what can't be read goes to a person."""

from __future__ import annotations

from datetime import datetime

from service import logs
from service.core.decisions import Answer, Decision, Escalate
from service.core.interpretation import interpret
from service.core.words import UNSOLICITED, Disposition, Language, Urgency, highest
from service.store import inbox, patients, staff
from service.store.database import Session
from service.store.inbox import InboxMessage, InboxState
from service.store.readings import save_reading
from service.workflows.answer_staff import answer_staff
from service.workflows.carry_out import About, carry_out
from service.workflows.deps import Deps
from service.workflows.escalating import escalate
from service.workflows.read_patient import HOURS_UNKNOWN, is_answered_by_carrier, log_reading, read_patient
from service.workflows.read_shared import read_shared

_log = logs.get(__name__)

# Reading fails for a reason that a moment may cure (a lock, a restart) or that needs a fix; three tries tell which.
MOST_ATTEMPTS = 3


def read_next(deps: Deps, message_id: int | None = None) -> bool:
    """Read the oldest unread message, or the one named; return whether there was one.

    A message that can't be read is counted, kept, and brought before a person; the rest go on.
    """
    now = deps.now()
    claimed: list[int] = []
    try:
        with deps.store.transaction() as session:
            message = inbox.claim_unread(session, now, message_id)
            if message is None:
                return False
            claimed.append(message.id)
            message.state, message.read_at = InboxState.READ, now
            _read(session, deps, message, now)
    except Exception as error:
        if not claimed:
            raise
        _log.error("inbox.unreadable", message_id=claimed[0], exc_info=error)
        _set_before_a_person(deps, claimed[0], now)
    return True


def _read(session: Session, deps: Deps, message: InboxMessage, now: datetime) -> None:
    member = None if message.is_spoken else staff.staff_on(session, message.sender)
    known = patients.patients_on(session, message.sender) if member is not None else ()
    if member is not None and answer_staff(session, deps, member, message, now, who_are_patients=known):
        message.staff_id = member.id
        return
    read_reply(session, deps, message, now)


def read_reply(session: Session, deps: Deps, message: InboxMessage, now: datetime) -> tuple[Decision, ...]:
    """Read what a patient, several on one number, or somebody unknown wrote or said; return what was decided.

    On a call it may be known already who speaks: then the message names the patient.
    """
    if message.is_spoken and message.patient_id is not None:
        return read_patient(session, deps, message, patients.hold(session, message.patient_id), now)
    known = patients.patients_on(session, message.sender)
    if len(known) > 1:
        return read_shared(session, deps, message, known, now)
    if known:
        return read_patient(session, deps, message, known[0], now)
    return _read_unknown(session, deps, message, now)


def _read_unknown(session: Session, deps: Deps, message: InboxMessage, now: datetime) -> tuple[Decision, ...]:
    """Read for red flags like any other, list it for staff, and answer with a line that gives nothing away."""
    interpretation = interpret(message.body, UNSOLICITED, HOURS_UNKNOWN, Language.ENGLISH, deps.library.guide)
    save_reading(
        session,
        interpretation,
        inbox_id=message.id,
        patient_id=None,
        conversation_id=None,
        asked=str(UNSOLICITED),
        hours=HOURS_UNKNOWN,
        now=now,
    )
    level = highest(Disposition.CALLBACK, interpretation.judgement.disposition)
    decisions: tuple[Decision, ...] = (Escalate(level, "A number that no patient has wrote to the clinic."),)
    if not is_answered_by_carrier(message):
        decisions = (
            Answer("reply_unknown_sender", Urgency.SAFETY if level.needs_paging else Urgency.ANSWER),
            *decisions,
        )
    carry_out(session, deps, About(message, None, None, message.sender, Language.ENGLISH), decisions, now)
    log_reading(message, interpretation)
    return decisions


def _set_before_a_person(deps: Deps, message_id: int, now: datetime) -> None:
    """Count the failure and open a callback at once; after the last try, page: an unread reply may hold a red flag."""
    with deps.store.transaction() as session:
        message = session.get(InboxMessage, message_id)
        if message is None or message.state != InboxState.UNREAD:
            return
        inbox.note_failure(session, message, now, most_attempts=MOST_ATTEMPTS)
        given_up = message.state == InboxState.SET_ASIDE
        known = patients.patients_on(session, message.sender)
        message.patient_id = known[0].id if known else None
        escalate(
            session,
            deps,
            patient=known[0] if known else None,
            message=message,
            disposition=Disposition.URGENT if given_up else Disposition.CALLBACK,
            reason="The service could not read a reply; read it yourself.",
            now=now,
        )
