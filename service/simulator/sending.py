"""Taking a message in for sending: what Twilio checks at once, and the status that it starts with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from service.simulator.dialling import MAGIC_TEXT_FROM, MAGIC_TEXT_TO, dialled
from service.simulator.message import Direction, Media, Message, Status, new_sid
from service.simulator.pace import LONGEST_QUEUE
from service.simulator.refusal import RefusedError
from service.simulator.segments import count_segments
from service.simulator.world import World

_LONGEST_BODY = 1600
_SOONEST_SCHEDULE = timedelta(minutes=15)
_LATEST_SCHEDULE = timedelta(days=35)
_DEFAULT_VALIDITY = 36_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What the caller of the REST API, or a TwiML `<Message>`, wants sent."""

    to: str
    body: str = ""
    sender: str = ""
    service_sid: str = ""
    media_urls: tuple[str, ...] = ()
    status_callback: str = ""
    validity: int | None = None
    send_at: datetime | None = None
    direction: Direction = Direction.API


def take_in(world: World, asked: Asked) -> Message:
    """Check and store a message that is to be sent; raises `RefusedError` where Twilio would not take it.

    It does not move yet: hand it to `delivery.dispatch`.
    """
    to = _recipient(asked.to)
    _check_content(asked)
    sender = _sender(world, asked, to)
    _check_schedule(world, asked)
    _check_callback(asked.status_callback)
    return world.messages.add(_message(world, asked, to, sender))


def _recipient(to: str) -> str:
    if not to:
        raise RefusedError(21604)
    number = dialled(to)
    if number is None:
        raise RefusedError(21211, f"Invalid 'To' Phone Number: {to[:-4]}XXXX")
    if number in MAGIC_TEXT_TO:
        raise RefusedError(MAGIC_TEXT_TO[number])
    return number


def _check_content(asked: Asked) -> None:
    if not asked.body and not asked.media_urls:
        raise RefusedError(21602)
    if len(asked.body) > _LONGEST_BODY:
        raise RefusedError(21617)
    if len(asked.media_urls) > 10 or not all(map(_is_address, asked.media_urls)):
        raise RefusedError(21620)


def _sender(world: World, asked: Asked, to: str) -> str | None:
    """Return the number that it goes out from; None where a Messaging Service is yet to choose."""
    if asked.service_sid and world.directory.service(asked.service_sid) is None:
        raise RefusedError(21701)
    if not asked.sender:
        if asked.service_sid:
            return None
        raise RefusedError(21603)
    number = _own_number(world, asked.sender)
    if number == to:
        raise RefusedError(21266)
    if not asked.service_sid and asked.direction is Direction.API and is_blocked(world, number, to):
        raise RefusedError(21610)
    if world.pace.backlog(number, world.clock.now()) > LONGEST_QUEUE:
        raise RefusedError(21611)
    return number


def _own_number(world: World, sender: str) -> str:
    number = dialled(sender) or sender
    if number in MAGIC_TEXT_FROM:
        raise RefusedError(MAGIC_TEXT_FROM[number])
    if world.directory.owned(number) is None:
        raise RefusedError(21606 if dialled(sender) else 21212)
    return number


def is_blocked(world: World, number: str, handset: str) -> bool:
    """Return whether the handset has opted out of the number, or of the service whose pool it is in."""
    return world.blocks.has(block_scope(world, number), handset)


def block_scope(world: World, number: str) -> str:
    """Return what an opt-out from this number holds for: the whole Messaging Service where it is in one."""
    service = world.directory.service_of(number)
    return service.sid if service else number


def _check_schedule(world: World, asked: Asked) -> None:
    if asked.send_at is None:
        return
    if not asked.service_sid:
        raise RefusedError(35118)
    if not _SOONEST_SCHEDULE <= asked.send_at - world.clock.now() <= _LATEST_SCHEDULE:
        raise RefusedError(35114)


def _check_callback(url: str) -> None:
    if url and (not _is_address(url) or "_" in (urlsplit(url).hostname or "")):
        raise RefusedError(21609)


def _is_address(url: str) -> bool:
    parts = urlsplit(url)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _message(world: World, asked: Asked, to: str, sender: str | None) -> Message:
    now = world.clock.now()
    service = world.directory.service(asked.service_sid)
    settings = world.settings
    return Message(
        sid=new_sid("MM" if asked.media_urls else "SM"),
        account_sid=settings.account_sid,
        direction=asked.direction,
        sender=sender,
        to=to,
        body=asked.body,
        status=_first_status(asked, sender),
        created=now,
        updated=now,
        service_sid=asked.service_sid or None,
        status_callback=asked.status_callback or (service.status_callback if service else None) or "",
        validity=asked.validity or (service.validity_period if service else _DEFAULT_VALIDITY),
        send_at=asked.send_at,
        num_segments=count_segments(asked.body),
        media=tuple(Media(new_sid("ME"), "image/jpeg", url, now) for url in asked.media_urls),
    )


def _first_status(asked: Asked, sender: str | None) -> Status:
    if asked.send_at is not None:
        return Status.SCHEDULED
    return Status.ACCEPTED if sender is None else Status.QUEUED
