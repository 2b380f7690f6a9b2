"""A message on its way to a handset: queued, sent, delivered or not, with a callback for each step."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from service.simulator.faults import Fault
from service.simulator.message import VERSION, Direction, Message, Status
from service.simulator.pace import LONGEST_QUEUE
from service.simulator.phones import Line, Way
from service.simulator.sending import is_blocked
from service.simulator.signing import Form
from service.simulator.webhooks import Call, notify
from service.simulator.world import World

_UNREACHED = {Line.OFF: 30003, Line.LANDLINE: 30006, Line.GONE: 30005, Line.BLOCKED: 30004}

_CARRIER_FAULTS = {
    Fault.CARRIER_FILTERED: 30007,
    Fault.CARRIER_UNKNOWN: 30008,
    Fault.CARRIER_CAPPED: 63038,
    Fault.CARRIER_UNREGISTERED: 30034,
    # A code that Twilio may introduce tomorrow.
    Fault.CARRIER_ODD: 39999,
}

_SENTENCES = {
    21610: "Attempt to send to unsubscribed recipient",
    30001: "Queue overflow",
    30003: "Unreachable destination handset",
    30004: "Message blocked",
    30005: "Unknown destination handset",
    30006: "Landline or unreachable carrier",
    30007: "Message filtered",
    30008: "Unknown error",
    30036: "Validity Period Expired",
    30034: "Message from an unregistered number",
    39999: "Unknown error",
    63038: "Account exceeded the daily messages limit",
    14107: "Message rate between two numbers exceeded",
}


def dispatch(world: World, message: Message) -> None:
    """Let a message that was taken in go its way."""
    world.agenda.after(_wait_before_next(world, message), partial(_go_on, world, message.sid))


def walk_at_once(world: World, message: Message) -> None:
    """Take a message to its end now, callbacks included, before this returns."""
    while (moved := _advance(world, message.sid)) is not None:
        _report(world, moved)


def _go_on(world: World, sid: str) -> None:
    moved = _advance(world, sid)
    if moved is None:
        return
    _report_later(world, moved)
    dispatch(world, moved)


def _wait_before_next(world: World, message: Message) -> float:
    """Return how long the message stays in its status, in seconds."""
    now = world.clock.now()
    if message.status is Status.SCHEDULED and message.send_at is not None:
        return (message.send_at - now).total_seconds()
    if message.status is Status.QUEUED and message.sender is not None:
        queued = world.pace.take_turn(message.sender, message.num_segments, now)
        # It leaves the queue when its turn comes or when its validity ends, whichever is first.
        return max(min(queued.total_seconds(), message.validity), world.pace.delay)
    return world.pace.delay


def _advance(world: World, sid: str) -> Message | None:
    """Move a message one status on and return it; None where it has come to its end."""
    message = world.messages.get(sid)
    if message is None or message.status in (Status.DELIVERED, Status.UNDELIVERED, Status.FAILED):
        return None
    match message.status:
        case Status.SCHEDULED | Status.ACCEPTED:
            return _queue(world, message)
        case Status.QUEUED:
            return _send(world, message)
        case Status.SENT:
            return _deliver(world, message)
        case _:
            return None


def _queue(world: World, message: Message) -> Message | None:
    service = world.directory.service(message.service_sid)
    sender = message.sender or (service.senders[0] if service and service.senders else None)
    if sender is None:
        return _settle(world, message, Status.FAILED, 30001)
    if is_blocked(world, sender, message.to):
        return _settle(world, message, Status.FAILED, 21610, sender=sender)
    if world.pace.backlog(sender, world.clock.now()) > LONGEST_QUEUE:
        return _settle(world, message, Status.FAILED, 30001, sender=sender)
    return _settle(world, message, Status.QUEUED, None, sender=sender)


def _send(world: World, message: Message) -> Message | None:
    if _answers_one_who_opted_out(world, message):
        return _settle(world, message, Status.FAILED, 21610)
    if message.direction is Direction.REPLY and not world.loops.allows(
        message.sender or "", message.to, world.clock.now()
    ):
        return _settle(world, message, Status.FAILED, 14107)
    if world.clock.now() - message.created >= timedelta(seconds=message.validity):
        return _settle(world, message, Status.FAILED, 30036)
    return _settle(world, message, Status.SENT, None, sent=world.clock.now())


def _answers_one_who_opted_out(world: World, message: Message) -> bool:
    if message.automatic or message.direction is not Direction.REPLY:
        return False
    return is_blocked(world, message.sender or "", message.to)


def _deliver(world: World, message: Message) -> Message | None:
    code = _carrier_says(world, message)
    if code is not None:
        return _settle(world, message, Status.UNDELIVERED, code)
    reported = not world.faults.strikes(Fault.CARRIER_SILENT)
    delivered = _settle(world, message, Status.DELIVERED, None) if reported else None
    world.phones.show(
        message.to,
        way=Way.RECEIVED,
        other=message.sender or "",
        body=message.body,
        at=world.clock.now(),
        sid=message.sid,
        media=tuple(media.url for media in message.media),
    )
    world.privacy.after_handing_on(world.messages, message.sid)
    return delivered


def _carrier_says(world: World, message: Message) -> int | None:
    line = world.phones.get(message.to).line
    if line in _UNREACHED:
        return _UNREACHED[line]
    return next((code for fault, code in _CARRIER_FAULTS.items() if world.faults.strikes(fault)), None)


def _settle(
    world: World, message: Message, status: Status, code: int | None, **fields: object
) -> Message | None:
    """Change the status unless somebody (a cancellation) has changed it meanwhile."""
    world.phones.announce()
    return world.messages.change(
        message.sid,
        {message.status},
        status=status,
        updated=world.clock.now(),
        error_code=code,
        error_message=None if code is None else _SENTENCES[code],
        **fields,
    )


def report_cancelled(world: World, message: Message) -> None:
    """Send the callback for a scheduled message that was cancelled."""
    _report_later(world, message)


def _report_later(world: World, message: Message) -> None:
    if not message.status_callback or world.faults.strikes(Fault.CALLBACK_DROPPED):
        return
    late = world.faults.delay(Fault.CALLBACK_LATE, world.faults.lateness.callback)
    copies = 2 if world.faults.strikes(Fault.CALLBACK_TWICE) else 1
    for _ in range(copies):
        world.agenda.after(late, partial(_report, world, message))


def _report(world: World, message: Message) -> None:
    if message.status_callback:
        notify(world, Call(url=message.status_callback, form=_callback_form(message), subject=message.sid))


def _callback_form(message: Message) -> Form:
    done = message.status in (Status.DELIVERED, Status.UNDELIVERED)
    fields = {
        "RawDlrDoneDate": message.updated.strftime("%y%m%d%H%M") if done else None,
        "SmsSid": message.sid,
        "SmsStatus": str(message.status),
        "MessageStatus": str(message.status),
        "To": message.to,
        "MessagingServiceSid": message.service_sid,
        "MessageSid": message.sid,
        "AccountSid": message.account_sid,
        "From": message.sender,
        "ErrorCode": None if message.error_code is None else str(message.error_code),
        "ApiVersion": VERSION,
    }
    return tuple((name, value) for name, value in fields.items() if value is not None)
