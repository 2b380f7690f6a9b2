"""The end of a call, whoever ends it: its status, its callback, and the other leg of a connection."""

from __future__ import annotations

from service.simulator.call import OVER, CallStatus, PhoneCall
from service.simulator.call_reports import report
from service.simulator.waiting import stop_waiting
from service.simulator.world import World

# What the far end's network says to each end of a call.
_SIP_CODES = {
    CallStatus.COMPLETED: 200,
    CallStatus.BUSY: 486,
    CallStatus.NO_ANSWER: 487,
    CallStatus.CANCELED: 487,
    CallStatus.FAILED: 404,
}
_LIVE = frozenset(CallStatus) - OVER


def finish(world: World, sid: str, status: CallStatus) -> PhoneCall | None:
    """End a call that is not over yet and tell about it; return None where it was over already."""
    before = world.calls.get(sid)
    now = world.clock.now()
    ended = world.calls.change(
        sid, _LIVE, status=status, updated=now, ended=now, sip_code=_SIP_CODES.get(status)
    )
    if ended is None or before is None:
        return None
    session = world.calls.session(sid)
    session.gather = None
    stop_waiting(world, sid)
    if session.limit is not None:
        world.agenda.cancel(session.limit)
    # A call that was taken back while it still queued leaves without a word.
    if not (before.status is CallStatus.QUEUED and status is CallStatus.CANCELED):
        report(world, ended, status)
    world.phones.announce()
    _end_other_legs(world, sid)
    if session.when_over is not None:
        session.when_over(ended)
    return ended


def _end_other_legs(world: World, sid: str) -> None:
    session = world.calls.session(sid)
    for leg in session.ringing:
        let_go(world, leg)


def let_go(world: World, leg: str) -> None:
    """End a leg that is no longer wanted: one that was answered is completed, one that still rings is canceled."""
    call = world.calls.get(leg)
    if call is not None and call.status not in OVER:
        talked = call.status is CallStatus.IN_PROGRESS
        finish(world, leg, CallStatus.COMPLETED if talked else CallStatus.CANCELED)
