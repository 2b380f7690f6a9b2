"""The dialogue that a check-in opens, with what is known of the patient before the question is asked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from service.core.conversation import Talk, opened
from service.core.conversation.history import last_severities, usual_severities
from service.store import conversations
from service.store.check_ins import CheckIn
from service.store.database import Session
from service.store.history import told_by
from service.store.infusions import latest_infusion
from service.workflows.deps import Deps
from service.workflows.rechecks import question_of, step_of

# For so long after a talk that led to a page, silence is taken for danger.
_HIGH_RISK_FOR: Final = timedelta(days=3)


def opening_talk(session: Session, deps: Deps, row: CheckIn, now: datetime) -> Talk:
    """Return the dialogue as the check-in opens it.

    Severities are compared with those since the last infusion; a protocol that watches a patient for years
    compares with the last there was.
    """
    told = told_by(session, (row.patient_id,)).get(row.patient_id, ())
    protocol = deps.library.protocols.get(row.protocol)
    watches_for_years = protocol is not None and protocol.begins_by_itself
    infusion = latest_infusion(session, row.patient_id, before=now)
    since = infusion.ended_at if infusion is not None and not watches_for_years else None
    recent = tuple(reply for reply in told if since is None or reply.at >= since)
    last = conversations.latest_conversation(session, row.patient_id)
    before = conversations.talk_of(last) if last is not None else None
    goes_on = last is not None and since is not None and last.opened_at >= since
    return opened(
        question_of(deps, row),
        step_of(deps, row).template,
        before=last_severities(recent),
        usual=usual_severities(told),
        intake=before.intake if before is not None and goes_on else (),
        high_risk=bool(
            last is not None
            and before is not None
            and before.disposition.needs_paging
            and now - last.opened_at <= _HIGH_RISK_FOR
        ),
    )
