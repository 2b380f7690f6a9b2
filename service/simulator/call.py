"""One phone call as Twilio keeps it, the statuses it goes through, and its JSON form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.simulator.message import VERSION, mail_date


class CallStatus(StrEnum):
    """Where a call is; `initiated` is only ever seen in callbacks."""

    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"


OVER = frozenset(
    {CallStatus.COMPLETED, CallStatus.BUSY, CallStatus.FAILED, CallStatus.NO_ANSWER, CallStatus.CANCELED}
)


class CallDirection(StrEnum):
    """Who started it: a handset, the REST API, or a `<Dial>`."""

    INBOUND = "inbound"
    API = "outbound-api"
    DIAL = "outbound-dial"


class Detection(StrEnum):
    """What answering-machine detection waits for."""

    OFF = ""
    ENABLE = "Enable"
    MESSAGE_END = "DetectMessageEnd"


class Event(StrEnum):
    """What a call's callback may be asked to tell of."""

    INITIATED = "initiated"
    RINGING = "ringing"
    ANSWERED = "answered"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Script:
    """Where a call gets its TwiML from: an address with its fallback, or the text itself."""

    url: str = ""
    method: str = "POST"
    fallback_url: str = ""
    fallback_method: str = "POST"
    twiml: str = ""


@dataclass(frozen=True, slots=True)
class Reporting:
    """Where a call's progress is told, and which of it."""

    url: str = ""
    method: str = "POST"
    events: tuple[Event, ...] = (Event.COMPLETED,)
    machine_url: str = ""
    machine_method: str = "POST"


@dataclass(frozen=True, slots=True)
class PhoneCall:
    """One call; times are UTC, `timeout` (ringing) and `time_limit` are seconds."""

    sid: str
    account_sid: str
    direction: CallDirection
    sender: str
    to: str
    status: CallStatus
    created: datetime
    updated: datetime
    script: Script = Script()
    reporting: Reporting = Reporting()
    timeout: int = 60
    time_limit: int = 14_400
    detection: Detection = Detection.OFF
    detects_later: bool = False
    answered_by: str | None = None
    started: datetime | None = None
    ended: datetime | None = None
    sip_code: int | None = None
    parent_sid: str | None = None

    @property
    def duration(self) -> int:
        """Return how long the ends were connected, in whole seconds."""
        if self.started is None or self.ended is None:
            return 0
        return max(round((self.ended - self.started).total_seconds()), 0)

    @property
    def handset(self) -> str:
        """Return the number of the handset at the far end."""
        return self.sender if self.direction is CallDirection.INBOUND else self.to


def call_json(call: PhoneCall) -> dict[str, object]:
    """Return what the REST API answers for a call; every key is always there."""
    uri = f"/{VERSION}/Accounts/{call.account_sid}/Calls/{call.sid}"
    parts = ("Notifications", "Recordings", "Payments", "Events", "Siprec", "Streams", "Transcriptions")
    return {
        "account_sid": call.account_sid,
        "annotation": None,
        "answered_by": call.answered_by,
        "api_version": VERSION,
        "caller_name": None,
        "date_created": mail_date(call.created),
        "date_updated": mail_date(call.updated),
        "direction": str(call.direction),
        "duration": str(call.duration) if call.ended else None,
        "end_time": mail_date(call.ended),
        "forwarded_from": None,
        "from": call.sender,
        "from_formatted": call.sender,
        "group_sid": None,
        "parent_call_sid": call.parent_sid,
        "phone_number_sid": None,
        "price": None,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": call.sid,
        "start_time": mail_date(call.started),
        "status": str(call.status),
        "stir_verstat": None,
        "subresource_uris": {part.lower(): f"{uri}/{part}.json" for part in parts},
        "to": call.to,
        "to_formatted": call.to,
        "trunk_sid": None,
        "uri": f"{uri}.json",
    }
