"""A patient agrees to be followed up: name, number, language and consent on record together, and a welcome text."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from service import logs
from service.core.recorded import NOTHING_RECORDED, Recorded
from service.core.words import Channel, Language, Urgency
from service.store import audit, patients
from service.store.clinics import the_clinic
from service.store.database import Session
from service.workflows.deps import Deps
from service.workflows.numbers import NotANumber, e164
from service.workflows.texting import send_to_patient

_log = logs.get(__name__)


class UnableToEnrol(Exception):
    """What was filled in does not describe a patient who can be followed up; the message says what to put right."""


def enrol(
    deps: Deps,
    *,
    name: str,
    phone: str,
    language: str = "en",
    zone: str = "",
    channel: str = "sms",
    consent: bool,
    recorded: Recorded = NOTHING_RECORDED,
    actor: str,
) -> int:
    """Enrol a patient and send who gets texts the welcome text; return the patient's id. An empty zone is the clinic's.

    Raises:
        UnableToEnrol: with a sentence, where a field is wrong or the patient has not agreed.
    """
    number = _checked(name, phone, language, channel, consent)
    now = deps.now()
    with deps.store.transaction() as session:
        patient_zone = _known_zone(zone.strip() or the_clinic(session).zone)
        if any(patient.name == name.strip() for patient in patients.patients_on(session, number)):
            raise UnableToEnrol("A patient with this name and number is enrolled already.")
        patient = patients.add_patient(
            session,
            name=name.strip(),
            phone=number,
            language=Language(language),
            zone=patient_zone,
            channel=Channel(channel),
            now=now,
            consented_at=now,
        )
        if recorded != NOTHING_RECORDED:
            patient.keep_health(recorded)
        welcome(deps, session, patient, now)
        audit.record(session, actor=actor, action="enrolled", subject=f"patient:{patient.id}", now=now)
        patient_id = patient.id
    _log.info("patient.enrolled", patient_id=patient_id)
    return patient_id


def _checked(name: str, phone: str, language: str, channel: str, consent: bool) -> str:
    """Return the number as E.164 where everything that was filled in will do."""
    try:
        number = e164(phone)
    except NotANumber as error:
        raise UnableToEnrol(str(error)) from error
    if not name.strip():
        raise UnableToEnrol("The name is empty. Write the patient's name.")
    if language not in tuple(Language):
        raise UnableToEnrol(f"{language!r} is no language that we write in. Choose en or es.")
    if channel not in tuple(Channel):
        raise UnableToEnrol(f"{channel!r} is no way to reach a patient. Choose sms or voice.")
    if not consent:
        raise UnableToEnrol(
            "The patient has not agreed to be texted or called. Ask first, then tick the box."
        )
    return number


def welcome(deps: Deps, session: Session, patient: patients.Patient, now: datetime) -> None:
    """Send who gets texts the welcome text, once ever; who is called hears who calls on the first call."""
    if patient.channel == Channel.VOICE:
        return
    send_to_patient(
        session, deps, patient, "welcome", key=f"welcome:{patient.id}", urgency=Urgency.ANSWER, now=now
    )


def _known_zone(zone: str) -> str:
    try:
        return ZoneInfo(zone).key
    except (ZoneInfoNotFoundError, ValueError):
        raise UnableToEnrol(f"{zone!r} is no time zone. Write one such as America/Chicago.") from None
