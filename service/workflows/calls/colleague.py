"""A colleague's phone rings for a caller: a key press, and nothing else, connects them."""

from __future__ import annotations

from typing import Final

from service.carrier.inbound import HeardTurn
from service.carrier.twiml import Listening, Spoken, call_document, connect
from service.core.words import Language
from service.store.clinics import the_clinic
from service.workflows.calls.connecting import accept_caller
from service.workflows.deps import Deps

_SECONDS: Final = 6
_ACCEPTS: Final = "1"


def ask_colleague(deps: Deps, reference: str, staff_id: int) -> str:
    """Return the document that tells the colleague of the caller, and asks for the key."""
    with deps.store.reading() as session:
        clinic = the_clinic(session).name
    line = Spoken(
        Language.ENGLISH, deps.library.voice.render("page_connect", Language.ENGLISH, clinic=clinic)
    )
    listening = Listening(Language.ENGLISH, keys=1, speech=False, seconds=_SECONDS)
    return call_document((line,), listening, next_url=f"/twilio/calls/{reference}/colleagues/{staff_id}/key")


def connect_colleague(deps: Deps, reference: str, staff_id: int, heard: HeardTurn) -> str:
    """Return the document that connects the colleague who pressed the key, and ends the call for everybody else."""
    accepts = heard.keys == _ACCEPTS and accept_caller(deps, reference, staff_id)
    return connect() if accepts else call_document((), None)
