"""A call is promised: one row in the outbox, which rings the phone, and one that the call itself goes on in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from service.core.conversation.household import first_name
from service.core.words import Channel, Language, Urgency
from service.store import outbox
from service.store.calls import CALL_PROGRESS, CallPurpose, CallStatus, held_call, promise_call
from service.store.check_ins import CheckIn
from service.store.clinics import the_clinic
from service.store.database import Session
from service.store.escalations import Escalation
from service.store.patients import Patient
from service.store.staff import Staff
from service.workflows.deps import Deps

# A call of which nothing more is heard is asked for after this long; Twilio's reports come within seconds.
LOOK_AFTER: Final = timedelta(minutes=2)


def note_placed(session: Session, reference: str, sid: str, now: datetime) -> None:
    """Note that Twilio has the call under this sid; its own reports may have come first, and know more."""
    call = held_call(session, reference)
    if call is None:
        return
    call.sid = call.sid or sid
    if CALL_PROGRESS[CallStatus(call.status)] < CALL_PROGRESS[CallStatus.QUEUED]:
        call.status, call.look_at = CallStatus.QUEUED, now + LOOK_AFTER


def promise_page_call(
    session: Session, deps: Deps, escalation: Escalation, member: Staff, key: str, at: datetime
) -> None:
    """Promise a call that pages a member of staff at the instant, unless one of this key is promised already."""
    reference = deps.new_reference()
    is_new = outbox.enqueue(
        session,
        key=key,
        reference=reference,
        urgency=Urgency.PAGE,
        channel=Channel.VOICE,
        recipient=member.phone,
        body=deps.library.voice.render(
            "page_staff_voicemail", Language.ENGLISH, level=escalation.disposition, code=escalation.code
        ),
        now=at,
        staff_id=member.id,
        escalation_id=escalation.id,
    )
    if is_new:
        promise_call(
            session,
            reference=reference,
            purpose=CallPurpose.PAGE,
            number=member.phone,
            language=Language.ENGLISH,
            now=at,
            staff_id=member.id,
            escalation_id=escalation.id,
        )


def promise_check_in_call(
    session: Session, deps: Deps, patient: Patient, row: CheckIn, key: str, now: datetime
) -> None:
    """Promise a call that asks a check-in's questions, unless one of this key is promised already.

    What the outbox holds as its words is what a machine may hear: nothing of health.
    """
    clinic = the_clinic(session)
    reference = deps.new_reference()
    is_new = outbox.enqueue(
        session,
        key=key,
        reference=reference,
        urgency=Urgency.CHECK_IN,
        channel=Channel.VOICE,
        recipient=patient.phone,
        body=deps.library.voice.render(
            "call_voicemail",
            Language(patient.language),
            clinic=clinic.name,
            name=first_name(patient.name),
            phone=clinic.phone,
        ),
        now=now,
        not_after=row.missed_at,
        patient_id=patient.id,
        check_in_id=row.id,
    )
    if is_new:
        promise_call(
            session,
            reference=reference,
            purpose=CallPurpose.CHECK_IN,
            number=patient.phone,
            language=patient.language,
            now=now,
            patient_id=patient.id,
            check_in_id=row.id,
        )
