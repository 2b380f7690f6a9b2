"""Automatic texts wait while the patient is in a talk, and what is due at once leaves as one text."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from service.core.words import Disposition
from service.store import check_ins, conversations, escalations
from service.store.check_ins import CheckIn, CheckInState
from service.store.database import Session
from service.store.escalations import Escalation
from service.store.patients import Patient
from service.workflows.deps import Deps
from service.workflows.rechecks import step_of

# How long a text waits before it is looked at again whether the talk is over.
HOLD: Final = timedelta(minutes=30)
# A nurse who took it four hours ago and has not closed it has forgotten to: check-ins go on.
_TALK_LASTS: Final = timedelta(hours=4)
# The patient was told that a call comes; once it is overdue, a check-in is better than silence.
_CALL_COMES_WITHIN: Final = timedelta(hours=1)
# Sent nearer to each other than this, two check-ins are one burst after an outage.
_BURST: Final = timedelta(minutes=15)
# What asks something else, or asks nothing, follows the text that went first after this long.
_NEXT_TEXT_AFTER: Final = timedelta(hours=2)


def is_in_talk(session: Session, patient: Patient, now: datetime) -> bool:
    """Return whether staff have the patient before them or are about to, or a question of ours is in the air."""
    escalation = escalations.open_for(session, patient_id=patient.id, sender_hash=None)
    if escalation is not None and _is_fresh(escalation, now):
        return True
    latest = conversations.latest_conversation(session, patient.id)
    return latest is not None and latest.answer_by is not None and latest.answer_by > now


def _is_fresh(escalation: Escalation, now: datetime) -> bool:
    if escalation.acknowledged_at is not None:
        return now - escalation.acknowledged_at < _TALK_LASTS
    return (
        Disposition(escalation.disposition).needs_paging and now - escalation.opened_at < _CALL_COMES_WITHIN
    )


def one_of_the_due(session: Session, deps: Deps, row: CheckIn, now: datetime) -> CheckIn:
    """Return the one check-in to send of all that are due; the others are settled into it, or wait for their turn.

    The one that asks most wins, then the one due last. What it does not ask waits two hours.
    """
    just_sent = check_ins.last_sent(session, row.patient_id, now - _BURST)
    if just_sent is not None:
        _step_back(deps, row, just_sent, now)
        return row
    due = [row, *check_ins.also_due(session, row, now)]
    first = max(due, key=lambda one: (len(step_of(deps, one).asks), one.due_at, one.id))
    for other in due:
        if other is not first:
            _step_back(deps, other, first, now)
    first.try_at = now
    return first


def _step_back(deps: Deps, row: CheckIn, first: CheckIn, now: datetime) -> None:
    asks = set(step_of(deps, row).asks)
    if asks and asks <= set(step_of(deps, first).asks):
        row.state, row.settled_at = CheckInState.CANCELLED, now
        row.why = f"Sent as one text with {first.occurrence}, which asks it too."
        first.merged = [*first.merged, row.occurrence]
    else:
        row.try_at = now + _NEXT_TEXT_AFTER
