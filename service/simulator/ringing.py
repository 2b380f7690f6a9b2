"""A call from being placed to being answered: who picks up, a person or a machine, or nobody."""

from __future__ import annotations

from functools import partial

from service.simulator.bridging import connect
from service.simulator.call import CallDirection, CallStatus, Detection, PhoneCall, Reporting, Script
from service.simulator.call_reports import report, report_machine
from service.simulator.ending import finish
from service.simulator.message import new_sid
from service.simulator.numbers import OwnNumber
from service.simulator.phones import Answering, Line
from service.simulator.receiving import NoSuchNumberError
from service.simulator.session import Session, Speaker
from service.simulator.talking import hear, start_script
from service.simulator.waiting import stop_waiting, wait
from service.simulator.world import World

_ANSWER_BY_THEMSELVES = {Answering.HUMAN: "human", Answering.VOICEMAIL: "machine"}

# A person or a machine that answers by itself lets it ring a little.
_RINGS_BEFORE = 2.0


def dial_later(world: World, call: PhoneCall) -> None:
    """Let a call that was taken in go its way."""
    world.agenda.after(world.pace.delay, partial(_dial, world, call.sid))


def _dial(world: World, sid: str) -> None:
    with world.calls.session(sid).lock:
        call = world.calls.get(sid)
        if call is None or call.status is not CallStatus.QUEUED:
            return
        report(world, call, CallStatus.INITIATED)
        phone = world.phones.register(call.to)
        machine = phone.answering is Answering.VOICEMAIL
        if phone.line is Line.GONE:
            finish(world, sid, CallStatus.FAILED)
        elif phone.line is Line.OFF and not machine:
            finish(world, sid, CallStatus.NO_ANSWER)
        elif phone.answering is Answering.BUSY or world.calls.live_at(call.to) is not None:
            finish(world, sid, CallStatus.BUSY)
        else:
            _ring(world, sid)


def answer_by_itself(world: World, sid: str) -> None:
    """Let a handset that does so answer, or its voicemail, once it has rung a little."""
    call = world.calls.get(sid)
    by = _ANSWER_BY_THEMSELVES.get(world.phones.get(call.to).answering) if call else None
    if by is not None:
        world.agenda.after(min(_RINGS_BEFORE, world.pace.delay * 4), partial(answer, world, sid, by))


def _ring(world: World, sid: str) -> None:
    ringing = world.calls.change(
        sid, {CallStatus.QUEUED}, status=CallStatus.RINGING, updated=world.clock.now()
    )
    if ringing is None:
        return
    report(world, ringing, CallStatus.RINGING)
    world.phones.announce()
    wait(world, sid, ringing.timeout, partial(finish, world, sid, CallStatus.NO_ANSWER))
    world.calls.when_ringing(sid)


def answer(world: World, sid: str, by: str = "human") -> bool:
    """Pick up a ringing call; `by` is what detection finds (human, machine, fax, unknown). Return whether it rang."""
    session = world.calls.session(sid)
    with session.lock:
        now = world.clock.now()
        call = world.calls.change(
            sid, {CallStatus.RINGING}, status=CallStatus.IN_PROGRESS, started=now, updated=now
        )
        if call is None:
            return False
        stop_waiting(world, sid)
        session.is_voicemail = by == "machine"
        if session.is_voicemail:
            hear(world, sid, Speaker.NETWORK, "[voicemail: please leave a message after the tone]")
        report(world, call, CallStatus.IN_PROGRESS)
        session.limit = world.agenda.after(call.time_limit, partial(_cut, world, sid))
        if call.direction is CallDirection.DIAL and not call.script.url:
            connect(world, call)
        else:
            session.is_screening = call.direction is CallDirection.DIAL
            start_script(world, sid, _detect(world, call, by).script)
        return True


def _detect(world: World, call: PhoneCall, by: str) -> PhoneCall:
    """Note who answered where the call was to find out; tell of it apart where that was asked for."""
    if call.detection is Detection.OFF:
        return call
    machine = "machine_start" if call.detection is Detection.ENABLE else "machine_end_beep"
    found = world.calls.change(call.sid, answered_by=machine if by == "machine" else by) or call
    if call.detects_later:
        report_machine(world, found)
    return found


def _cut(world: World, sid: str) -> None:
    finish(world, sid, CallStatus.COMPLETED)


def hang_up(world: World, sid: str) -> None:
    """End a call from the handset: one that rings there is declined, an open question gets no answer."""
    call = world.calls.get(sid)
    if call is None:
        return
    declined = call.status is CallStatus.RINGING and call.direction is not CallDirection.INBOUND
    finish(world, sid, CallStatus.BUSY if declined else CallStatus.COMPLETED)


def call_in(world: World, sender: str, to: str) -> PhoneCall:
    """Call one of the account's numbers from a handset; raises `NoSuchNumberError`."""
    number = world.directory.owned(to)
    if number is None:
        raise NoSuchNumberError(
            f"{to} is not a number of this account; call one of those it was started with."
        )
    now = world.clock.now()
    call = PhoneCall(
        sid=new_sid("CA"),
        account_sid=world.settings.account_sid,
        direction=CallDirection.INBOUND,
        sender=sender,
        to=to,
        status=CallStatus.RINGING,
        created=now,
        updated=now,
        script=_script(number),
        reporting=Reporting(number.status_callback, number.status_callback_method),
    )
    world.phones.register(sender)
    world.calls.add(call, Session())
    world.agenda.after(0, partial(_pick_up, world, call.sid))
    return call


def _script(number: OwnNumber) -> Script:
    if number.voice_application_sid or number.trunk_sid:
        return Script()
    return Script(
        url=number.voice_url,
        method=number.voice_method,
        fallback_url=number.voice_fallback_url,
        fallback_method=number.voice_fallback_method,
    )


def _pick_up(world: World, sid: str) -> None:
    session = world.calls.session(sid)
    with session.lock:
        call = world.calls.get(sid)
        if call is None or call.status is not CallStatus.RINGING:
            return
        if not call.script.url:
            finish(world, sid, CallStatus.FAILED)
            return
        start_script(world, sid, call.script)
