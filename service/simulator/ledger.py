"""What really happened, to check the service against: every message ever and every text shown."""

from __future__ import annotations

from dataclasses import asdict

from service.simulator.message import Message
from service.simulator.phones import Phone, Text
from service.simulator.sending import is_blocked
from service.simulator.world import World


def ledger_json(world: World) -> dict[str, object]:
    """Return all messages as they were made, whatever was redacted or deleted since, and all texts."""
    return {
        "messages": [_entry(world, original, current) for original, current in world.messages.ledger()],
        "texts": [text_json(text) for text in world.phones.texts()],
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
