"""Twilio's log of messages: newest first, with what was deleted or redacted still known to the ledger."""

from __future__ import annotations

import threading
from collections.abc import Collection
from dataclasses import replace
from typing import Any

from service.simulator.message import Message, Status


class MessageLog:
    """All messages of the account, safe to use from many threads; the values in it never change."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._messages: dict[str, Message] = {}
        self._originals: dict[str, Message] = {}
        self._order: list[str] = []
        self._places: dict[str, int] = {}

    def add(self, message: Message) -> Message:
        """Store a new message as the newest and return it."""
        with self._lock:
            self._messages[message.sid] = message
            self._originals[message.sid] = message
            self._places[message.sid] = len(self._order)
            self._order.append(message.sid)
        return message

    def get(self, sid: str) -> Message | None:
        """Return the message as it is now, or None where it is unknown or deleted."""
        with self._lock:
            return self._messages.get(sid)

    def change(self, sid: str, only_from: Collection[Status] | None = None, **fields: Any) -> Message | None:
        """Replace fields of a message; return None where it is gone or in none of the statuses given."""
        with self._lock:
            message = self._messages.get(sid)
            if message is None or (only_from is not None and message.status not in only_from):
                return None
            self._messages[sid] = changed = replace(message, **fields)
            return changed

    def delete(self, sid: str) -> None:
        """Take a message out of the log; its place stays taken so that paging goes on from it."""
        with self._lock:
            self._messages.pop(sid, None)

    def newest_first(self, after: str | None = None) -> list[Message]:
        """Return the messages, newest first; those older than `after` where it is given."""
        with self._lock:
            end = len(self._order) if after is None else self._places.get(after, 0)
            sids = reversed(self._order[:end])
            return [self._messages[sid] for sid in sids if sid in self._messages]

    def ledger(self) -> list[tuple[Message, Message | None]]:
        """Return every message ever, oldest first: as it was made, and as it is now (None where deleted)."""
        with self._lock:
            return [(self._originals[sid], self._messages.get(sid)) for sid in self._order]

    def restore(self, entries: list[tuple[Message, Message | None]]) -> None:
        """Fill an empty log with what `ledger` returned earlier."""
        with self._lock:
            for original, current in entries:
                self.add(original)
                if current is None:
                    self.delete(original.sid)
                else:
                    self._messages[original.sid] = current
