"""When something will next fall due: what the demo's clock is moved to, and what ops look at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.store import calls, check_ins, conversations, escalations, inbox, outbox
from service.workflows.deps import Deps


@dataclass(frozen=True, slots=True)
class Moment:
    """An instant in UTC, and what falls due then."""

    at: datetime
    what: str


def next_moment(deps: Deps) -> Moment | None:
    """Return the next moment after now at which something falls due, or None where nothing is planned."""
    now = deps.now()
    with deps.store.reading() as session:
        moments = [Moment(at, what) for at, what in check_ins.next_moments(session)]
        climb = escalations.next_climb(session)
        silence = conversations.next_silence(session)
        waiting = outbox.next_try(session)
        look = calls.next_look(session)
    if climb is not None:
        moments.append(Moment(climb, "an escalation climbs"))
    if silence is not None:
        moments.append(Moment(silence, "silence on a question counts"))
    if waiting is not None:
        moments.append(Moment(waiting, "a message is tried again"))
    if look is not None:
        moments.append(Moment(look, "a call is looked at"))
    return min((moment for moment in moments if moment.at > now), key=lambda moment: moment.at, default=None)


def is_settled(deps: Deps) -> bool:
    """Return whether nothing is due at this moment: every reply read, every message that may leave gone."""
    now = deps.now()
    with deps.store.reading() as session:
        overdue = [at for at, _ in check_ins.next_moments(session) if at <= now]
        climb = escalations.next_climb(session)
        return not (
            overdue
            or (climb is not None and climb <= now)
            or outbox.waiting_at(session, now)
            or inbox.oldest_unread(session) is not None
        )
