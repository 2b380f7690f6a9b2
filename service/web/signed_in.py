"""A member of staff as the session knows them; a changed password or a deactivated account ends every session."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import ClassVar

from service.store.database import Session
from service.store.staff import Role, Staff

_MARK_LENGTH = 16


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is signed in, with what Flask-Login asks of such a value. `mark` changes with the password."""

    staff_id: int
    name: str
    role: str
    mark: str
    is_authenticated: ClassVar[bool] = True
    is_active: ClassVar[bool] = True
    is_anonymous: ClassVar[bool] = False

    @property
    def is_admin(self) -> bool:
        """Return whether they may change the clinic, its staff and its roster."""
        return self.role == Role.ADMIN

    def get_id(self) -> str:
        """Return what the session cookie keeps."""
        return f"{self.staff_id}:{self.mark}"


def signed_in(member: Staff) -> SignedIn:
    """Return the member of staff as the session will know them."""
    mark = hashlib.sha256(member.password_hash.encode()).hexdigest()[:_MARK_LENGTH]
    return SignedIn(member.id, member.name, member.role, mark)


def from_session(session: Session, kept: str) -> SignedIn | None:
    """Return whom a session cookie names; None where that account is gone, inactive, or has a new password."""
    staff_id, _, _ = kept.partition(":")
    member = session.get(Staff, int(staff_id)) if staff_id.isdigit() else None
    if member is None or not member.active:
        return None
    known = signed_in(member)
    return known if known.get_id() == kept else None
