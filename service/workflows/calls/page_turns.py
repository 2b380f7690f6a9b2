"""A turn of a call with staff: the page that they take or pass on by a key, or that they name by the keys of its code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from service.core.call import (
    Heard,
    Line,
    Page,
    PassPage,
    Place,
    Settled,
    TakePage,
    TryCode,
    Turn,
    begin_code,
    begin_page,
    end,
    none_open,
    on_code_heard,
    on_page_heard,
    page_settled,
    spells,
)
from service.store import escalations, pages
from service.store.calls import Call, CallTurn
from service.store.database import Session
from service.store.escalations import Escalation, EscalationState
from service.store.staff import Staff
from service.workflows.deps import Deps
from service.workflows.paging import pass_on
from service.workflows.taking import take


def begin_with_staff(session: Session, call: Call, now: datetime) -> Turn:
    """Return the first turn of a page, or of a call from a member of staff: about the one page that is open for them."""
    if not _is_staff_still(session, call):
        return none_open()
    escalation = _escalation_of(session, call)
    if escalation is None:
        waiting = _may_be_taken(session, call)
        if len(waiting) != 1:
            return begin_code() if waiting else none_open()
        call.escalation_id, escalation = waiting[0].id, waiting[0]
    if escalation.state != EscalationState.OPEN:
        return end(_page(session, escalation, now).say(_already(escalation)))
    return begin_page(_page(session, escalation, now), call.answered_by)


def go_on_with_staff(
    session: Session, deps: Deps, call: Call, line: Line, turn: CallTurn, now: datetime
) -> Turn:
    """Return the turn that follows a key press of a member of staff, after it has done what it says."""
    heard = Heard(turn.keys, turn.words, turn.confidence)
    if line.place is Place.CODE:
        asked = on_code_heard(line, heard)
        return _try_code(session, call, line, asked, now) if isinstance(asked, TryCode) else asked
    escalation = _escalation_of(session, call)
    if line.place is not Place.PAGE or escalation is None:
        return end()
    if not _is_staff_still(session, call):
        return none_open()
    step = on_page_heard(line, heard, _page(session, escalation, now))
    if isinstance(step, Turn):
        return step
    member = session.get_one(Staff, call.staff_id)
    settled = _settle(session, deps, escalation, member, step, now)
    session.flush()
    session.refresh(escalation)
    return page_settled(line, settled, _page(session, escalation, now))


def _settle(
    session: Session,
    deps: Deps,
    escalation: Escalation,
    member: Staff,
    step: TakePage | PassPage,
    now: datetime,
) -> Settled:
    """Take the page or pass it on; of two who press at the same instant one has it, and the other hears who."""
    if isinstance(step, TakePage):
        if take(session, deps, escalation, member, "call", now) or escalation.acknowledged_by == member.id:
            return Settled.TAKEN
        return _already(escalation)
    if escalation.state != EscalationState.OPEN:
        return _already(escalation)
    pass_on(session, escalation, member, now)
    return Settled.PASSED_ON


def _try_code(session: Session, call: Call, line: Line, tried: TryCode, now: datetime) -> Turn:
    found = [one for one in _may_be_taken(session, call) if spells(tried.keys, one.code)]
    if len(found) != 1:
        return page_settled(line, Settled.UNKNOWN_CODE, Page("", "", 0))
    call.escalation_id = found[0].id
    return begin_page(_page(session, found[0], now))


def _may_be_taken(session: Session, call: Call) -> Sequence[Escalation]:
    """Return what the member of staff was paged for; where that is nothing, whatever is open and pages anybody."""
    own = pages.open_for_member(session, call.staff_id) if call.staff_id is not None else ()
    return own or [
        one
        for one in escalations.live_escalations(session)
        if one.state == EscalationState.OPEN and one.climbs
    ]


def _is_staff_still(session: Session, call: Call) -> bool:
    """Return whether whoever is on the phone has not been removed while it rang, or since they picked up."""
    member = session.get(Staff, call.staff_id) if call.staff_id is not None else None
    return member is not None and member.active


def _escalation_of(session: Session, call: Call) -> Escalation | None:
    return escalations.held(session, call.escalation_id) if call.escalation_id is not None else None


def _already(escalation: Escalation) -> Settled:
    return Settled.CLOSED if escalation.state == EscalationState.CLOSED else Settled.ALREADY_TAKEN


def _page(session: Session, escalation: Escalation, now: datetime) -> Page:
    owner = session.get(Staff, escalation.acknowledged_by) if escalation.acknowledged_by is not None else None
    waited = now - (escalation.raised_at or escalation.opened_at)
    minutes = max(0, int(waited.total_seconds()) // 60)
    return Page(escalation.code, escalation.disposition, minutes, owner.name if owner is not None else "")
