"""A text from staff: the code in it says which escalation, and whatever it says gets a sentence back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from service.carrier.inbound import blocks_us, is_answered_by_twilio
from service.core.escalation import StaffAsk, StaffText, read_staff_text
from service.core.escalation.named import Named, people_named
from service.core.words import Channel, Disposition, Language, Urgency
from service.store import conversations, escalations, outbox, pages, staff
from service.store.clinics import the_clinic
from service.store.database import Session
from service.store.escalations import Escalation, EscalationState
from service.store.inbox import InboxMessage
from service.store.patients import Patient
from service.store.staff import Staff
from service.workflows.deps import Deps
from service.workflows.hand_over import give, is_owner, let_go
from service.workflows.paging import pass_on
from service.workflows.taking import take

# An "ok" that comes later than this is about something else.
_PAGED_LATELY: Final = timedelta(hours=4)
_ASKED_LATELY: Final = timedelta(hours=48)
# As many codes as a text of two parts holds; the rest are on the worklist.
_MOST_CODES: Final = 6
_BARE: Final = {StaffAsk.TAKE_ONLY: StaffAsk.TAKE_CODE, StaffAsk.PASS_ONLY: StaffAsk.PASS_CODE}


def answer_staff(
    session: Session,
    deps: Deps,
    member: Staff,
    message: InboxMessage,
    now: datetime,
    *,
    who_are_patients: Sequence[Patient],
) -> bool:
    """Answer a text from a member of staff; return False where it is to be read as a patient's instead.

    Someone who is staff and patient on one number is answered as staff only where the text names the code of a page,
    or says "ok" while a page and no question of ours waits for them: anything else, a bare number too, might be a
    symptom.
    """
    _note_opting(member, message, now)
    asked = read_staff_text(message.body)
    if asked.ask in _BARE and who_are_patients and _may_be_an_answer(session, who_are_patients, message):
        return False
    waiting = pages.open_for_member(session, member.id)
    if asked.ask in _BARE:
        found = _meant(session, member, waiting, is_patient_too=bool(who_are_patients), now=now)
        asked = StaffText(_BARE[asked.ask], found.code if found is not None else None)
    else:
        found = escalations.by_code(session, asked.code) if asked.code is not None else None
    if found is not None:
        _act(session, deps, member, message, found, asked, now)
    elif who_are_patients:
        return False
    elif asked.code is not None:
        _say(session, deps, member, message, now, "ack_unknown_code", code=asked.code)
    else:
        _say_what_waits(session, deps, member, message, waiting, now)
    return True


def _may_be_an_answer(session: Session, who_are_patients: Sequence[Patient], message: InboxMessage) -> bool:
    """Return whether a bare "ok", "no" or "2" may answer what we have asked the patient on this number."""
    talks = [
        conversations.talk_of(conversation)
        for patient in who_are_patients
        for conversation in conversations.conversations_of(session, patient.id)[-1:]
        if conversation.opened_at > message.received_at - _ASKED_LATELY
    ]
    return message.body.strip().isdigit() or any(talk.waits for talk in talks)


def _meant(
    session: Session, member: Staff, waiting: Sequence[Escalation], *, is_patient_too: bool, now: datetime
) -> Escalation | None:
    """Return the page that a bare "ok" is about: the only one open, or, to say who was faster, the last one."""
    if len(waiting) == 1:
        return waiting[0]
    if waiting or is_patient_too:
        return None
    return pages.last_for_member(session, member.id, now - _PAGED_LATELY)


def _note_opting(member: Staff, message: InboxMessage, now: datetime) -> None:
    """Note that Twilio blocks us, or no longer does, since it obeys these words by itself: pages go by others then."""
    if blocks_us(message.body):
        member.sms_refused_at = now
    elif member.sms_refused_at is not None:
        # Only START lifts Twilio's block; a page sent in error is refused, and noted, anew.
        member.sms_refused_at = None


def _say_what_waits(
    session: Session,
    deps: Deps,
    member: Staff,
    message: InboxMessage,
    waiting: Sequence[Escalation],
    now: datetime,
) -> None:
    if is_answered_by_twilio(message.body):
        return
    if len(waiting) == 1:
        _say(session, deps, member, message, now, "ack_how", code=waiting[0].code)
    elif waiting:
        codes = ", ".join(escalation.code for escalation in waiting[:_MOST_CODES])
        _say(session, deps, member, message, now, "ack_which_code", codes=codes)
    else:
        _say(session, deps, member, message, now, "ack_none_open")


def _act(
    session: Session,
    deps: Deps,
    member: Staff,
    message: InboxMessage,
    found: Escalation,
    asked: StaffText,
    now: datetime,
) -> None:
    """Do what is asked with the escalation, which nobody else can move meanwhile, and say what came of it."""
    message.escalation_id = found.id
    escalation = escalations.held(session, found.id) or found
    if escalation.state == EscalationState.CLOSED:
        _say(session, deps, member, message, now, "ack_closed", code=escalation.code)
        return
    template, values = _ACTS[asked.ask](session, deps, member, message, escalation, asked, now)
    _say(session, deps, member, message, now, template, code=escalation.code, **values)


class _Said(NamedTuple):
    """The text that answers, and its values beside the code."""

    template: str
    values: dict[str, str]


def _take(
    session: Session,
    deps: Deps,
    member: Staff,
    message: InboxMessage,
    escalation: Escalation,
    _: StaffText,
    now: datetime,
) -> _Said:
    if escalation.state == EscalationState.ACKNOWLEDGED:
        return _Said("ack_already_taken", {"by": _owner(session, escalation, member)})
    if message.received_at < escalation.waits_since:
        return _Said("ack_changed", {})
    take(session, deps, escalation, member, "text", now)
    return _Said("ack_taken", {})


def _pass(
    session: Session,
    _: Deps,
    member: Staff,
    message: InboxMessage,
    escalation: Escalation,
    __: StaffText,
    now: datetime,
) -> _Said:
    """Let the ladder climb where nobody of its step is left; a text older than the step moves nothing."""
    if escalation.state == EscalationState.ACKNOWLEDGED:
        return _Said("ack_already_taken", {"by": _owner(session, escalation, member)})
    if escalation.stepped_at is None or message.received_at >= escalation.stepped_at:
        pass_on(session, escalation, member, now)
    return _Said("ack_passed", {})


def _release(
    session: Session,
    deps: Deps,
    member: Staff,
    _: InboxMessage,
    escalation: Escalation,
    __: StaffText,
    now: datetime,
) -> _Said:
    if not is_owner(escalation, member.id):
        return _Said("ack_not_yours", {})
    let_go(session, deps, escalation, member, now)
    pages_staff = Disposition(escalation.disposition).needs_paging
    return _Said("ack_released" if pages_staff else "ack_released_callback", {})


def _hand_over(
    session: Session,
    deps: Deps,
    member: Staff,
    _: InboxMessage,
    escalation: Escalation,
    asked: StaffText,
    now: datetime,
) -> _Said:
    if not is_owner(escalation, member.id):
        return _Said("ack_not_yours", {})
    colleague = _called(session, asked.colleague or "", besides=member)
    if colleague is None:
        return _Said("ack_no_colleague", {})
    is_told = give(session, deps, escalation, member, colleague, now)
    return _Said("ack_handed_over" if is_told else "ack_handed_over_untold", {"by": colleague.name})


def _called(session: Session, words: str, *, besides: Staff) -> Staff | None:
    """Return the colleague whom the words name; None where they name nobody, or several."""
    colleagues = {member.id: member for member in staff.all_staff(session) if member.id != besides.id}
    named = people_named([words], [Named(one.id, one.name, one.login) for one in colleagues.values()], ())
    return colleagues[named[0]] if len(named) == 1 else None


_ACTS: Final[dict[StaffAsk, Callable[..., _Said]]] = {
    StaffAsk.TAKE_CODE: _take,
    StaffAsk.PASS_CODE: _pass,
    StaffAsk.RELEASE: _release,
    StaffAsk.HAND_OVER: _hand_over,
}


def _owner(session: Session, escalation: Escalation, asker: Staff) -> str:
    owner = session.get_one(Staff, escalation.acknowledged_by)
    return "you" if owner.id == asker.id else owner.name


def _say(
    session: Session,
    deps: Deps,
    member: Staff,
    message: InboxMessage,
    now: datetime,
    template: str,
    **values: str,
) -> None:
    outbox.enqueue(
        session,
        key=f"staff-answer:{message.id}",
        reference=deps.new_reference(),
        urgency=Urgency.ANSWER,
        channel=Channel.SMS,
        recipient=member.phone,
        body=deps.library.wording.render(
            template, Language.ENGLISH, clinic=the_clinic(session).name, **values
        ),
        now=now,
        staff_id=member.id,
        escalation_id=message.escalation_id,
    )
