"""A caller wants a person: who on call is rung, and a colleague who presses a key has the call and what it is about."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from service.core.escalation.roster import on_call
from service.core.words import Channel, Disposition
from service.store import calls, escalations, pages, staff
from service.store.calls import Call
from service.store.database import Session
from service.store.roster import load_roster
from service.store.staff import Staff
from service.workflows.deps import Deps
from service.workflows.paging import REFUSES_FOR, fallback_staff, protocol_of
from service.workflows.taking import take

# Twilio rings no more than ten numbers at once.
_MOST_RUNG: Final = 10


def whom_to_ring(session: Session, deps: Deps, call: Call, now: datetime) -> tuple[Staff, ...]:
    """Return who is rung for a caller: the first tier with anybody on call whose phone takes calls, or the fallback."""
    everyone = {member.id: member for member in staff.all_staff(session)}
    refusing = pages.refusing_phones(session, now - REFUSES_FOR, Channel.VOICE)
    reachable = {
        member.id for member in everyone.values() if member.id not in refusing and member.phone != call.number
    }
    duty = on_call(load_roster(session, now), now)
    ladder = protocol_of(session, deps, call.patient_id, now).ladder(Disposition.URGENT)
    for tier in ladder.tiers:
        here = tuple(everyone[one] for one in duty.get(tier.name, ()) if one in reachable)
        if here:
            return here[:_MOST_RUNG]
    spare = (everyone[one] for one in fallback_staff(session, everyone) if one in reachable)
    return tuple(spare)[:_MOST_RUNG]


def accept_caller(deps: Deps, reference: str, staff_id: int) -> bool:
    """Let a colleague who pressed the key have the caller, and what is open about them; return whether it is theirs.

    Two who press at the same instant: the first is connected, the other is let go.
    """
    now = deps.now()
    with deps.store.transaction() as session:
        call = calls.held_call(session, reference)
        if call is None or call.connected_to not in (None, staff_id):
            return False
        call.connected_to = staff_id
        _take_what_is_open(session, deps, call, session.get_one(Staff, staff_id), now)
    return True


def _take_what_is_open(session: Session, deps: Deps, call: Call, member: Staff, now: datetime) -> None:
    unknown = call.number_hash if call.patient_id is None else None
    found = escalations.open_for(session, patient_id=call.patient_id, sender_hash=unknown)
    if found is not None:
        take(session, deps, found, member, "call", now)
