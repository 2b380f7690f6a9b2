"""The documents that Twilio is answered with."""

from __future__ import annotations

from twilio.twiml.messaging_response import MessagingResponse


def nothing_to_say() -> str:
    """Return the document that takes a text in and sends no reply: ours leave through the outbox."""
    return str(MessagingResponse())
