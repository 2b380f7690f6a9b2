"""A step up the ladder as rows: the pages of the tier whose turn it is, and the instant of the next step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from service.core.escalation import PageTo, Refusing, climb
from service.core.escalation.roster import on_call
from service.core.protocol.ladder import Ladder
from service.core.protocol.model import Protocol
from service.core.words import Channel, Disposition, Language, Urgency
from service.store import escalations, outbox, pages, staff
from service.store.clinics import the_clinic
from service.store.database import Session
from service.store.escalations import Escalation, EscalationState
from service.store.infusions import latest_infusion
from service.store.outbox import OutboxMessage
from service.store.patients import Patient
from service.store.roster import load_roster
from service.store.staff import Staff
from service.workflows.calls.promising import promise_page_call
from service.workflows.deps import Deps
from service.workflows.wall_time import clinic_time

# A phone that refused a page is left out for this long; handsets that were off or out of reach come back.
REFUSES_FOR = timedelta(minutes=30)


def ladder_of(session: Session, deps: Deps, escalation: Escalation, now: datetime) -> Ladder:
    """Return the ladder that pages for the escalation.

    Raises:
        KeyError: for a level that pages nobody.
    """
    protocol = protocol_of(session, deps, escalation.patient_id, now)
    return protocol.ladder(Disposition(escalation.disposition))


def protocol_of(session: Session, deps: Deps, patient_id: int | None, now: datetime) -> Protocol:
    """Return the protocol of the patient's last infusion; the first for a sender whom nobody knows."""
    infusion = latest_infusion(session, patient_id, before=now) if patient_id is not None else None
    protocols = deps.library.protocols
    protocol = protocols.get(infusion.protocol) if infusion else None
    return protocol or next(iter(protocols.values()))


def page_from_the_start(session: Session, deps: Deps, escalation: Escalation, now: datetime) -> None:
    """Page the first rung, and let the deadline run anew: it has just become, or grown, urgent."""
    ladder = ladder_of(session, deps, escalation, now)
    escalation.step = 0
    escalation.raised_at = escalation.waits_since = now
    escalation.deadline_at = now + ladder.acknowledge_within
    _climb(session, deps, escalation, ladder, now)


def page_next(session: Session, deps: Deps, escalation: Escalation, now: datetime) -> None:
    """Take the next step up the ladder: promise its pages, and note when to climb on."""
    _climb(session, deps, escalation, ladder_of(session, deps, escalation, now), now)


def _climb(session: Session, deps: Deps, escalation: Escalation, ladder: Ladder, now: datetime) -> None:
    everyone = {member.id: member for member in staff.all_staff(session)}
    step = climb(
        ladder,
        escalation.step,
        on_call(load_roster(session, now), now),
        fallback_staff(session, everyone),
        now,
        refusing=_refusing(session, everyone, now),
    )
    escalation.step, escalation.next_step_at = step.step, step.next_step_at
    escalation.climbs += 1
    escalation.stepped_at = now
    if escalation.climbs > 1:
        pages.cancel_older_pages(session, escalation.id, [page.staff_id for page in step.pages], now)
    for page in step.pages:
        _page(session, deps, escalation, page, step.tier, everyone, now)
    if not step.pages:
        escalations.record_event(session, escalation.id, "nobody", "There is nobody to page: add staff.", now)


def _refusing(session: Session, everyone: Mapping[int, Staff], now: datetime) -> Refusing:
    opted_out = {member.id for member in everyone.values() if member.sms_refused_at is not None}
    return Refusing(
        pages.refusing_phones(session, now - REFUSES_FOR, Channel.SMS) | opted_out,
        pages.refusing_phones(session, now - REFUSES_FOR, Channel.VOICE),
    )


def fallback_staff(session: Session, everyone: Mapping[int, Staff]) -> tuple[int, ...]:
    """Return who is paged when nobody is on call: those with the clinic's fallback role, or else all staff."""
    role = the_clinic(session).fallback_role
    return tuple(member.id for member in everyone.values() if member.role == role) or tuple(everyone)


def _page(
    session: Session,
    deps: Deps,
    escalation: Escalation,
    page: PageTo,
    tier: str,
    everyone: Mapping[int, Staff],
    now: datetime,
) -> None:
    member = everyone[page.staff_id]
    key = pages.page_key(escalation.id, escalation.climbs, member.id, page.channel)
    if page.channel is Channel.VOICE:
        promise_page_call(session, deps, escalation, member, key, page.at)
    else:
        _page_by_text(session, deps, escalation, member, key, page.at)
    how = "call" if page.channel is Channel.VOICE else "text"
    whom = f"{member.name} by {how} (tier {tier})."
    words = f"Paged {whom}" if page.at <= now else f"Unless it is taken first, to be paged next: {whom}"
    escalations.record_event(session, escalation.id, "paged", words, now, staff_id=member.id)


def _page_by_text(
    session: Session, deps: Deps, escalation: Escalation, member: Staff, key: str, at: datetime
) -> None:
    level = escalation.disposition
    page = partial(
        tell_member, session, deps, escalation, member, key=key, now=at, urgency=Urgency.PAGE, level=level
    )
    if escalation.came_at is None:
        page("page_staff")
    else:
        page("page_staff_late", since=clinic_time(session, escalation.came_at))


def pass_on(session: Session, escalation: Escalation, member: Staff, now: datetime) -> None:
    """Note that a member of staff can't take it, and let the ladder climb where nobody of its step is left."""
    words = f"{member.name} can't take it."
    escalations.record_event(session, escalation.id, "passed", words, now, staff_id=member.id)
    session.flush()
    move_on_if_nobody_is_left(session, escalation, now)


def move_on_if_nobody_is_left(session: Session, escalation: Escalation, now: datetime) -> None:
    """Let the escalation climb at once where everybody whom its present step paged is lost or has passed it on."""
    if escalation.state != EscalationState.OPEN or escalation.stepped_at is None:
        return
    passed = escalations.passed_on(session, escalation.id, escalation.stepped_at)
    if not pages.paged_now(session, escalation) - passed:
        escalation.next_step_at = now


def page_was_lost(session: Session, message: OutboxMessage, now: datetime) -> None:
    """Let the ladder climb at once where nobody of its present step is left; a page of an older step moves nothing.

    A phone that keeps refusing moves its escalation once: climbing on each refusal would race round dead phones.
    """
    escalation = escalations.held(session, message.escalation_id) if message.escalation_id else None
    if escalation is None or not pages.is_of_climb(message, escalation):
        return
    if (
        message.channel == Channel.SMS
        and message.staff_id is not None
        and pages.call_now_instead(session, escalation, message.staff_id, now)
    ):
        return
    if not pages.has_refused(session, escalation, message.staff_id, now - REFUSES_FOR):
        move_on_if_nobody_is_left(session, escalation, now)


def tell_member(
    session: Session,
    deps: Deps,
    escalation: Escalation,
    member: Staff,
    template: str,
    *,
    key: str,
    now: datetime,
    urgency: Urgency = Urgency.ANSWER,
    not_after: datetime | None = None,
    **values: object,
) -> None:
    """Promise a member of staff a text about an escalation: a reminder, a hand-over, news, or a page where so urgent."""
    outbox.enqueue(
        session,
        key=key,
        reference=deps.new_reference(),
        urgency=urgency,
        channel=Channel.SMS,
        recipient=member.phone,
        body=staff_words(session, deps, template, escalation, **values),
        now=now,
        not_after=not_after,
        staff_id=member.id,
        escalation_id=escalation.id,
    )


def staff_words(session: Session, deps: Deps, template: str, escalation: Escalation, **values: object) -> str:
    """Return a text for staff about the escalation; it names neither the patient nor a symptom (law 6)."""
    clinic = the_clinic(session).name
    return deps.library.wording.render(
        template, Language.ENGLISH, clinic=clinic, code=escalation.code, **values
    )


def patient_of(session: Session, escalation: Escalation) -> Patient | None:
    """Return the escalation's patient; None for a sender whom nobody knows."""
    return session.get(Patient, escalation.patient_id) if escalation.patient_id is not None else None
