"""A calendar's subscription: a token that nobody can guess, dead once its owner leaves or has a new password."""

from __future__ import annotations

import hashlib
import hmac

from service.store.database import Session
from service.store.staff import Staff

_MARK_LENGTH = 32


def feed_token(member: Staff, secret_key: str) -> str:
    """Return the token of a member of staff: their id, and a mark that only we can make."""
    secret = f"roster feed {member.id} {member.password_hash}"
    mark = hmac.new(secret_key.encode(), secret.encode(), hashlib.sha256).hexdigest()[:_MARK_LENGTH]
    return f"{member.id}-{mark}"


def owner_in(token: str) -> int:
    """Return the id that a token names, true or not; 0 where it names none."""
    staff_id, _, _ = token.partition("-")
    return int(staff_id) if staff_id.isascii() and staff_id.isdigit() and len(staff_id) < 10 else 0


def owner_of(session: Session, token: str, secret_key: str) -> int | None:
    """Return the id of the member of staff whose token it is; None where it is nobody's."""
    staff_id = owner_in(token)
    member = session.get(Staff, staff_id) if staff_id else None
    if member is None or not member.active:
        return None
    known = feed_token(member, secret_key)
    return member.id if hmac.compare_digest(known.encode(), token.encode()) else None
