"""A call goes on turn by turn: what was heard is committed raw, then decided on, and the same step answers the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from service import logs
from service.carrier.inbound import CallReport, HeardTurn
from service.carrier.twiml import call_document
from service.core.call import (
    Connect,
    Line,
    Place,
    Turn,
    as_json,
    end,
    from_json,
    nobody_to_ring,
    reading_failed,
)
from service.core.decisions import Escalate
from service.core.words import Disposition
from service.store import calls, outbox
from service.store.calls import Call, CallTurn
from service.store.database import Session
from service.store.inbox import InboxState
from service.store.staff import Staff
from service.workflows.calls.connecting import whom_to_ring
from service.workflows.calls.page_turns import begin_with_staff, go_on_with_staff
from service.workflows.calls.promising import LOOK_AFTER
from service.workflows.calls.replying import act, begin, go_on, store_words
from service.workflows.calls.reports import move_call
from service.workflows.calls.speaking import said
from service.workflows.deps import Deps

_log = logs.get(__name__)

_NOTHING = HeardTurn("", "", None, "")


def answer_call(deps: Deps, report: CallReport) -> str:
    """Return what a call of ours says first, to whoever or whatever has answered it."""
    now = deps.now()
    with deps.store.transaction() as session:
        call = calls.held_call(session, report.reference)
        if call is not None:
            move_call(session, deps, call, report, now)
    return take_turn(deps, report.reference, 0, _NOTHING)


def take_turn(deps: Deps, reference: str, step: int, heard: HeardTurn) -> str:
    """Return what is said to what was heard at this step; asked twice, it says the same and does nothing twice.

    What was heard is on record before anything reads it: where reading it throws, a person looks at it.
    """
    now = deps.now()
    with deps.store.transaction() as session:
        call = calls.held_call(session, reference)
        if call is None:
            _log.warning("call.of_no_record", step=step)
            return call_document((), None)
        calls.note_turn(
            session, call.id, step, now, keys=heard.keys, words=heard.words, confidence=heard.confidence
        )
        call_id = call.id
    return _finish(deps, call_id, step)


def finish_turns(deps: Deps, call_id: int, *, heard_before: datetime) -> None:
    """Decide on the turns that were heard before the instant and never answered: nobody hears it, but it counts."""
    with deps.store.reading() as session:
        left = [turn.step for turn in calls.untaken_turns(session, call_id) if turn.heard_at <= heard_before]
    for step in left:
        _finish(deps, call_id, step)


def _finish(deps: Deps, call_id: int, step: int) -> str:
    now = deps.now()
    try:
        with deps.store.transaction() as session:
            call, turn = _held(session, call_id, step)
            if turn.said is None:
                _what_was_said_arrived(session, call, turn, now)
                _keep(session, deps, call, turn, _decide(session, deps, call, turn, now), now)
            return _document(turn)
    except Exception as error:  # noqa: BLE001 -- whatever it is, the caller hears a way on and a person looks
        _log.error("call.turn_failed", call_id=call_id, step=step, exc_info=error)
        return _give_up(deps, call_id, step, now)


def _decide(session: Session, deps: Deps, call: Call, turn: CallTurn, now: datetime) -> Turn:
    line = from_json(call.line) if call.line else None
    if call.staff_id is not None:
        if line is None:
            return begin_with_staff(session, call, now)
        return go_on_with_staff(session, deps, call, line, turn, now)
    if line is None:
        return begin(session, deps, call, Line(Place.GREETING))
    return go_on(session, deps, call, line, turn, now)


def _keep(session: Session, deps: Deps, call: Call, turn: CallTurn, decided: Turn, now: datetime) -> None:
    """Keep where the call stands and what it says; where nobody can be rung, that is said instead."""
    colleagues: tuple[Staff, ...] = ()
    if isinstance(decided.then, Connect):
        colleagues = whom_to_ring(session, deps, call, now)
        if not colleagues:
            decided = nobody_to_ring(decided.line)
            act(session, deps, call, decided, now)
    call.line, call.step, call.look_at = as_json(decided.line), turn.step + 1, now + LOOK_AFTER
    turn.said = said(session, deps, call, decided, turn.step, colleagues)


def _what_was_said_arrived(session: Session, call: Call, turn: CallTurn, now: datetime) -> None:
    """Note that the caller has heard the answers of the turn before: this turn could not have come otherwise."""
    before = calls.turn_of(session, call.id, turn.step - 1)
    if before is not None and before.inbox_id is not None:
        outbox.note_said(session, before.inbox_id, now)


def _give_up(deps: Deps, call_id: int, step: int, now: datetime) -> str:
    """Put what was heard before the reader again and before a person, and end the call with where help is."""
    with deps.store.transaction() as session:
        call, turn = _held(session, call_id, step)
        if turn.said is None:
            line = from_json(call.line) if call.line else Line(Place.GREETING)
            decided = end() if call.staff_id is not None else _set_before_a_person(session, call, turn, line)
            act(session, deps, call, decided, now)
            _keep(session, deps, call, turn, decided, now)
        return _document(turn)


def _set_before_a_person(session: Session, call: Call, turn: CallTurn, line: Line) -> Turn:
    heard = turn.words or turn.keys
    if heard:
        turn.inbox_id = store_words(session, call, heard, turn.heard_at, InboxState.UNREAD).id
    reason = "A call could not be gone on with, and the caller was told that staff will call."
    return replace(reading_failed(line), acts=(Escalate(Disposition.CALLBACK, reason),))


def _held(session: Session, call_id: int, step: int) -> tuple[Call, CallTurn]:
    call = session.get_one(Call, call_id, with_for_update=True)
    turn = calls.turn_of(session, call_id, step)
    if turn is None:
        raise LookupError(f"Call {call_id} has no turn {step}; it was to be stored before it is read.")
    return call, turn


def _document(turn: CallTurn) -> str:
    return str(turn.said["document"]) if turn.said is not None else call_document((), None)
