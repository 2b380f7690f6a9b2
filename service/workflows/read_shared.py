"""Two patients on one number: whose answer it is is asked, and a red flag counts before that is known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from service.core.conversation.household import list_of_names, only_names, whose
from service.core.conversation.talk import ANSWER_WITHIN
from service.core.decisions import Answer, Decision, Escalate, OptIn, OptOut
from service.core.findings import Interpretation
from service.core.interpretation import interpret
from service.core.words import OPENING, Disposition, Intent, Language, Urgency, highest
from service.store import conversations, escalations, inbox, patients
from service.store.charts import chart_for
from service.store.database import Session
from service.store.gathering import Gathered
from service.store.inbox import InboxMessage
from service.store.patients import Patient
from service.store.readings import drop_reading, save_reading
from service.workflows.carry_out import About, carry_out
from service.workflows.deps import Deps
from service.workflows.read_patient import HOURS_UNKNOWN, is_answered_by_carrier, log_reading, read_patient

# Older than this, a check-in's question is no longer what an unnamed answer is about.
_STILL_ASKED: Final = timedelta(hours=48)
# Within this, who has just said whose texts they are is taken to write on about the same patient.
_WRITES_ON: Final = timedelta(minutes=15)
_REASON: Final = "Several patients share this number, and it is not known which of them wrote. Ask who it is."
# Wishes that are about the number, whoever wrote: the answer, then what is done for each patient on it.
_OF_THE_NUMBER: Final[dict[Intent, tuple[Decision, ...]]] = {
    Intent.STOP: (Answer("reply_stopped", Urgency.ANSWER), OptOut()),
    Intent.START: (Answer("reply_started", Urgency.ANSWER), OptIn()),
    Intent.HELP: (Answer("reply_help", Urgency.ANSWER),),
}


def read_shared(
    session: Session,
    deps: Deps,
    message: InboxMessage,
    known: Sequence[Patient],
    now: datetime,
    gathered: Gathered,
) -> tuple[Decision, ...]:
    """Read a message from a number that several patients share; return what was decided.

    1. A name, or the pick that was asked for, says whose it is; so does a talk that one of them is in the middle of,
       and a question that only one of them was asked.
    2. Earlier texts that waited for this are then read as that patient's.
    3. Else it is asked, once; what is dangerous, or stays unowned, goes before a person meanwhile.
    """
    for patient in sorted(known, key=lambda one: one.id):
        patients.hold(session, patient.id)
    names = tuple(patient.name for patient in known)
    waiting = [one for one in inbox.unowned_from(session, message.sender_hash) if one.id != message.id]
    place = whose(message.body, names, was_asked=bool(waiting))
    if place is None and not waiting:
        place = _who_writes_on(session, message, known, now)
    if place is None:
        return _ask_whose(session, deps, message, known, now, gathered, is_repeated=bool(waiting))
    owner = known[place]
    for earlier in waiting:
        earlier.whose_asked_at = None
        _belongs_to(session, earlier, owner, now)
        drop_reading(session, earlier.id)
        earlier.patient_id = owner.id
        read_patient(session, deps, earlier, chart_for(session, earlier), now, gathered, is_read_again=True)
        # What has been told until then is read with what comes next.
        gathered.write(session)
    message.patient_id = owner.id
    if waiting and only_names(message.body, names):
        return ()
    return read_patient(session, deps, message, chart_for(session, message), now, gathered)


def settle_unowned(session: Session, deps: Deps, now: datetime) -> bool:
    """Bring a text before a person whose owner was asked for and not told in time; return whether there was one."""
    message = inbox.claim_unowned(session, now - ANSWER_WITHIN)
    if message is None:
        return False
    message.whose_asked_at = None
    about = About(message, None, None, message.sender, Language.ENGLISH)
    carry_out(session, deps, about, (Escalate(Disposition.CALLBACK, _REASON),), now)
    return True


def _who_writes_on(
    session: Session, message: InboxMessage, known: Sequence[Patient], now: datetime
) -> int | None:
    """Return the place of the one who was asked; of several, or of none, that of who wrote a moment ago."""
    asked = _asked(session, known, now)
    if len(asked) == 1:
        return asked[0]
    last = inbox.latest_owned_from(session, message.sender_hash, message.received_at - _WRITES_ON)
    before = next((place for place, patient in enumerate(known) if patient.id == last), None)
    return before if not asked or before in asked else None


def _asked(session: Session, known: Sequence[Patient], now: datetime) -> list[int]:
    asked = []
    for place, patient in enumerate(known):
        latest = conversations.latest_conversation(session, patient.id)
        is_recent = latest is not None and now - latest.opened_at <= _STILL_ASKED
        if latest is not None and is_recent and conversations.talk_of(latest).waits:
            asked.append(place)
    return asked


def _ask_whose(
    session: Session,
    deps: Deps,
    message: InboxMessage,
    known: Sequence[Patient],
    now: datetime,
    gathered: Gathered,
    *,
    is_repeated: bool,
) -> tuple[Decision, ...]:
    language = Language(known[0].language)
    interpretation = interpret(message.body, OPENING, HOURS_UNKNOWN, language, deps.library.guide)
    level = interpretation.judgement.disposition
    _keep(gathered, message, interpretation, now)
    log_reading(message, interpretation)
    if interpretation.intent in _OF_THE_NUMBER and not level.needs_paging:
        return _grant_for_all(session, deps, message, known, interpretation.intent, now)
    decisions: list[Decision] = []
    if level.needs_paging:
        decisions.append(Answer(f"reply_{level}", Urgency.SAFETY))
    if level.needs_paging or is_repeated:
        decisions.append(Escalate(highest(level, Disposition.CALLBACK), _REASON))
    if not is_repeated:
        names = list_of_names(tuple(patient.name for patient in known))
        decisions.append(Answer("ask_whose", Urgency.ANSWER, (("names", names),)))
        message.whose_asked_at = now
    about = About(message, None, None, message.sender, language)
    carry_out(session, deps, about, tuple(decisions), now)
    return tuple(decisions)


def _grant_for_all(
    session: Session,
    deps: Deps,
    message: InboxMessage,
    known: Sequence[Patient],
    intent: Intent,
    now: datetime,
) -> tuple[Decision, ...]:
    """Grant a wish that is about the number itself, for everybody on it; one answer is enough."""
    answer, *decisions = _OF_THE_NUMBER[intent]
    for patient in known:
        about = About(message, patient, None, message.sender, Language(patient.language))
        carry_out(session, deps, about, tuple(decisions), now)
    if not is_answered_by_carrier(message):
        about = About(message, None, None, message.sender, Language(known[0].language))
        carry_out(session, deps, about, (answer,), now)
    return (answer, *decisions)


def _belongs_to(session: Session, message: InboxMessage, owner: Patient, now: datetime) -> None:
    """Let the escalation that an unowned text opened be its owner's, unless the owner has one that is open."""
    escalation = escalations.open_for(session, patient_id=None, sender_hash=message.sender_hash)
    theirs = escalations.open_for(session, patient_id=owner.id, sender_hash=None)
    if escalation is not None and theirs is None:
        escalation.patient_id, escalation.sender_hash = owner.id, None
        words = "It is known now which of the patients on this number wrote."
        escalations.record_event(session, escalation.id, "known", words, now)


def _keep(gathered: Gathered, message: InboxMessage, interpretation: Interpretation, now: datetime) -> None:
    save_reading(
        gathered,
        interpretation,
        inbox_id=message.id,
        patient_id=None,
        conversation_id=None,
        asked=str(OPENING),
        hours=HOURS_UNKNOWN,
        now=now,
    )
