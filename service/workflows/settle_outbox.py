"""What came of the attempts is put on record: texts that Twilio has taken together, and all else each by itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from service import logs
from service.carrier.gateway import Accepted, Outcome, OutgoingText, Refused
from service.carrier.outcome import Refusal
from service.store import leaving, ways_out
from service.store.database import Session
from service.store.outbox import OutboxMessage, OutboxState
from service.workflows.calls.promising import note_placed
from service.workflows.claim_outbox import Leaving, pause_before
from service.workflows.deps import Deps
from service.workflows.fate import first_look, goes_on, stand_still, tell_staff

_log = logs.get(__name__)

Ended = tuple[Leaving, Outcome]

_UNKNOWN_LEASE = timedelta(seconds=15)


def settle(deps: Deps, ended: Sequence[Ended]) -> None:
    """Put on record what came of these attempts.

    One that can't be put on record takes no other with it: Twilio is asked for it once its lease is over.
    """
    taken = [
        (one.message_id, outcome.sid)
        for one, outcome in ended
        if isinstance(one.outgoing, OutgoingText) and isinstance(outcome, Accepted)
    ]
    if taken:
        _note_taken(deps, taken)
    for one, outcome in ended:
        if not (isinstance(one.outgoing, OutgoingText) and isinstance(outcome, Accepted)):
            _guarded(deps, one.message_id, partial(_note_outcome, message_id=one.message_id, outcome=outcome))


def _note_taken(deps: Deps, taken: Sequence[tuple[int, str]]) -> None:
    try:
        _accept(deps, taken)
    except Exception as error:  # noqa: BLE001 -- it comes again below, for the message that it is about
        _log.warning("outbox.not_settled_together", exc_info=error, remedy="Each is settled by itself.")
        for one in taken:
            _guarded(deps, one[0], partial(_accept, taken=[one]))


def _guarded(deps: Deps, message_id: int, note: Callable[[Deps], None]) -> None:
    try:
        note(deps)
    except Exception as error:  # noqa: BLE001 -- the sids of the others must not be lost with it
        remedy = "Twilio is asked for it once its lease is over."
        _log.error("outbox.not_settled", outbox_id=message_id, exc_info=error, remedy=remedy)


def _accept(deps: Deps, taken: Sequence[tuple[int, str]]) -> None:
    now = deps.now()
    with deps.store.transaction() as session:
        leaving.accept(session, taken, first_look(session, now))
    for message_id, _ in taken:
        _log.info("outbox.attempted", outbox_id=message_id, state=str(OutboxState.ACCEPTED), code=None)


def _note_outcome(deps: Deps, message_id: int, outcome: Outcome) -> None:
    now = deps.now()
    with deps.store.transaction() as session:
        message = session.get_one(OutboxMessage, message_id, with_for_update=True)
        if message.state != OutboxState.SENDING:
            # A status callback was faster than the answer to our own request; it knows more.
            return
        if isinstance(outcome, Accepted):
            message.state, message.sid, message.lease_until = OutboxState.ACCEPTED, outcome.sid, None
            note_placed(session, message.reference, outcome.sid, now)
            goes_on(session, message)
        elif isinstance(outcome, Refused):
            _refused(session, deps, message, outcome, now)
        else:
            message.state, message.remark = OutboxState.UNKNOWN, outcome.sentence
            message.lease_until = now + _UNKNOWN_LEASE
        state, code = message.state, message.error_code
    _log.info("outbox.attempted", outbox_id=message_id, state=str(state), code=code)


def _refused(session: Session, deps: Deps, message: OutboxMessage, refused: Refused, now: datetime) -> None:
    message.error_code, message.remark, message.lease_until = refused.code, refused.sentence, None
    if refused.kind is Refusal.PASSING:
        message.state, message.try_at = OutboxState.QUEUED, now + pause_before(message.attempts, message.id)
        return
    if refused.kind is Refusal.CONFIGURATION:
        # Behind the others of its urgency, so that another is tried first: it may be this one's own fault.
        message.state, message.try_at = OutboxState.QUEUED, now + ways_out.PROBE_EVERY
        stand_still(session, message, refused.sentence, now)
        return
    message.state, message.settled_at = OutboxState.FAILED, now
    tell_staff(session, deps, message, refused.sentence, opted_out=refused.kind is Refusal.OPTED_OUT, now=now)
