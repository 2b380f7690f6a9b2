"""Somebody calls the clinic's number: a patient, staff, or somebody unknown; each call is taken in once, by its sid."""

from __future__ import annotations

from datetime import datetime

from service.carrier.inbound import HeardTurn, InboundCall
from service.core.words import Language
from service.store import calls, pages, patients, staff
from service.store.calls import CallStatus
from service.store.database import Session
from service.workflows.calls.promising import LOOK_AFTER
from service.workflows.calls.turns import take_turn
from service.workflows.deps import Deps


def take_call_in(deps: Deps, called: InboundCall) -> str:
    """Return what a caller hears first; the same for a request that Twilio repeats."""
    now = deps.now()
    with deps.store.transaction() as session:
        reference = record_inbound(session, deps, called, CallStatus.IN_PROGRESS, now)
    return take_turn(deps, reference, 0, HeardTurn("", "", None, ""))


def record_inbound(
    session: Session, deps: Deps, called: InboundCall, status: CallStatus, now: datetime
) -> str:
    """Put a call that came in on record, unless its sid is there already; return its reference.

    Who is staff and patient on one number is served as staff while a page waits for them.
    """
    found = calls.call_by_sid(session, called.sid)
    if found is not None:
        return found.reference
    member = staff.staff_on(session, called.caller)
    known = patients.patients_on(session, called.caller)
    is_staff = member is not None and (not known or bool(pages.open_for_member(session, member.id)))
    patient = known[0] if len(known) == 1 and not is_staff else None
    return calls.take_in_call(
        session,
        sid=called.sid,
        reference=deps.new_reference(),
        number=called.caller,
        language=patient.language if patient is not None else Language.ENGLISH,
        status=status,
        now=now,
        look_at=None if status.is_over else now + LOOK_AFTER,
        patient_id=patient.id if patient is not None else None,
        staff_id=member.id if member is not None and is_staff else None,
    )
