"""A text to the admins about the service or the roster; to everybody, where no admin can be texted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from service.core.words import Channel, Language, Urgency
from service.store import outbox, staff
from service.store.database import Session
from service.store.staff import Role, Staff
from service.workflows.deps import Deps

# News that could not be sent for so long is no news.
_NEWS_FOR: Final = timedelta(hours=1)


def whom_to_tell(session: Session, *, besides: frozenset[int] = frozenset()) -> list[Staff]:
    """Return the admins who can be texted, `besides` those whom a text has not reached; where there is none, everybody."""
    can_be_texted = [member for member in staff.all_staff(session) if member.sms_refused_at is None]
    admins = [member for member in can_be_texted if member.role == Role.ADMIN]
    return [member for member in admins if member.id not in besides] or can_be_texted


def tell(
    session: Session,
    deps: Deps,
    member: Staff,
    template: str,
    *,
    key: str,
    urgency: Urgency,
    now: datetime,
    **values: object,
) -> bool:
    """Promise the text to one of them, once by its key; return whether it is news."""
    return outbox.enqueue(
        session,
        key=key,
        reference=deps.new_reference(),
        urgency=urgency,
        channel=Channel.SMS,
        recipient=member.phone,
        body=deps.library.wording.render(template, Language.ENGLISH, **values),
        now=now,
        not_after=now + _NEWS_FOR,
        staff_id=member.id,
    )
