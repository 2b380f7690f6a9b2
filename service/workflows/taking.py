"""Somebody says "mine": one winner, no more pages, a time by which it is closed, and word to the patient."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.core.words import Channel, Disposition, Urgency
from service.store import escalations, outbox
from service.store.database import Session
from service.store.escalations import Escalation
from service.store.staff import Staff
from service.workflows.callbacks import callback_due
from service.workflows.deps import Deps
from service.workflows.paging import ladder_of, patient_of
from service.workflows.texting import send_to_patient

# That a nurse has seen it is news for this long.
_NEWS_FOR = timedelta(hours=1)


def take(
    session: Session, deps: Deps, escalation: Escalation, member: Staff, how: str, now: datetime
) -> bool:
    """Acknowledge for this member of staff, if nobody has yet, and tell the patient that a nurse has seen it."""
    close_by = due_to_close(session, deps, escalation, now)
    if not escalations.take(session, escalation.id, member.id, how, now, close_by=close_by):
        return False
    escalations.record_event(
        session, escalation.id, "acknowledged", f"{member.name} took it by {how}.", now, staff_id=member.id
    )
    outbox.cancel_pages(session, escalation.id, now)
    _tell_patient(session, deps, escalation, now)
    return True


def due_to_close(session: Session, deps: Deps, escalation: Escalation, now: datetime) -> datetime:
    """Return by when what is taken now is to be closed: as the ladder says, a callback within a business day."""
    if Disposition(escalation.disposition).needs_paging:
        return now + ladder_of(session, deps, escalation, now).close_within
    return callback_due(session, now)


def _tell_patient(session: Session, deps: Deps, escalation: Escalation, now: datetime) -> None:
    """Tell the patient, once for what they wrote: who takes it over from whom is no news to them."""
    patient = patient_of(session, escalation)
    if patient is None or not Disposition(escalation.disposition).needs_paging:
        return
    if patient.opted_out_at is not None or patient.wrong_number_at is not None:
        return
    if patient.channel == Channel.VOICE:
        # The nurse who took it calls anyway, and a landline takes no text.
        return
    send_to_patient(
        session,
        deps,
        patient,
        "reply_taken",
        key=f"taken:{escalation.id}:{int(escalation.raised_at.timestamp())}",
        urgency=Urgency.ANSWER,
        now=now,
        not_after=now + _NEWS_FOR,
    )
