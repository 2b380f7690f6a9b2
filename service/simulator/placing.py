"""Taking a call in for placing: what Twilio checks at once."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from service.simulator.call import CallDirection, CallStatus, Detection, PhoneCall, Reporting, Script
from service.simulator.dialling import MAGIC_CALL_FROM, MAGIC_CALL_TO, dialled
from service.simulator.message import new_sid
from service.simulator.refusal import RefusedError
from service.simulator.session import Session
from service.simulator.world import World

_LONGEST_TWIML = 4000


@dataclass(frozen=True, slots=True)
class AskedCall:
    """What the caller of the REST API wants: the fields of `POST Calls`."""

    to: str
    sender: str
    script: Script
    reporting: Reporting
    timeout: int = 60
    time_limit: int = 14_400
    detection: Detection = Detection.OFF
    detects_later: bool = False


def take_call_in(world: World, asked: AskedCall) -> PhoneCall:
    """Check and store a call that is to be placed; raises `RefusedError` where Twilio would not take it.

    It does not ring yet: hand it to `ringing.dial_later`.
    """
    to, sender = _recipient(asked.to), _sender(world, asked.sender)
    _check_script(asked.script)
    now = world.clock.now()
    call = PhoneCall(
        sid=new_sid("CA"),
        account_sid=world.settings.account_sid,
        direction=CallDirection.API,
        sender=sender,
        to=to,
        status=CallStatus.QUEUED,
        created=now,
        updated=now,
        script=asked.script,
        reporting=asked.reporting,
        timeout=asked.timeout,
        time_limit=asked.time_limit,
        detection=asked.detection,
        detects_later=asked.detects_later,
    )
    return world.calls.add(call, Session())


def _recipient(to: str) -> str:
    if not to:
        raise RefusedError(21201)
    number = dialled(to)
    if number is None:
        raise RefusedError(21211)
    if number in MAGIC_CALL_TO:
        raise RefusedError(MAGIC_CALL_TO[number])
    return number


def _sender(world: World, sender: str) -> str:
    if not sender:
        raise RefusedError(21213)
    number = dialled(sender)
    if number is None or number in MAGIC_CALL_FROM:
        raise RefusedError(21212)
    if world.directory.owned(number) is None:
        raise RefusedError(21210)
    return number


def _check_script(script: Script) -> None:
    if len(script.twiml) > _LONGEST_TWIML:
        raise RefusedError(32018)
    parts = urlsplit(script.url)
    if not script.twiml and not (parts.scheme in ("http", "https") and parts.hostname):
        raise RefusedError(21205)
