"""Writing to a patient: the named text in the patient's language, promised in the outbox under its own key."""

from __future__ import annotations

from datetime import datetime

from service.core.conversation.household import first_name
from service.core.words import Channel, Language, Urgency
from service.store import outbox
from service.store.clinics import the_clinic
from service.store.database import Session
from service.store.patients import Patient, patients_on
from service.workflows.deps import Deps


def send_to_patient(
    session: Session,
    deps: Deps,
    patient: Patient,
    template: str,
    *,
    key: str,
    urgency: Urgency,
    now: datetime,
    not_after: datetime | None = None,
    check_in_id: int | None = None,
    values: tuple[tuple[str, str], ...] = (),
) -> bool:
    """Promise a patient the named text; return whether its key is new. Whether they may be written to is asked before."""
    clinic = the_clinic(session)
    body = deps.library.wording.render(
        template,
        Language(patient.language),
        clinic=addressed(session, clinic.name, patient),
        phone=clinic.phone,
        **dict(values),
    )
    return outbox.enqueue(
        session,
        key=key,
        reference=deps.new_reference(),
        urgency=urgency,
        channel=Channel.SMS,
        recipient=patient.phone,
        body=body,
        now=now,
        not_after=not_after,
        patient_id=patient.id,
        check_in_id=check_in_id,
    )


def addressed(session: Session, clinic: str, patient: Patient) -> str:
    """Return the clinic's name, with the patient's first name where others are reached on the same number."""
    shared = len(patients_on(session, patient.phone)) > 1
    return f"{clinic} ({first_name(patient.name)})" if shared else clinic
