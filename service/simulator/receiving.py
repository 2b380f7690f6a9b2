"""A handset texts one of the account's numbers: keywords, the webhook, and what its answer asks for."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from urllib.parse import urljoin

from service.simulator.alerts import Level
from service.simulator.delivery import dispatch
from service.simulator.faults import Fault
from service.simulator.message import VERSION, Direction, Media, Message, Status, new_sid
from service.simulator.messaging_twiml import Document, Redirect, Reply, read_answer
from service.simulator.numbers import OwnNumber
from service.simulator.optout import Kind, Mode
from service.simulator.phones import Way
from service.simulator.refusal import RefusedError
from service.simulator.segments import count_segments
from service.simulator.sending import Asked, block_scope, take_in
from service.simulator.signing import Form, signed_address
from service.simulator.webhooks import Call, fetch
from service.simulator.world import World

_MOST_REDIRECTS = 10
# Characters of a segment that is one of several, in the narrower of the two alphabets.
_PART = 67


class NoSuchNumberError(ValueError):
    """A text or call went to a number that the account does not have."""


def text_in(world: World, sender: str, to: str, body: str, media_types: tuple[str, ...] = ()) -> Message:
    """Send a text from a handset to one of the account's numbers; the webhook follows by itself.

    The sender is any string that a carrier may hand over: a number, a short code, a name, `whatsapp:+1…`.
    Raises `NoSuchNumberError` where `to` is not the account's.
    """
    number = world.directory.owned(to)
    if number is None:
        raise NoSuchNumberError(
            f"{to} is not a number of this account; text one of those it was started with."
        )
    first, *rest = [_message(world, sender, number, part, media_types) for part in _parts(world, body)]
    world.phones.show(
        sender,
        way=Way.SENT,
        other=to,
        body=body,
        at=first.created,
        sid=first.sid,
        media=tuple(item.url for item in first.media),
    )
    if not _vanishes(world, number):
        # Parts that were torn apart may overtake each other.
        for message in (*reversed(rest), first):
            world.messages.add(message)
            kind = _heed_keyword(world, number, message)
            _call_webhook_soon(world, number, message, kind)
    return first


def _parts(world: World, body: str) -> list[str]:
    """Return what a long text arrives as: itself, or, where a carrier does not join them, its segments."""
    if count_segments(body) == 1 or not world.faults.strikes(Fault.TEXT_TORN):
        return [body]
    return [body[start : start + _PART] for start in range(0, len(body), _PART)]


def _message(
    world: World, sender: str, number: OwnNumber, body: str, media_types: tuple[str, ...]
) -> Message:
    now = world.clock.now()
    service = world.directory.service_of(number.phone_number)
    sid = new_sid("MM" if media_types else "SM")
    return Message(
        sid=sid,
        account_sid=world.settings.account_sid,
        direction=Direction.INBOUND,
        sender=sender,
        to=number.phone_number,
        body=body,
        status=Status.RECEIVING,
        created=now,
        updated=now,
        service_sid=service.sid if service else None,
        num_segments=count_segments(body),
        media=tuple(Media(new_sid("ME"), kind, "", now) for kind in media_types),
    )


def _vanishes(world: World, number: OwnNumber) -> bool:
    """Return whether a Messaging Service without an inbound address swallows what comes in."""
    service = world.directory.service_of(number.phone_number)
    return service is not None and not (service.use_inbound_webhook_on_number or service.inbound_request_url)


def _heed_keyword(world: World, number: OwnNumber, message: Message) -> Kind | None:
    scope = block_scope(world, number.phone_number)
    keyword = world.blocks.hear(scope, message.sender or "", message.body)
    if keyword is None:
        return None
    if keyword.answer is not None:
        answer = Asked(
            to=message.sender or "", sender=message.to, body=keyword.answer, direction=Direction.REPLY
        )
        _send_back(world, message, answer, automatic=True)
    return keyword.kind


def _call_webhook_soon(world: World, number: OwnNumber, message: Message, kind: Kind | None) -> None:
    call = _webhook(world, number, message, kind)
    if not call.url:
        world.messages.change(message.sid, status=Status.RECEIVED, sent=world.clock.now())
        return
    late = world.faults.delay(Fault.WEBHOOK_LATE, world.faults.lateness.webhook)
    copies = 2 if world.faults.strikes(Fault.WEBHOOK_TWICE) else 1
    for _ in range(copies):
        world.agenda.after(late, partial(_call_webhook, world, call, message))


def _webhook(world: World, number: OwnNumber, message: Message, kind: Kind | None) -> Call:
    service = world.directory.service_of(number.phone_number)
    form = _form(message, kind if world.blocks.mode is Mode.ADVANCED and service else None, world)
    pair = (message.sender or "", message.to)
    if service is not None and not service.use_inbound_webhook_on_number:
        return Call(
            url=service.inbound_request_url or "",
            method=service.inbound_method,
            fallback_url=service.fallback_url or "",
            fallback_method=service.fallback_method,
            form=form,
            subject=message.sid,
            cookies_of=pair,
        )
    return Call(
        url="" if number.sms_application_sid else number.sms_url,
        method=number.sms_method,
        fallback_url=number.sms_fallback_url,
        fallback_method=number.sms_fallback_method,
        form=form,
        subject=message.sid,
        cookies_of=pair,
    )


def _form(message: Message, kind: Kind | None, world: World) -> Form:
    fields = {
        "ToCountry": "US",
        "ToState": "",
        "SmsMessageSid": message.sid,
        "NumMedia": str(len(message.media)),
        "ToCity": "",
        "FromZip": "",
        "SmsSid": message.sid,
        "FromState": "",
        "SmsStatus": "received",
        "FromCity": "",
        "Body": message.body,
        "FromCountry": "US",
        "To": message.to,
        "MessagingServiceSid": message.service_sid,
        "ToZip": "",
        "OptOutType": kind,
        "NumSegments": str(message.num_segments),
        "MessageSid": message.sid,
        "AccountSid": message.account_sid,
        "From": message.sender,
        "ApiVersion": VERSION,
    }
    novel = {"FromNeighborhood": "", "Novelty": "1"} if world.faults.strikes(Fault.WEBHOOK_NOVEL) else {}
    everything = fields | _media_fields(world, message) | novel
    return tuple((name, str(value)) for name, value in everything.items() if value is not None)


def _media_fields(world: World, message: Message) -> dict[str, str]:
    base = f"{world.settings.own_url}/{VERSION}/Accounts/{message.account_sid}/Messages/{message.sid}/Media"
    urls = {f"MediaUrl{place}": f"{base}/{item.sid}" for place, item in enumerate(message.media)}
    kinds = {f"MediaContentType{place}": item.content_type for place, item in enumerate(message.media)}
    return urls | kinds


def _call_webhook(world: World, call: Call, message: Message) -> None:
    world.messages.change(
        message.sid,
        {Status.RECEIVING},
        status=Status.RECEIVED,
        sent=world.clock.now(),
        updated=world.clock.now(),
    )
    if world.faults.strikes(Fault.WEBHOOK_DROPPED):
        world.attempts.add(message.sid, call.url, "dropped")
        world.alerts.add(world.clock.now(), 11200, "The webhook was lost.", subject=message.sid, url=call.url)
        world.privacy.after_handing_on(world.messages, message.sid)
        return
    _carry_out(world, call, message, redirects=0)
    world.privacy.after_handing_on(world.messages, message.sid)


def _carry_out(world: World, call: Call, message: Message, *, redirects: int) -> None:
    document = fetch(world, call, read_answer)
    if document is None:
        return
    _warn(world, call, document)
    for step in document.steps:
        if isinstance(step, Redirect):
            _go_there(world, call, message, step, redirects=redirects)
            return
        _send_back(world, message, _asked(step, message))


def _go_there(world: World, call: Call, message: Message, step: Redirect, *, redirects: int) -> None:
    if redirects == _MOST_REDIRECTS:
        sentence = f"More than {_MOST_REDIRECTS} redirects."
        world.alerts.add(world.clock.now(), 11215, sentence, subject=message.sid, url=call.url)
        return
    url = urljoin(signed_address(call.url), step.url)
    there = replace(call, url=url, method=step.method, fallback_url="")
    _carry_out(world, there, message, redirects=redirects + 1)


def _warn(world: World, call: Call, document: Document) -> None:
    for warning in document.warnings:
        world.alerts.add(
            world.clock.now(), 12200, warning, subject=call.subject, url=call.url, level=Level.WARNING
        )


def _asked(reply: Reply, message: Message) -> Asked:
    return Asked(
        to=reply.to or message.sender or "",
        sender=reply.sender or message.to,
        body=reply.body,
        media_urls=reply.media_urls,
        status_callback=reply.status_callback,
        direction=Direction.REPLY,
    )


def _send_back(world: World, message: Message, asked: Asked, *, automatic: bool = False) -> None:
    """Send an answer, or leave an alert where it can't be sent (to a short code, say)."""
    try:
        answer = take_in(world, asked)
    except RefusedError as refusal:
        world.alerts.add(
            world.clock.now(),
            refusal.code,
            refusal.sentence,
            subject=message.sid,
            url="",
            level=Level.WARNING,
        )
        return
    changed = world.messages.change(answer.sid, automatic=automatic)
    dispatch(world, changed or answer)
