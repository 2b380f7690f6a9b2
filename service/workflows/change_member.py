"""A member of staff gets another role, is paged on another tier, or signs in with a new password."""

from __future__ import annotations

from service.store import audit
from service.store.database import Session
from service.store.staff import Role, Staff
from service.workflows.deps import Deps
from service.workflows.remove_member import refuse_without_admin
from service.workflows.set_up import UnableToSetUp, hashed, refuse_unknown_tier


def change_member(deps: Deps, staff_id: int, *, role: Role, tier: str | None, actor: str) -> str:
    """Change what somebody is and on which tier they are paged, from now on; return their name.

    Raises:
        UnableToSetUp: for nobody of the id, a tier on no ladder, or the only admin who would be none.
    """
    refuse_unknown_tier(deps, tier)
    with deps.store.transaction() as session:
        member = _active(session, staff_id)
        if role is not Role.ADMIN:
            refuse_without_admin(session, member)
        member.role, member.tier = role, tier
        action = f"made {role}, tier {tier or 'none'}"
        audit.record(session, actor=actor, action=action, subject=f"staff:{staff_id}", now=deps.now())
        return member.name


def set_password(deps: Deps, staff_id: int, password: str, *, actor: str) -> str:
    """Give somebody a new password; return their name. Where they were signed in, and their calendars, end with the old.

    Raises:
        UnableToSetUp: for nobody of the id, or a short password.
    """
    password_hash = hashed(password)
    with deps.store.transaction() as session:
        member = _active(session, staff_id)
        member.password_hash = password_hash
        subject = f"staff:{staff_id}"
        audit.record(session, actor=actor, action="set the password", subject=subject, now=deps.now())
        return member.name


def _active(session: Session, staff_id: int) -> Staff:
    member = session.get(Staff, staff_id, with_for_update=True)
    if member is None or not member.active:
        raise UnableToSetUp("There is no such member of staff; somebody may have removed them.")
    return member
