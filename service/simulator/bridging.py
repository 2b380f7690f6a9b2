"""`<Dial>`: other handsets ring; the first that answers is connected, and the call goes on when that is over."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from urllib.parse import urljoin

from service.simulator.call import OVER, CallDirection, CallStatus, PhoneCall, Script
from service.simulator.call_reports import report
from service.simulator.dialling import dialled
from service.simulator.ending import finish, let_go
from service.simulator.message import new_sid
from service.simulator.phones import Answering, Line
from service.simulator.session import Session
from service.simulator.signing import Form, signed_address
from service.simulator.voice_twiml import Verb
from service.simulator.waiting import wait
from service.simulator.world import World

_DEFAULT_TIMEOUT = 30.0


def dial(world: World, sid: str, verb: Verb, after: Callable[[Form], None]) -> None:
    """Ring the numbers of a `<Dial>`; `after` gets the fields for its action when it is over."""
    ends = verb.inside or (verb,)
    legs = tuple(
        _leg(world, sid, number, verb, end) for end in ends if (number := dialled(end.text)) is not None
    )
    session = world.calls.session(sid)
    session.ringing = legs
    if not legs:
        after(_result(CallStatus.FAILED, None))
        return
    for leg in legs:
        world.calls.session(leg).when_over = partial(_leg_is_over, world, sid, after)
    for leg in legs:
        _ring(world, leg, verb.seconds("timeout", _DEFAULT_TIMEOUT))


def _leg(world: World, parent: str, number: str, verb: Verb, end: Verb) -> str:
    caller = world.calls.get(parent)
    assert caller is not None
    now = world.clock.now()
    leg = PhoneCall(
        sid=new_sid("CA"),
        account_sid=world.settings.account_sid,
        direction=CallDirection.DIAL,
        sender=verb.get("callerId")
        or (caller.to if caller.direction is CallDirection.INBOUND else caller.sender),
        to=number,
        status=CallStatus.QUEUED,
        created=now,
        updated=now,
        parent_sid=parent,
        # What the one who is called hears (and may refuse) before the two are connected.
        script=_screening(world, parent, end),
    )
    world.calls.add(leg, Session(world.calls.session(parent).lock))
    return leg.sid


def _screening(world: World, parent: str, end: Verb) -> Script:
    if end.name != "Number" or not end.get("url"):
        return Script()
    url = urljoin(signed_address(world.calls.session(parent).url), end.get("url"))
    return Script(url, end.get("method", "POST").upper())


def _ring(world: World, leg: str, timeout: float) -> None:
    call = world.calls.get(leg)
    if call is None or call.status in OVER:
        return
    if world.phones.get(call.to).line in (Line.GONE, Line.OFF):
        finish(world, leg, CallStatus.FAILED)
        return
    if world.phones.get(call.to).answering is Answering.BUSY or world.calls.live_at(call.to) is not None:
        finish(world, leg, CallStatus.BUSY)
        return
    ringing = world.calls.change(leg, {CallStatus.QUEUED}, status=CallStatus.RINGING)
    if ringing is None:
        return
    world.phones.register(call.to)
    report(world, ringing, CallStatus.RINGING)
    wait(world, leg, timeout, partial(finish, world, leg, CallStatus.NO_ANSWER))
    world.calls.when_ringing(leg)


def connect(world: World, leg: PhoneCall) -> None:
    """Connect a leg that was just answered with the call that dialled it; the others stop ringing."""
    parent = leg.parent_sid or ""
    session = world.calls.session(parent)
    session.bridged_to, world.calls.session(leg.sid).bridged_to = leg.sid, parent
    for other in session.ringing:
        if other != leg.sid:
            let_go(world, other)


def _leg_is_over(world: World, parent: str, after: Callable[[Form], None], leg: PhoneCall) -> None:
    session = world.calls.session(parent)
    with session.lock:
        _go_on_if_all_are_over(world, parent, session, after, leg)


def _go_on_if_all_are_over(
    world: World, parent: str, session: Session, after: Callable[[Form], None], leg: PhoneCall
) -> None:
    caller = world.calls.get(parent)
    if caller is None or caller.status in OVER:
        return
    calls = [call for sid in session.ringing if (call := world.calls.get(sid)) is not None]
    if session.bridged_to not in (None, leg.sid) or any(call.status not in OVER for call in calls):
        return
    was_bridged = session.bridged_to is not None
    session.bridged_to = None
    after(_result(leg.status, leg, was_bridged=was_bridged))


def _result(status: CallStatus, leg: PhoneCall | None, *, was_bridged: bool = False) -> Form:
    """Return what the action is told; one who picked up and hung up unasked counts as completed, and not as bridged."""
    said = (("DialCallStatus", str(status)), ("DialBridged", str(was_bridged).lower()))
    if leg is None:
        return said
    return (
        *said,
        ("DialCallSid", leg.sid),
        ("DialCallDuration", str(leg.duration)),
    )
