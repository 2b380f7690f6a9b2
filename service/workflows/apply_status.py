"""What Twilio reports of a message that we sent: matched by our own reference first, and never moved backwards."""

from __future__ import annotations

from service import logs
from service.carrier.inbound import StatusReport
from service.store import outbox
from service.workflows.deps import Deps
from service.workflows.fate import settle_status

_log = logs.get(__name__)


def apply_status(deps: Deps, report: StatusReport) -> None:
    """Move the message's state forward as the report says; one that is old, repeated or of no message changes nothing."""
    now = deps.now()
    with deps.store.transaction() as session:
        message = outbox.by_reference(session, report.reference) or outbox.by_sid(session, report.sid)
        if message is None:
            _log.warning("status.of_no_message", sid=report.sid)
            return
        settle_status(
            session, deps, message, sid=report.sid, status=report.status, code=report.error_code, now=now
        )
