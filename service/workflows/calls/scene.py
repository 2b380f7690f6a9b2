"""What a call is to know before it says anything: who it is with, which question is in the air, how bad the words are."""

from __future__ import annotations

from collections.abc import Sequence

from service.core.call import Heard, Line, Scene, asked_at
from service.core.conversation import NO_TALK, Talk
from service.core.conversation.household import first_name
from service.core.interpretation import interpret
from service.core.words import Channel, Disposition, Intent, Language
from service.store import calls, conversations, patients
from service.store.calls import Call
from service.store.conversations import Conversation
from service.store.database import Session
from service.store.patients import Patient
from service.workflows.calls.ending import is_machine
from service.workflows.deps import Deps
from service.workflows.read_patient import HOURS_UNKNOWN


def scene_of(session: Session, deps: Deps, call: Call, line: Line, heard: Heard) -> Scene:
    """Return what the call knows now; what was just heard is read for how bad it is, and that reading is not kept."""
    patient = patient_of(session, call)
    language = language_of(call, patient)
    conversation = conversation_of(session, call)
    talk = conversations.talk_of(conversation) if conversation is not None else None
    level, intent = _read(deps, heard.words, line, talk, language)
    return Scene(
        deps.library.keypad,
        language,
        talk,
        name=first_name(patient.name) if patient is not None else "",
        level=level,
        wants_person=intent is Intent.CALL_ME,
        wishes=intent in (Intent.STOP, Intent.WRONG_PERSON),
        may_text=any(_takes_texts(one) for one in ([patient] if patient else _sharing(session, call))),
        leaves_message=_leaves_message(session, call),
    )


def patient_of(session: Session, call: Call) -> Patient | None:
    """Return the patient whom the call is with, or None."""
    return session.get(Patient, call.patient_id) if call.patient_id is not None else None


def language_of(call: Call, patient: Patient | None) -> Language:
    """Return the language that is spoken: the patient's, which may have changed in this very call."""
    return Language(patient.language if patient is not None else call.language)


def conversation_of(session: Session, call: Call) -> Conversation | None:
    """Return the dialogue that the call goes on with: its check-in's, or the patient's newest."""
    if call.check_in_id is not None:
        return conversations.of_check_in(session, call.check_in_id)
    return (
        conversations.latest_conversation(session, call.patient_id) if call.patient_id is not None else None
    )


def _read(
    deps: Deps, words: str, line: Line, talk: Talk | None, language: Language
) -> tuple[Disposition, Intent]:
    if not words.strip():
        return Disposition.OK, Intent.UNCLEAR
    asked = asked_at(line, talk or NO_TALK)
    read = interpret(words, asked, HOURS_UNKNOWN, language, deps.library.guide)
    return read.judgement.disposition, read.intent


def _sharing(session: Session, call: Call) -> Sequence[Patient]:
    return patients.patients_on(session, call.number)


def _takes_texts(patient: Patient) -> bool:
    return patient.channel == Channel.SMS and patient.may_be_contacted


def _leaves_message(session: Session, call: Call) -> bool:
    """Return whether a voicemail may be left: once a check-in."""
    if call.check_in_id is None:
        return False
    others = (one for one in calls.calls_for_check_in(session, call.check_in_id) if one.id != call.id)
    return not any(is_machine(one.answered_by) for one in others)
