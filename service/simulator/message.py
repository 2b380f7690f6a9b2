"""One message as Twilio keeps it, the statuses it goes through, and its JSON form."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from enum import StrEnum

VERSION = "2010-04-01"


class Status(StrEnum):
    """Where a message is on its way."""

    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    CANCELED = "canceled"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    RECEIVING = "receiving"
    RECEIVED = "received"


FINAL = frozenset({Status.CANCELED, Status.DELIVERED, Status.UNDELIVERED, Status.FAILED, Status.RECEIVED})


class Direction(StrEnum):
    """Who started it: the handset, the REST API, or an answer to a webhook."""

    INBOUND = "inbound"
    API = "outbound-api"
    CALL = "outbound-call"
    REPLY = "outbound-reply"


@dataclass(frozen=True, slots=True)
class Media:
    """A picture or sound that came with a message; `url` is where it was fetched from."""

    sid: str
    content_type: str
    url: str
    created: datetime


@dataclass(frozen=True, slots=True)
class Message:
    """One message; times are UTC, `validity` is the number of seconds it may wait in Twilio's queue.

    `automatic` marks Twilio's own answers to STOP, START and HELP.
    """

    sid: str
    account_sid: str
    direction: Direction
    sender: str | None
    to: str
    body: str
    status: Status
    created: datetime
    updated: datetime
    sent: datetime | None = None
    error_code: int | None = None
    error_message: str | None = None
    service_sid: str | None = None
    status_callback: str = ""
    validity: int = 36_000
    send_at: datetime | None = None
    num_segments: int = 1
    media: tuple[Media, ...] = ()
    automatic: bool = False


def new_sid(prefix: str) -> str:
    """Return a fresh identifier: two letters and 32 hexadecimal digits."""
    return prefix + secrets.token_hex(16)


def mail_date(moment: datetime | None) -> str | None:
    """Return the moment as RFC 2822 has it, in UTC with `+0000`."""
    return None if moment is None else format_datetime(moment)


def message_json(message: Message) -> dict[str, object]:
    """Return what the REST API answers for a message; every key is always there."""
    uri = f"/{VERSION}/Accounts/{message.account_sid}/Messages/{message.sid}"
    return {
        "account_sid": message.account_sid,
        "api_version": VERSION,
        "body": message.body,
        "date_created": mail_date(message.created),
        "date_sent": mail_date(message.sent),
        "date_updated": mail_date(message.updated),
        "direction": str(message.direction),
        "error_code": message.error_code,
        "error_message": message.error_message,
        "from": message.sender,
        "messaging_service_sid": message.service_sid,
        "num_media": str(len(message.media)),
        "num_segments": "0" if message.sender is None else str(message.num_segments),
        "price": None,
        "price_unit": "USD",
        "sid": message.sid,
        "status": str(message.status),
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": message.to,
        "uri": f"{uri}.json",
    }
