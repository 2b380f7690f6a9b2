"""What really happened, to check the service against: every message ever and every text shown."""

from __future__ import annotations

from dataclasses import asdict

from service.simulator.call import PhoneCall
from service.simulator.message import Message
from service.simulator.phones import Phone, Text
from service.simulator.sending import is_blocked
from service.simulator.world import World


def ledger_json(world: World) -> dict[str, object]:
    """Return all messages as they were made, whatever was redacted or deleted since, and all texts."""
    return {
        "messages": [_entry(world, original, current) for original, current in world.messages.ledger()],
        "texts": [text_json(text) for text in world.phones.texts()],
        "calls": [_call_entry(world, call) for call in world.calls.oldest_first()],
        "faults": world.faults.report(),
    }


def _entry(world: World, original: Message, current: Message | None) -> dict[str, object]:
    latest = current or original
    return {
        "sid": original.sid,
        "direction": str(original.direction),
        "from": latest.sender,
        "to": original.to,
        "body": original.body,
        "created": original.created.isoformat(),
        "sent": latest.sent.isoformat() if latest.sent else None,
        "status": str(latest.status) if current else "deleted",
        "error_code": latest.error_code,
        "status_callback": original.status_callback,
        "automatic": latest.automatic,
        "webhooks": [asdict(attempt) for attempt in world.attempts.about(original.sid)],
    }


def _call_entry(world: World, call: PhoneCall) -> dict[str, object]:
    webhooks = [asdict(attempt) for attempt in world.attempts.about(call.sid)]
    return session_json(world, call) | {"url": call.script.url, "webhooks": webhooks}


def session_json(world: World, call: PhoneCall) -> dict[str, object]:
    """Return a call as its handset has it, transcript included."""
    session = world.calls.session(call.sid)
    gather = session.gather
    asking = gather and {
        "keys": gather.takes_keys,
        "speech": gather.takes_speech,
        "digits": session.digits,
        "most_digits": gather.most_digits,
    }
    return {
        "sid": call.sid,
        "number": call.handset,
        "direction": str(call.direction),
        "from": call.sender,
        "to": call.to,
        "status": str(call.status),
        "answered_by": call.answered_by,
        "voicemail": session.is_voicemail,
        "connected_to": session.bridged_to,
        "created": call.created.isoformat(),
        "ended": call.ended.isoformat() if call.ended else None,
        "seconds": call.duration,
        "asking": asking,
        "heard": [
            {"who": str(line.who), "text": line.text, "at": line.at.isoformat(), "language": line.language}
            for line in tuple(session.heard)
        ],
    }


def text_json(text: Text) -> dict[str, object]:
    """Return a text on a handset."""
    return {
        "serial": text.serial,
        "number": text.number,
        "way": str(text.way),
        "with": text.other,
        "body": text.body,
        "media": list(text.media),
        "at": text.at.isoformat(),
        "sid": text.sid,
    }


def phone_json(world: World, phone: Phone) -> dict[str, object]:
    """Return a handset, and of which of the account's numbers its owner wants to hear no more."""
    numbers = [number.phone_number for number in world.directory.numbers()]
    return {
        "number": phone.number,
        "name": phone.name,
        "role": str(phone.role),
        "line": str(phone.line),
        "answering": str(phone.answering),
        "opted_out_of": [number for number in numbers if is_blocked(world, number, phone.number)],
    }
