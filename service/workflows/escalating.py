"""The moves of an escalation as rows: opened or joined, paged, taken, closed; shared by the use cases that make them."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.core.escalation import climb
from service.core.protocol.ladder import Ladder
from service.core.words import Channel, Disposition, Language, Urgency, highest
from service.store import escalations, outbox, staff
from service.store.clinics import the_clinic
from service.store.database import Session
from service.store.escalations import Escalation, EscalationState
from service.store.inbox import InboxMessage
from service.store.infusions import latest_infusion
from service.store.patients import Patient
from service.workflows.deps import Deps
from service.workflows.texting import send_to_patient

# A callback is due by the end of the next day; business hours refine this.
_CALLBACK_WITHIN = timedelta(hours=24)
_MOST_CODES_TRIED = 50
# That a nurse has seen it is news for this long.
_NEWS_FOR = timedelta(hours=1)


def escalate(
    session: Session,
    deps: Deps,
    *,
    patient: Patient | None,
    message: InboxMessage | None,
    disposition: Disposition,
    reason: str,
    now: datetime,
) -> Escalation:
    """Bring a message before a person.

    1. Join the escalation that is open for this patient or unknown sender, or open one.
    2. Raise it where this is higher, and where somebody had taken a lower one, open it again.
    3. Page at once where the level calls for it and it is new, raised or reopened.
    """
    sender_hash = message.sender_hash if message is not None and patient is None else None
    escalation = escalations.open_for(
        session, patient_id=patient.id if patient else None, sender_hash=sender_hash
    )
    if escalation is None:
        escalation = _open(session, deps, patient, sender_hash, disposition, reason, now)
        page = disposition.needs_paging
    else:
        page = _join(session, escalation, disposition, reason, now)
    if message is not None:
        message.escalation_id = escalation.id
    if page:
        ladder = ladder_of(session, deps, patient, Disposition(escalation.disposition), now)
        escalation.deadline_at = now + ladder.acknowledge_within
        page_next(session, deps, escalation, ladder, now)
    return escalation


def _open(
    session: Session,
    deps: Deps,
    patient: Patient | None,
    sender_hash: str | None,
    disposition: Disposition,
    reason: str,
    now: datetime,
) -> Escalation:
    escalation = Escalation(
        code=_free_code(session, deps),
        patient_id=patient.id if patient else None,
        sender_hash=sender_hash,
        disposition=disposition,
        reason=reason,
        state=EscalationState.OPEN,
        opened_at=now,
        deadline_at=now + _CALLBACK_WITHIN,
        step=0,
        climbs=0,
    )
    session.add(escalation)
    session.flush()
    escalations.record_event(session, escalation.id, "opened", f"Opened as {disposition}. {reason}", now)
    return escalation


def _join(
    session: Session, escalation: Escalation, disposition: Disposition, reason: str, now: datetime
) -> bool:
    """Join the open escalation; return whether staff must be paged (again) for it."""
    before = Disposition(escalation.disposition)
    level = highest(before, disposition)
    taken = escalation.state == EscalationState.ACKNOWLEDGED
    escalations.record_event(session, escalation.id, "joined", f"Another reply: {disposition}. {reason}", now)
    if level is before and not (taken and disposition.needs_paging):
        return False
    escalation.disposition, escalation.reason, escalation.step = level, reason, 0
    if taken:
        escalation.state = EscalationState.OPEN
        escalation.acknowledged_by = escalation.acknowledged_at = escalation.acknowledged_how = None
        escalations.record_event(
            session, escalation.id, "reopened", "Open again: it needs a person now.", now
        )
    if level is not before:
        escalations.record_event(session, escalation.id, "raised", f"Raised from {before} to {level}.", now)
    return level.needs_paging


def _free_code(session: Session, deps: Deps) -> str:
    for _ in range(_MOST_CODES_TRIED):
        code = deps.new_code()
        taken = escalations.by_code(session, code)
        if taken is None or taken.state == EscalationState.CLOSED:
            return code
    raise RuntimeError("No free escalation code was found; close old escalations first.")


def ladder_of(
    session: Session, deps: Deps, patient: Patient | None, disposition: Disposition, now: datetime
) -> Ladder:
    """Return the ladder of the patient's protocol; the first protocol's for a sender whom nobody knows."""
    infusion = latest_infusion(session, patient.id, before=now) if patient else None
    protocols = deps.library.protocols
    protocol = protocols.get(infusion.protocol) if infusion else None
    return (protocol or next(iter(protocols.values()))).ladder(disposition)


def page_next(session: Session, deps: Deps, escalation: Escalation, ladder: Ladder, now: datetime) -> None:
    """Take the next step up the ladder: promise its pages, and note when to climb on."""
    on_call = {tier.name: tuple(m.id for m in staff.on_tier(session, tier.name)) for tier in ladder.tiers}
    everyone = {member.id: member for member in staff.all_staff(session)}
    step = climb(ladder, escalation.step, on_call, tuple(everyone), now)
    escalation.step, escalation.next_step_at = step.step, step.next_step_at
    escalation.climbs += 1
    clinic = the_clinic(session)
    for page in step.pages:
        member = everyone[page.staff_id]
        outbox.enqueue(
            session,
            key=f"page:{escalation.id}:{escalation.climbs}:{member.id}:{page.channel}",
            reference=deps.new_reference(),
            urgency=Urgency.PAGE,
            channel=Channel.SMS,
            recipient=member.phone,
            body=deps.library.wording.render(
                "page_staff",
                Language.ENGLISH,
                clinic=clinic.name,
                code=escalation.code,
                level=escalation.disposition.upper(),
            ),
            now=now,
            staff_id=member.id,
            escalation_id=escalation.id,
        )
        escalations.record_event(
            session,
            escalation.id,
            "paged",
            f"Paged {member.name} by {page.channel} (tier {step.tier}).",
            now,
            staff_id=member.id,
        )
    if not step.pages:
        escalations.record_event(session, escalation.id, "nobody", "There is nobody to page: add staff.", now)


def take(
    session: Session, deps: Deps, escalation: Escalation, member: staff.Staff, how: str, now: datetime
) -> bool:
    """Acknowledge for this member of staff, if nobody has yet, and tell the patient that a nurse has seen it."""
    if not escalations.take(session, escalation.id, member.id, how, now):
        return False
    escalations.record_event(
        session, escalation.id, "acknowledged", f"{member.name} took it by {how}.", now, staff_id=member.id
    )
    outbox.cancel_pages(session, escalation.id, now)
    patient = session.get(Patient, escalation.patient_id) if escalation.patient_id is not None else None
    if patient is not None and Disposition(escalation.disposition).needs_paging:
        send_to_patient(
            session,
            deps,
            patient,
            "reply_taken",
            key=f"taken:{escalation.id}:{escalation.climbs}",
            urgency=Urgency.ANSWER,
            now=now,
            not_after=now + _NEWS_FOR,
        )
    return True
