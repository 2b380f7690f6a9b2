"""A member of staff leaves: they sign in and are paged no more, and what they had, or were paged for, goes to others."""

from __future__ import annotations

from datetime import datetime

from service import logs
from service.store import audit, escalations, pages, staff
from service.store.database import Session
from service.store.escalations import Escalation
from service.store.staff import Role, Staff
from service.workflows.deps import Deps
from service.workflows.paging import move_on_if_nobody_is_left
from service.workflows.remind_owner import let_climb_again
from service.workflows.set_up import UnableToSetUp

_log = logs.get(__name__)


def remove_member(deps: Deps, staff_id: int, *, actor: str) -> int:
    """Remove a member of staff; return how many escalations they had, which are open again and page others now.

    What they had been paged for climbs at once where nobody else of that step is left. Their rows stay, because the
    timelines name them; their shifts count no more.

    Raises:
        UnableToSetUp: where there is nobody of the id, or they are the only admin.
    """
    now = deps.now()
    with deps.store.transaction() as session:
        member = session.get(Staff, staff_id, with_for_update=True)
        if member is None or not member.active:
            raise UnableToSetUp("There is no such member of staff; somebody may have removed them.")
        refuse_without_admin(session, member)
        # The sign-in name is free for whoever comes next; the row stays.
        member.active, member.login = False, f"left:{member.id}"
        session.flush()
        pages.cancel_pages_to(session, staff_id, now)
        owned = escalations.owned_by(session, staff_id)
        for one in owned:
            let_climb_again(session, deps, one, f"{member.name} is staff no longer.", now)
        reopened = {one.id for one in owned}
        for paged in pages.open_for_member(session, staff_id):
            escalation = escalations.held(session, paged.id)
            if escalation is not None and escalation.id not in reopened:
                _move_on(session, escalation, member, now)
        audit.record(session, actor=actor, action="removed", subject=f"staff:{staff_id}", now=now)
    _log.warning("staff.removed", staff_id=staff_id, reopened=len(owned))
    return len(owned)


def refuse_without_admin(session: Session, member: Staff) -> None:
    """Refuse what would leave the clinic without anybody who may set it up.

    Raises:
        UnableToSetUp: where they are the only admin.
    """
    others = (one for one in staff.all_staff(session) if one.id != member.id)
    if member.role == Role.ADMIN and not any(one.role == Role.ADMIN for one in others):
        raise UnableToSetUp("They are the only admin. Add another admin first.")


def _move_on(session: Session, escalation: Escalation, member: Staff, now: datetime) -> None:
    words = f"{member.name} is staff no longer, and is paged no more."
    escalations.record_event(session, escalation.id, "passed", words, now, staff_id=member.id)
    move_on_if_nobody_is_left(session, escalation, now)
