"""Staff change how a patient is reached, by text or by call: a landline refuses texts, and some people only write."""

from __future__ import annotations

from service import logs
from service.core.words import Channel
from service.store import audit, patients
from service.workflows.deps import Deps
from service.workflows.enrol import welcome

_log = logs.get(__name__)

_ACTIONS = {Channel.SMS: "changed to texts", Channel.VOICE: "changed to calls"}


class UnableToChange(Exception):
    """What was chosen is no way to reach a patient; the message says what to choose."""


def change_channel(deps: Deps, patient_id: int, channel: str, *, actor: str) -> bool:
    """Reach the patient so from the next check-in on; return whether that changed anything.

    Who was reached by calls until now gets the welcome text, which says how to stop.

    Raises:
        UnableToChange: for a channel that there is not.
    """
    if channel not in tuple(Channel):
        raise UnableToChange(f"{channel!r} is no way to reach a patient. Choose text or call.")
    now = deps.now()
    with deps.store.transaction() as session:
        patient = patients.hold(session, patient_id)
        if patient.channel == channel:
            return False
        patient.channel = chosen = Channel(channel)
        if patient.may_be_contacted:
            welcome(deps, session, patient, now)
        subject = f"patient:{patient_id}"
        audit.record(session, actor=actor, action=_ACTIONS[chosen], subject=subject, now=now)
    _log.info("patient.channel_changed", patient_id=patient_id, channel=str(chosen))
    return True
