"""A patient's reply is bound to the question that it answers, understood, and acted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from service import logs
from service.carrier.inbound import blocks_us, is_answered_by_twilio
from service.core.conversation import NO_TALK, Talk, on_reply
from service.core.conversation.correction import read_against
from service.core.conversation.history import known_facts
from service.core.conversation.joining import is_number, joined, of_second
from service.core.decisions import Answer, Decision, Escalate
from service.core.findings import Interpretation, KnownFacts
from service.core.interpretation import interpret
from service.core.recorded import with_recorded
from service.core.words import Asked, AskedKind, Disposition, Intent, Language
from service.store import conversations
from service.store.charts import Chart
from service.store.conversations import Conversation
from service.store.database import Session
from service.store.gathering import Gathered
from service.store.inbox import InboxMessage
from service.store.patients import Patient
from service.store.readings import save_reading
from service.workflows.carry_out import About, carry_out
from service.workflows.deps import Deps

_log = logs.get(__name__)

# Where no infusion is known, a symptom counts as one that has lasted: rules that forgive the first day don't apply.
HOURS_UNKNOWN: Final = 1000.0
# For so long a bare "3" may still be the answer to the question before the newest.
_YESTERDAY: Final = timedelta(hours=48)
_ABOUT_ONE_SYMPTOM: Final = (AskedKind.SEVERITY, AskedKind.REDFLAG, AskedKind.RECHECK)


@dataclass(frozen=True, slots=True)
class _Bound:
    """A reply with the conversation and the question that it answers, and what it means there."""

    conversation: Conversation
    talk: Talk
    asked: Asked
    interpretation: Interpretation


@dataclass(frozen=True, slots=True)
class _Reader:
    """What one patient's reply is read with."""

    deps: Deps
    language: Language
    hours: float
    known: KnownFacts

    def read(self, words: str, asked: Asked) -> Interpretation:
        """Return what the words mean as an answer to the question."""
        return interpret(words, asked, self.hours, self.language, self.deps.library.guide, self.known)


def read_patient(
    session: Session,
    deps: Deps,
    message: InboxMessage,
    chart: Chart,
    now: datetime,
    gathered: Gathered,
    *,
    is_read_again: bool = False,
) -> tuple[Decision, ...]:
    """Read the message of the chart's patient: bind it, keep the reading, decide, carry it out; return the decisions.

    `is_read_again` says that it came from a shared number and was before a person, or answered, already: what
    staff were told of then is not told again.
    """
    open_then = chart.dialogues or (
        conversations.open_conversation(session, chart.patient.id, None, NO_TALK, message.received_at),
    )
    reader = _reader(deps, message, chart, open_then[0])
    bound = _bind(message, reader, open_then, chart.before)
    interpretation = _as_blocked(bound.interpretation, message, chart.patient)
    save_reading(
        gathered,
        interpretation,
        inbox_id=message.id,
        patient_id=chart.patient.id,
        conversation_id=bound.conversation.id,
        asked=str(bound.asked),
        hours=reader.hours,
        now=now,
    )
    decisions = _act(
        session, deps, bound, message, chart, interpretation, now, gathered, is_read_again=is_read_again
    )
    log_reading(message, interpretation)
    return decisions


def _act(
    session: Session,
    deps: Deps,
    bound: _Bound,
    message: InboxMessage,
    chart: Chart,
    interpretation: Interpretation,
    now: datetime,
    gathered: Gathered,
    *,
    is_read_again: bool,
) -> tuple[Decision, ...]:
    by_carrier = is_answered_by_carrier(message)
    talk, decisions = on_reply(bound.talk, interpretation, words=message.body, answered_by_carrier=by_carrier)
    conversations.keep_talk(bound.conversation, talk)
    if is_read_again and message.escalation_id is not None:
        decisions = tuple(act for act in decisions if not isinstance(act, Answer | Escalate))
    about = About(
        message,
        chart.patient,
        chart.check_ins.get(bound.conversation.check_in_id or 0),
        message.sender,
        Language(chart.patient.language),
        bound.conversation,
        is_read_again,
        chart.shares_number,
        gathered,
    )
    carry_out(session, deps, about, decisions, now)
    return decisions


def is_answered_by_carrier(message: InboxMessage) -> bool:
    """Return whether Twilio has answered the message by itself; what is said on a call it leaves to us."""
    return not message.is_spoken and is_answered_by_twilio(message.body)


def log_reading(message: InboxMessage, interpretation: Interpretation) -> None:
    """Log that a message was read, and by which rules; never what it says."""
    _log.info(
        "inbox.read",
        message_id=message.id,
        patient_id=message.patient_id,
        disposition=str(interpretation.judgement.disposition),
        rules=list(interpretation.judgement.rules),
        version=interpretation.version,
    )


def _reader(deps: Deps, message: InboxMessage, chart: Chart, latest: Conversation) -> _Reader:
    patient, ended_at = chart.patient, chart.infused_at
    hours = (message.received_at - ended_at).total_seconds() / 3600 if ended_at else HOURS_UNKNOWN
    past = known_facts(chart.told, ended_at, latest.id)
    today = message.received_at.astimezone(ZoneInfo(patient.zone)).date()
    known = replace(
        with_recorded(past, patient.health(), today), clinician_on_call=chart.is_clinician_on_call
    )
    return _Reader(deps, Language(patient.language), hours, known)


def _bind(
    message: InboxMessage, reader: _Reader, open_then: Sequence[Conversation], before: str | None
) -> _Bound:
    """Return the reply with what it answers: the newest question, or the one before where only that makes sense of it."""
    newest = open_then[0]
    talk = conversations.talk_of(newest)
    words, asked = read_against(talk, message.body)
    bound = _Bound(newest, talk, asked, reader.read(words, asked))
    if (
        _says_little(bound)
        and len(open_then) > 1
        and message.received_at - open_then[1].opened_at <= _YESTERDAY
    ):
        earlier = conversations.talk_of(open_then[1])
        late = _Bound(open_then[1], earlier, earlier.asked, reader.read(message.body, earlier.asked))
        if earlier.asked.kind in _ABOUT_ONE_SYMPTOM and not _is_unread(late):
            return late
    return _with_first_half(message, reader, bound, before)


def _says_little(bound: _Bound) -> bool:
    """Return whether an open question has got a reply that only fits a narrower one: a bare number or yes."""
    fresh = bound.talk.asked.kind is AskedKind.OPENING and bound.talk.waits
    level = bound.interpretation.judgement.disposition
    return (
        fresh
        and not bound.interpretation.findings
        and not level.needs_paging
        and (level is not Disposition.OK and bound.interpretation.intent in (Intent.REPORT, Intent.UNCLEAR))
    )


def _is_unread(bound: _Bound) -> bool:
    return (
        bound.interpretation.judgement.disposition is Disposition.UNCLEAR or not bound.interpretation.findings
    )


def _with_first_half(message: InboxMessage, reader: _Reader, bound: _Bound, before: str | None) -> _Bound:
    """Read a text together with the unreadable one just before it, where that says more than it does alone.

    So is one that names what hurts, after a number that was nobody's ("4", then "headache").
    """
    may_be_named = not bound.talk.complaints and bool(bound.interpretation.findings)
    if before is None or (bound.talk.unclear == 0 and not may_be_named):
        return bound
    names_it = may_be_named and is_number(before)
    together = reader.read(joined(before, message.body), bound.asked)
    more = together.judgement.disposition.rank - bound.interpretation.judgement.disposition.rank
    if more < 0 or (more == 0 and not names_it) or (bound.talk.unclear == 0 and not names_it):
        return bound
    return replace(bound, interpretation=of_second(together, before))


def _as_blocked(interpretation: Interpretation, message: InboxMessage, patient: Patient) -> Interpretation:
    if message.is_spoken:
        return interpretation
    if blocks_us(message.body):
        # Twilio has blocked us already, whatever the word was meant to say.
        return replace(interpretation, intent=Intent.STOP)
    if patient.opted_out_at is not None and is_answered_by_carrier(message):
        return replace(interpretation, intent=Intent.START)
    return interpretation
