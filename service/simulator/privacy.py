"""Message Redaction as an account may have it: bodies vanish from Twilio once they were handed on."""

from __future__ import annotations

from service.simulator.messages import MessageLog


class Privacy:
    """Whether this account redacts."""

    def __init__(self) -> None:
        self.redacts = False

    def after_handing_on(self, messages: MessageLog, sid: str) -> None:
        """Blank a message that was handed on, or that Twilio tried to hand on: it can't be fetched any more."""
        if self.redacts:
            messages.change(sid, body="")
