"""What Twilio calls when somebody calls the clinic's number: who it is, 911, and how to reach a person."""

from __future__ import annotations

from flask import Blueprint, Response
from flask.typing import ResponseReturnValue

from service.carrier.twiml import Spoken, call_document
from service.core.words import Language
from service.store.clinics import the_clinic
from service.web.context import the_deps
from service.web.guard import Guard, guarded

voice = Blueprint("voice", __name__, url_prefix="/twilio")

_SAID = ("inbound_greeting", "inbound_by_text")


@voice.post("/voice")
@guarded(Guard.TWILIO)
def call() -> ResponseReturnValue:
    """Answer a call: nobody knows yet who it is, so that it is said in both languages, and nothing private."""
    deps = the_deps()
    with deps.store.reading() as session:
        clinic = the_clinic(session)
    lines = tuple(
        Spoken(language, deps.library.voice.render(name, language, clinic=clinic.name, phone=clinic.phone))
        for language in Language
        for name in _SAID
    )
    document = call_document(lines, None, next_url="/twilio/voice/end")
    return Response(document, mimetype="text/xml")


@voice.post("/voice/end")
@guarded(Guard.TWILIO)
def end() -> ResponseReturnValue:
    """End the call, once all of it has been said."""
    return Response(call_document((), None), mimetype="text/xml")
