"""Telling the service how a call goes: numbered callbacks with their time, in no promised order."""

from __future__ import annotations

from functools import partial

from service.simulator.call import OVER, CallDirection, CallStatus, Event, PhoneCall
from service.simulator.faults import Fault
from service.simulator.message import VERSION, mail_date
from service.simulator.signing import Form
from service.simulator.webhooks import Call, notify
from service.simulator.world import World

_EVENTS = {
    CallStatus.INITIATED: Event.INITIATED,
    CallStatus.RINGING: Event.RINGING,
    CallStatus.IN_PROGRESS: Event.ANSWERED,
}


def report(world: World, call: PhoneCall, status: CallStatus) -> None:
    """Send the callback for a status that a call has come to, where it was asked for."""
    session = world.calls.session(call.sid)
    number, session.reports = session.reports, session.reports + 1
    event = _EVENTS.get(status, Event.COMPLETED)
    if not call.reporting.url or event not in call.reporting.events:
        return
    form = (*call_fields(call, status), *_progress_fields(world, call, status, number))
    _send_later(world, Call(call.reporting.url, form, call.sid, method=call.reporting.method, voice=True))


def report_machine(world: World, call: PhoneCall) -> None:
    """Send what asynchronous answering-machine detection has found."""
    if not call.reporting.machine_url:
        return
    form = (
        ("CallSid", call.sid),
        ("AccountSid", call.account_sid),
        ("AnsweredBy", call.answered_by or "unknown"),
        ("MachineDetectionDuration", "3200"),
    )
    url, method = call.reporting.machine_url, call.reporting.machine_method
    _send_later(world, Call(url, form, call.sid, method=method, voice=True))


def _send_later(world: World, call: Call) -> None:
    if world.faults.strikes(Fault.CALLBACK_DROPPED):
        return
    late = world.faults.delay(Fault.CALLBACK_LATE, world.faults.lateness.callback)
    copies = 2 if world.faults.strikes(Fault.CALLBACK_TWICE) else 1
    for _ in range(copies):
        world.agenda.after(late, partial(_notify, world, call))


def _notify(world: World, call: Call) -> None:
    notify(world, call)


def call_fields(call: PhoneCall, status: CallStatus) -> Form:
    """Return the fields that every request about a call carries."""
    fields = {
        "CallSid": call.sid,
        "AccountSid": call.account_sid,
        "From": call.sender,
        "To": call.to,
        "Caller": call.sender,
        "Called": call.to,
        "CallStatus": str(status),
        "ApiVersion": VERSION,
        "Direction": str(call.direction),
        "ParentCallSid": call.parent_sid,
        "AnsweredBy": None if call.detects_later else call.answered_by,
        "FromCountry": "US",
        "ToCountry": "US",
        "CallerCountry": "US",
        "CalledCountry": "US",
    }
    return tuple((name, value) for name, value in fields.items() if value is not None)


def _progress_fields(world: World, call: PhoneCall, status: CallStatus, number: int) -> Form:
    fields = {
        "Timestamp": mail_date(world.clock.now()),
        "CallbackSource": "call-progress-events",
        "SequenceNumber": str(number),
        "CallDuration": str(call.duration) if status in OVER else None,
        "Duration": str(-(-call.duration // 60)) if status is CallStatus.COMPLETED else None,
        "SipResponseCode": str(call.sip_code)
        if status in OVER and call.direction is not CallDirection.INBOUND
        else None,
    }
    return tuple((name, value) for name, value in fields.items() if value is not None)
