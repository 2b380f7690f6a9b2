"""The handover of one patient: everything told since the last infusion, as one page for the infusion doctor."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from service.core.conversation.background import background
from service.core.conversation.handover import Handover, hand_over
from service.core.triage.knowable import Knowable
from service.store import conversations
from service.store.database import Session
from service.store.history import said_by
from service.store.infusions import infusions_of
from service.store.patients import Patient


def handover_for(session: Session, patient: Patient, knowable: Knowable, now: datetime) -> Handover:
    """Return the patient's handover; without an infusion by now, it tells all that the patient ever wrote."""
    infusions = tuple(one.ended_at for one in infusions_of(session, patient.id) if one.ended_at <= now)
    since = infusions[-1] if infusions else None
    said = tuple(reply for reply in said_by(session, patient.id) if since is None or reply.at >= since)
    talks = [
        conversations.talk_of(one)
        for one in conversations.conversations_of(session, patient.id)
        if since is None or one.opened_at >= since
    ]
    # A dialogue takes over the intake of the one before it, so that the longest is the whole.
    intake = max((talk.intake for talk in talks), key=len, default=())
    today = now.astimezone(ZoneInfo(patient.zone)).date()
    return hand_over(
        patient=patient.name,
        zone=patient.zone,
        infusions=infusions,
        said=said,
        levels=tuple(talk.disposition for talk in talks),
        intake=intake,
        background=background(patient.health(), knowable, today),
    )
