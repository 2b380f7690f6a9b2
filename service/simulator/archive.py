"""Keeping the world over a restart: messages, calls and handsets in one JSON file, replaced at once."""

from __future__ import annotations

import json
import threading
from dataclasses import asdict, fields
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from service.simulator.call import CallDirection, CallStatus, Detection, PhoneCall
from service.simulator.message import Direction, Media, Message, Status
from service.simulator.phones import Answering, Line, Phone, Role, Text, Way
from service.simulator.session import Heard, Session, Speaker
from service.simulator.world import World

Row = TypeVar("Row", Message, Media, Phone, Text, PhoneCall, Heard)

_SCRIPTS = frozenset({"script", "reporting"})
_ENUMS: dict[str, type[StrEnum]] = {
    "direction": Direction,
    "status": Status,
    "role": Role,
    "line": Line,
    "answering": Answering,
    "way": Way,
    "detection": Detection,
    "who": Speaker,
}
_CALL_ENUMS: dict[str, type[StrEnum]] = {"direction": CallDirection, "status": CallStatus}
_MOMENTS = frozenset({"created", "updated", "sent", "send_at", "at", "started", "ended"})


class UnreadableArchiveError(ValueError):
    """The state file is not one of ours; move it away to start afresh."""


class Archive:
    """Writes the world to a file now and then, and reads it back at the start."""

    def __init__(self, world: World, path: Path) -> None:
        self._world = world
        self._path = path
        self._written = ""
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    def keep_saving(self, every: float) -> None:
        """Save now and then, in seconds of the machine's time, until `stop`."""

        def run() -> None:
            while not self._stopped.wait(every):
                self.save()

        threading.Thread(target=run, name="simulator-archive", daemon=True).start()

    def stop(self) -> None:
        """Save for the last time."""
        self._stopped.set()
        self.save()

    def load(self) -> None:
        """Fill the world from the file if there is one; raises `UnreadableArchiveError`."""
        if not self._path.exists():
            return
        try:
            kept = json.loads(self._path.read_text())
            messages = [(_message(first), last and _message(last)) for first, last in kept["messages"]]
            calls = [(_value(PhoneCall, call), _session(call)) for call in kept.get("calls", ())]
            phones = [_value(Phone, phone) for phone in kept["phones"]]
            texts = [_value(Text, text) for text in kept["texts"]]
        except (ValueError, KeyError, TypeError) as error:
            raise UnreadableArchiveError(
                f"{self._path} is no state of the simulator ({error}); move it away to start afresh."
            ) from error
        self._world.messages.restore(messages)
        self._world.calls.restore(calls)
        self._world.phones.restore(phones, texts)
        for sender, handset in kept["blocks"]:
            self._world.blocks.set(sender, handset, blocked=True)

    def save(self) -> None:
        """Write the file where something has changed since the last time."""
        with self._lock:
            text = json.dumps(self._contents(), default=str, ensure_ascii=False)
            if text == self._written:
                return
            self._path.parent.mkdir(parents=True, exist_ok=True)
            draft = self._path.with_name(self._path.name + ".new")
            draft.write_text(text)
            draft.replace(self._path)
            self._written = text

    def _contents(self) -> dict[str, object]:
        world = self._world
        return {
            "messages": [
                (asdict(original), None if current is None else asdict(current))
                for original, current in world.messages.ledger()
            ],
            "phones": [asdict(phone) for phone in world.phones.everyone()],
            "texts": [asdict(text) for text in world.phones.texts()],
            "calls": [_kept_call(world, call) for call in world.calls.oldest_first() if call.ended],
            "blocks": world.blocks.pairs(),
        }


def _kept_call(world: World, call: PhoneCall) -> dict[str, object]:
    """Return a call that is over, with what was said; where its TwiML came from is of no use any more."""
    session = world.calls.session(call.sid)
    said = {"heard": [asdict(line) for line in session.heard], "is_voicemail": session.is_voicemail}
    return {name: value for name, value in asdict(call).items() if name not in _SCRIPTS} | said


def _session(row: dict[str, Any]) -> Session:
    session = Session()
    session.heard = [_value(Heard, line) for line in row["heard"]]
    session.is_voicemail = row["is_voicemail"]
    return session


def _message(row: dict[str, Any]) -> Message:
    media = tuple(_value(Media, item) for item in row.pop("media"))
    return _value(Message, {**row, "media": media})


def _value(kind: type[Row], row: dict[str, Any]) -> Row:
    names = {field.name for field in fields(kind)}
    enums = {**_ENUMS, **_CALL_ENUMS} if kind is PhoneCall else _ENUMS
    return kind(**{name: _typed(name, value, enums) for name, value in row.items() if name in names})


def _typed(name: str, value: Any, enums: dict[str, type[StrEnum]]) -> Any:
    if value is None:
        return None
    if name in _MOMENTS:
        return datetime.fromisoformat(value)
    if name in enums:
        return enums[name](value)
    return tuple(value) if isinstance(value, list) else value
