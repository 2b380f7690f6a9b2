"""Stored replies are read, judged and acted on in one transaction; what can't be read goes to a person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from service import logs
from service.core.decisions import Answer, Decision, Escalate
from service.core.interpretation import interpret
from service.core.words import UNSOLICITED, Disposition, Language, Urgency, highest
from service.store import inbox, patients, staff
from service.store.charts import STAFF, chart_for, charts_for, hold_free, writers
from service.store.database import INTERRUPTED, Session, lost_connection
from service.store.gathering import Gathered
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
MOST_ATTEMPTS: Final = 3
# Who holds a patient for longer than a lock is waited for is stuck; the others' replies go first.
_PUT_OFF_BY: Final = timedelta(seconds=20)
# More at once hold their patients longer, and hardly cost less each.
MOST_TOGETHER: Final = 25


def read_next(deps: Deps, message_id: int | None = None) -> bool:
    """Read the oldest unread message, or the one named; return whether there was one."""
    return read_together(deps, message_id, most=1) > 0


def read_together(deps: Deps, message_id: int | None = None, *, most: int = MOST_TOGETHER) -> int:
    """Read the oldest unread messages, so many at the most, or the one named; return how many there were.

    Those of patients who wrote from a number of their own are read in one transaction, which costs little more than
    one does; each other has its own. A message that can't be read is counted, kept, and brought before a person; the
    rest go on. Neither a lock that another process holds for too long nor a lost connection is a message's fault: it
    is read again a little later, or, as all that was not read, at the next look, for which this raises.
    """
    now = deps.now()
    claimed: list[int] = []
    alone: list[int] = []
    try:
        with deps.store.transaction() as session:
            messages = inbox.claim_unread(session, now, message_id, most=most)
            claimed += [message.id for message in messages]
            if len(messages) == 1:
                _read(session, deps, messages[0], now)
            elif messages:
                alone += _read_many(session, deps, messages, now)
    except Exception as error:
        if not claimed or lost_connection(error):
            raise
        if len(claimed) > 1:
            _log.warning("inbox.not_read_together", messages=len(claimed), exc_info=error)
            alone = claimed
        elif isinstance(error, INTERRUPTED):
            _log.warning("inbox.put_off", message_id=claimed[0], exc_info=error)
            _put_off(deps, claimed[0], now)
        else:
            _log.error("inbox.unreadable", message_id=claimed[0], exc_info=error)
            _set_before_a_person(deps, claimed[0], now)
    for one in alone:
        read_next(deps, one)
    return len(claimed)


def _read_many(
    session: Session, deps: Deps, messages: Sequence[InboxMessage], now: datetime
) -> Sequence[int]:
    """Read what patients wrote from numbers of their own, one of each; return the ids of the others, oldest first.

    Those are of numbers that are shared or unknown, of patients whom another process holds, seconds, and all from the
    first of staff on: what staff mean hangs on what has been read before, and on nothing after it.
    """
    found = writers(session, messages)
    oldest: dict[int, InboxMessage] = {}
    for message in messages:
        who = found.get(message.sender_hash, ())
        if STAFF in who:
            break
        if len(who) == 1:
            oldest.setdefault(who[0], message)
    free = hold_free(session, oldest)
    together = [oldest[patient_id] for patient_id in free]
    for patient_id, message in zip(free, together, strict=True):
        message.patient_id, message.state, message.read_at = patient_id, InboxState.READ, now
    charts = charts_for(session, free, together) if together else {}
    gathered = Gathered()
    for message in together:
        read_patient(session, deps, message, charts[message.id], now, gathered)
    gathered.write(session)
    return [message.id for message in messages if message.state == InboxState.UNREAD]


def _read(session: Session, deps: Deps, message: InboxMessage, now: datetime) -> None:
    message.state, message.read_at = InboxState.READ, now
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
    gathered = Gathered()
    decisions = _read_of(session, deps, message, now, gathered)
    gathered.write(session)
    return decisions


def _read_of(
    session: Session, deps: Deps, message: InboxMessage, now: datetime, gathered: Gathered
) -> tuple[Decision, ...]:
    if message.is_spoken and message.patient_id is not None:
        return read_patient(session, deps, message, chart_for(session, message), now, gathered)
    known = patients.patients_on(session, message.sender)
    if len(known) > 1:
        return read_shared(session, deps, message, known, now, gathered)
    if known:
        message.patient_id = known[0].id
        return read_patient(session, deps, message, chart_for(session, message), now, gathered)
    return _read_unknown(session, deps, message, now, gathered)


def _read_unknown(
    session: Session, deps: Deps, message: InboxMessage, now: datetime, gathered: Gathered
) -> tuple[Decision, ...]:
    """Read for red flags like any other, list it for staff, and answer with a line that gives nothing away."""
    interpretation = interpret(message.body, UNSOLICITED, HOURS_UNKNOWN, Language.ENGLISH, deps.library.guide)
    save_reading(
        gathered,
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


def _put_off(deps: Deps, message_id: int, now: datetime) -> None:
    with deps.store.transaction() as session:
        message = session.get(InboxMessage, message_id)
        if message is not None and message.state == InboxState.UNREAD:
            message.try_at = now + _PUT_OFF_BY


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
