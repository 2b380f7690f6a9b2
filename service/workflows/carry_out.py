"""Decisions become rows, in the transaction of the use case that made them: one small function per decision type."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from service.carrier.inbound import is_number
from service.core.decisions import (
    Answer,
    Decision,
    Escalate,
    ExpectAnswer,
    OptIn,
    OptOut,
    PlanRecheck,
    SetLanguage,
    SettleCheckIn,
    WrongNumber,
)
from service.core.words import Channel, Language, Urgency
from service.store import audit, check_ins, outbox
from service.store.check_ins import CheckIn
from service.store.clinics import the_clinic
from service.store.conversations import Conversation
from service.store.database import Session
from service.store.gathering import Gathered
from service.store.inbox import InboxMessage
from service.store.patients import NOT_PLANNED, Patient
from service.workflows.deps import Deps
from service.workflows.escalating import escalate
from service.workflows.rechecks import plan_recheck
from service.workflows.texting import addressed

# A safety line that comes hours later would mislead; after this long staff have it anyway.
_ANSWER_WORTH = timedelta(hours=4)
# On a call an answer is said at once; this long after, one that was not said leaves as a text.
_TO_BE_SAID_WITHIN = timedelta(minutes=3)


@dataclass(frozen=True, slots=True)
class About:
    """Whom and what the decisions concern: the message that led to them, its writer, and what it answers.

    The check-in is held. `is_read_again` says that the message has had an answer (whose is it?) before it could be
    read in full; `shares_number` whether others are reached on the patient's number, where that is known; answers
    are kept with what is `gathered`, if anything is.
    """

    message: InboxMessage | None
    patient: Patient | None
    check_in: CheckIn | None
    sender: str
    language: Language
    conversation: Conversation | None = None
    is_read_again: bool = False
    shares_number: bool | None = None
    gathered: Gathered | None = None


def carry_out(
    session: Session, deps: Deps, about: About, decisions: tuple[Decision, ...], now: datetime
) -> None:
    """Make every decision true, in order, within this transaction."""
    for place, decision in enumerate(decisions):
        _ACTS[type(decision)](session, deps, about, decision, now, place)


def _answer(session: Session, deps: Deps, about: About, decision: Answer, now: datetime, place: int) -> None:
    if not is_number(about.sender):
        # A short code or a name can't be answered, and might answer back for ever.
        return
    clinic = the_clinic(session)
    patient = about.patient
    is_spoken = about.message is not None and about.message.is_spoken
    named = clinic.name
    if patient is not None and about.shares_number is not False:
        named = addressed(session, clinic.name, patient)
    outbox.enqueue(
        session,
        key=f"{'answer-again' if about.is_read_again else 'answer'}:{about.message.id if about.message else 'none'}:{place}",
        reference=deps.new_reference(),
        urgency=decision.urgency,
        channel=Channel.SMS,
        recipient=about.sender,
        body=deps.library.wording.render(
            decision.template,
            Language(patient.language) if patient else about.language,
            clinic=named,
            phone=clinic.phone,
            **dict(decision.values),
        ),
        now=now + _TO_BE_SAID_WITHIN if is_spoken else now,
        not_after=now + _ANSWER_WORTH,
        patient_id=patient.id if patient else None,
        check_in_id=about.check_in.id if about.check_in else None,
        gathered=about.gathered,
    )


def _escalate(session: Session, deps: Deps, about: About, decision: Escalate, now: datetime, _: int) -> None:
    # Nothing that it looks up hangs on what waits to be written, which is then written with that of other replies.
    with session.no_autoflush:
        escalate(
            session,
            deps,
            patient=about.patient,
            message=about.message,
            disposition=decision.disposition,
            reason=decision.reason,
            now=now,
        )


def _settle_check_in(
    _: Session, __: Deps, about: About, ___: SettleCheckIn, now: datetime, ____: int
) -> None:
    if about.check_in is not None:
        check_ins.note_answered(about.check_in, now)
    if about.conversation is not None:
        about.conversation.answer_by = None


def _expect_answer(
    _: Session, __: Deps, about: About, decision: ExpectAnswer, now: datetime, ___: int
) -> None:
    if about.check_in is not None:
        check_ins.expect_answer(about.check_in, now + decision.within)
    if about.conversation is not None:
        about.conversation.answer_by = now + decision.within


def _plan_recheck(
    session: Session, deps: Deps, about: About, decision: PlanRecheck, now: datetime, _: int
) -> None:
    if about.patient is not None:
        plan_recheck(session, deps, about.patient, decision.symptom, decision.after, now)


def _set_language(
    session: Session, _: Deps, about: About, decision: SetLanguage, now: datetime, __: int
) -> None:
    if about.patient is not None and about.patient.language != decision.language:
        about.patient.language = decision.language
        audit.record(
            session,
            actor="patient",
            action="chose another language",
            subject=f"patient:{about.patient.id}",
            now=now,
        )


def _opt_out(session: Session, _: Deps, about: About, __: OptOut, now: datetime, ___: int) -> None:
    if about.patient is not None and about.patient.opted_out_at is None:
        about.patient.opted_out_at = now
        outbox.cancel_for_patient(session, about.patient.id, now, from_urgency=Urgency.CHECK_IN)
        check_ins.cancel_planned(session, about.patient.id, "The patient opted out.", now)
        audit.record(
            session, actor="patient", action="opted out", subject=f"patient:{about.patient.id}", now=now
        )


def _opt_in(session: Session, _: Deps, about: About, __: OptIn, now: datetime, ___: int) -> None:
    if about.patient is not None and about.patient.opted_out_at is not None:
        about.patient.opted_out_at = None
        # What was cancelled is planned again at the clock's next look.
        about.patient.planned_with = NOT_PLANNED
        audit.record(
            session, actor="patient", action="opted in", subject=f"patient:{about.patient.id}", now=now
        )


def _wrong_number(session: Session, _: Deps, about: About, __: WrongNumber, now: datetime, ___: int) -> None:
    if about.patient is not None and about.patient.wrong_number_at is None:
        about.patient.wrong_number_at = now
        outbox.cancel_for_patient(session, about.patient.id, now, from_urgency=Urgency.CHECK_IN)
        check_ins.cancel_planned(session, about.patient.id, "The number is not the patient's.", now)


_ACTS: dict[type[Any], Callable[..., None]] = {
    Answer: _answer,
    Escalate: _escalate,
    SettleCheckIn: _settle_check_in,
    ExpectAnswer: _expect_answer,
    PlanRecheck: _plan_recheck,
    SetLanguage: _set_language,
    OptOut: _opt_out,
    OptIn: _opt_in,
    WrongNumber: _wrong_number,
}
