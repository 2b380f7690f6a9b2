"""What is to be said becomes a document for Twilio, and lines in the record of the call."""

from __future__ import annotations

from typing import Any, Final

from service.carrier.twiml import Listening, Ringing, Spoken, call_document
from service.core.call import Connect, Listen, Say, Turn
from service.core.words import Language
from service.store.calls import Call
from service.store.clinics import Clinic, find_clinic, the_clinic
from service.store.database import Session
from service.store.staff import Staff
from service.workflows.calls.scene import language_of, patient_of
from service.workflows.deps import Deps

# A phone that is not picked up in this time is not at hand, and the caller hears nothing but ringing meanwhile.
_RINGS_FOR: Final = 20
_AFTER_AN_APOLOGY: Final = "/twilio/voice/end"


def said(
    session: Session, deps: Deps, call: Call, turn: Turn, step: int, colleagues: tuple[Staff, ...] = ()
) -> dict[str, Any]:
    """Return the turn as it is kept: Twilio's `document`, and the `lines` that it says."""
    language = language_of(call, patient_of(session, call))
    clinic = the_clinic(session)
    lines = tuple(Spoken(language, _words(deps, clinic, language, say)) for say in turn.says)
    here = f"/twilio/calls/{call.reference}"
    then: Listening | Ringing | None = None
    if isinstance(turn.then, Listen):
        then = _listening(deps, turn.then, language)
    elif isinstance(turn.then, Connect):
        numbers = tuple((one.phone, f"{here}/colleagues/{one.id}") for one in colleagues)
        then = Ringing(numbers, _RINGS_FOR)
    document = call_document(lines, then, next_url=f"{here}/turns/{step + 1}")
    return {"document": document, "lines": [line.words for line in lines]}


def apology(deps: Deps) -> str:
    """Return the document for a call that can't be gone on with: 911, and how to reach a person."""
    with deps.store.reading() as session:
        clinic = find_clinic(session)
    if clinic is None:
        return call_document((), None)
    lines = tuple(
        Spoken(language, _words(deps, clinic, language, Say(name)))
        for language in Language
        for name in ("inbound_greeting", "inbound_call_office")
    )
    return call_document(lines, None, next_url=_AFTER_AN_APOLOGY)


def _words(deps: Deps, clinic: Clinic, language: Language, say: Say) -> str:
    given: dict[str, Any] = {"clinic": clinic.name, "phone": clinic.phone, **dict(say.values)}
    return deps.library.voice.render(say.template, language, **given)


def _listening(deps: Deps, listen: Listen, language: Language) -> Listening:
    return Listening(
        language,
        keys=listen.keys,
        speech=listen.speech,
        seconds=listen.seconds,
        hints=deps.library.keypad.hints(listen.hints, language),
    )
