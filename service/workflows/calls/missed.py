"""A call that came in while nothing of ours could answer: the caller is on the worklist, with the time."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from service.carrier.gateway import LoggedCall
from service.carrier.inbound import InboundCall
from service.core.decisions import Escalate
from service.core.words import Disposition, Language
from service.store import calls
from service.store.calls import Call, CallStatus
from service.store.clinics import the_clinic
from service.store.database import Session
from service.store.inbox import InboxState
from service.workflows.calls.inbound import record_inbound
from service.workflows.calls.replying import store_words
from service.workflows.calls.scene import patient_of
from service.workflows.carry_out import About, carry_out
from service.workflows.deps import Deps

_OVER: Final = frozenset(status for status in CallStatus if status.is_over)


def note_missed(deps: Deps, logged: LoggedCall) -> bool:
    """Bring before a person who called in vain, once; return whether this call was one that we missed."""
    if logged.status not in _OVER:
        return False
    now = deps.now()
    with deps.store.transaction() as session:
        if calls.call_by_sid(session, logged.sid) is not None:
            return False
        called = InboundCall(logged.sid, logged.caller)
        reference = record_inbound(session, deps, called, CallStatus(logged.status), logged.created_at)
        call = calls.held_call(session, reference)
        if call is not None and call.staff_id is None:
            _call_back(session, deps, call, logged.created_at, now)
    return True


def _call_back(session: Session, deps: Deps, call: Call, called_at: datetime, now: datetime) -> None:
    patient = patient_of(session, call)
    message = None if patient is not None else store_words(session, call, "", called_at, InboxState.READ)
    wall = called_at.astimezone(ZoneInfo(the_clinic(session).zone))
    reason = f"Called at {wall:%H:%M} on {wall:%b} {wall.day} while the service could not answer. Call back."
    about = About(message, patient, None, call.number, Language(call.language))
    carry_out(session, deps, about, (Escalate(Disposition.CALLBACK, reason),), now)
