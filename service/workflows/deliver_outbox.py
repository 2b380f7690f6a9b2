"""The outbox is delivered: claim and commit, call the carrier with no transaction open, settle and commit."""

from __future__ import annotations

from service import logs
from service.carrier.gateway import Outcome, OutgoingCall, Unknown
from service.workflows.claim_outbox import Claim, Leaving, claim_together, waiting
from service.workflows.deps import Deps
from service.workflows.settle_outbox import settle

_log = logs.get(__name__)


def deliver_next(deps: Deps, claim: Claim | None = None) -> bool:
    """Deliver the most urgent message that waits, or of those that `claim` picks; return whether there was one.

    The attempt is on record before the call, the outcome after it; a crash between the two is found by its lease.
    """
    claimed = claim_together(deps, 1, claim or waiting(deps))
    settle(deps, [(leaving, attempt(deps, leaving)) for leaving in claimed.leaving])
    return claimed.dealt_with > 0


def attempt(deps: Deps, leaving: Leaving) -> Outcome:
    """Hand one message to the carrier; return what came of it."""
    try:
        if isinstance(leaving.outgoing, OutgoingCall):
            return deps.carrier.place_call(leaving.outgoing)
        return deps.carrier.send_text(leaving.outgoing)
    except Exception as error:  # noqa: BLE001 -- whatever broke, it may have left: Twilio is asked for it
        _log.error(
            "outbox.attempt_failed", outbox_id=leaving.message_id, exc_info=error, remedy="Report this."
        )
        return Unknown(f"The attempt broke off ({type(error).__name__}).")
