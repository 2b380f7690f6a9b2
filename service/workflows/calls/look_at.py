"""A call of which nothing more was heard is asked for at Twilio, so that a lost report leaves nothing half done."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from service import logs
from service.carrier.gateway import UnableToAsk
from service.carrier.inbound import CallReport
from service.store import calls
from service.store.calls import Call, CallStatus
from service.store.database import Session
from service.workflows.calls.ending import let_the_unsaid_leave
from service.workflows.calls.promising import LOOK_AFTER
from service.workflows.calls.reports import move_call
from service.workflows.calls.turns import finish_turns
from service.workflows.deps import Deps
from service.workflows.stepping_aside import PAUSE, Turn, set_before_a_person, stepping_aside

_log = logs.get(__name__)

# A turn is answered within seconds; one that is older was heard by a process that died.
_ABANDONED_AFTER: Final = timedelta(seconds=30)
# No call lasts so long: one that Twilio can't tell of by then is over.
_GIVEN_UP_AFTER: Final = timedelta(hours=4)


def look_at_next(deps: Deps) -> bool:
    """Look at the call of which nothing was heard for longest; return whether there was one."""
    with stepping_aside(deps, _not_looked_at) as turn:
        if not _look(deps, turn, deps.now()):
            return False
    return True


def _look(deps: Deps, turn: Turn, now: datetime) -> bool:
    with deps.store.transaction() as session:
        call = calls.claim_to_look_at(session, now)
        if call is None:
            return False
        turn.row_id = call.id
        is_over = CallStatus(call.status).is_over
        # The claim outlives this transaction as a later look, so that no transaction is open while Twilio is asked.
        call.look_at = now + LOOK_AFTER
        call_id, given_up = call.id, now - call.created_at > _GIVEN_UP_AFTER
        last_known = CallReport(call.sid or "", CallStatus.FAILED, call.reference)
    finish_turns(deps, call_id, heard_before=now - _ABANDONED_AFTER)
    if is_over:
        _let_go(deps, call_id)
        return True
    report = last_known if given_up else _asked_for(deps, last_known)
    if report is not None:
        with deps.store.transaction() as session:
            call = session.get_one(Call, call_id, with_for_update=True)
            move_call(session, deps, call, report, now)
    return True


def _not_looked_at(session: Session, deps: Deps, call_id: int, now: datetime) -> None:
    """A page that rang moves on by its own deadline; a patient's call goes to a person."""
    call = session.get_one(Call, call_id)
    call.look_at = now + PAUSE
    if call.patient_id is not None:
        reason = "A call could not be gone on with; call the patient, and tell ops."
        set_before_a_person(session, deps, call.patient_id, reason, now)


def _asked_for(deps: Deps, known: CallReport) -> CallReport | None:
    if not known.sid:
        return None
    try:
        logged = deps.carrier.call_named(known.sid)
    except UnableToAsk as error:
        _log.warning("call.unknown", remedy=str(error))
        return None
    return CallReport(logged.sid, logged.status, known.reference, logged.answered_by, logged.duration)


def _let_go(deps: Deps, call_id: int) -> None:
    """Look no more at a call that is over, once what it had left unsaid has left as texts."""
    now = deps.now()
    with deps.store.transaction() as session:
        call = session.get_one(Call, call_id, with_for_update=True)
        let_the_unsaid_leave(session, call, now)
        left = calls.untaken_turns(session, call_id)
        call.look_at = now + LOOK_AFTER if left else None
