"""Messages over REST: create, list, fetch, redact, cancel, delete, and their media."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, request

from service.simulator.delivery import dispatch, report_cancelled, walk_at_once
from service.simulator.faults import Fault
from service.simulator.message import FINAL, VERSION, Media, Message, Status, mail_date, message_json
from service.simulator.paging import envelope
from service.simulator.refusal import RefusedError
from service.simulator.rest import answer, create_rest_blueprint, not_found
from service.simulator.sending import Asked, take_in
from service.simulator.world import World

_MESSAGES = f"/{VERSION}/Accounts/<account>/Messages"


def create_messages_blueprint(world: World) -> Blueprint:
    """Return the routes below `/Messages`."""
    blueprint = create_rest_blueprint(world, "messages")

    @blueprint.post(f"{_MESSAGES}.json")
    def create() -> Response:
        message = take_in(world, _asked())
        if world.faults.strikes(Fault.CALLBACK_FIRST):
            walk_at_once(world, message)
        else:
            dispatch(world, message)
        # The answer tells of the message as it was taken in, however far it has come by now.
        return answer(message_json(message), 201)

    @blueprint.get(f"{_MESSAGES}.json")
    def list_messages() -> Response:
        return answer(_page(world))

    @blueprint.get(f"{_MESSAGES}/<sid>.json")
    def fetch(sid: str) -> Response:
        return answer(message_json(_found(world, sid)))

    @blueprint.post(f"{_MESSAGES}/<sid>.json")
    def update(sid: str) -> Response:
        return answer(message_json(_updated(world, _found(world, sid))))

    @blueprint.delete(f"{_MESSAGES}/<sid>.json")
    def delete(sid: str) -> Response:
        if _found(world, sid).status not in FINAL | {Status.SENT}:
            raise RefusedError(20009)
        world.messages.delete(sid)
        return Response(status=204)

    _add_media_routes(world, blueprint)
    return blueprint


def _found(world: World, sid: str) -> Message:
    return world.messages.get(sid) or not_found()


def _asked() -> Asked:
    form = request.form
    return Asked(
        to=form.get("To", ""),
        body=form.get("Body", ""),
        sender=form.get("From", ""),
        service_sid=form.get("MessagingServiceSid", ""),
        media_urls=tuple(form.getlist("MediaUrl")),
        status_callback=form.get("StatusCallback", ""),
        validity=_validity(form.get("ValidityPeriod")),
        send_at=_moment(form["SendAt"], "SendAt") if "SendAt" in form else None,
    )


def _validity(text: str | None) -> int | None:
    if text is None:
        return None
    if not text.isdigit() or not 1 <= int(text) <= 36_000:
        raise RefusedError(20001, "ValidityPeriod must be a whole number from 1 to 36000.")
    return int(text)


def _moment(text: str, name: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise RefusedError(20001, f"{name} must be a date or an ISO 8601 time.") from error
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _page(world: World) -> dict[str, object]:
    arguments = request.args.to_dict()
    after = arguments.get("PageToken", "")[2:] or None
    wanted = _filter(arguments)
    rows = [message for message in world.messages.newest_first(after) if wanted(message)]
    return envelope(
        "messages",
        rows,
        message_json,
        path=f"/{VERSION}/Accounts/{world.settings.account_sid}/Messages.json",
        arguments=arguments,
        token_of=lambda message: message.sid,
    )


def _filter(arguments: dict[str, str]) -> Callable[[Message], bool]:
    """Return the test that the query asks for; there is none for direction or status."""
    to, sender = arguments.get("To"), arguments.get("From")
    since, until = _window(arguments)

    def wanted(message: Message) -> bool:
        if to not in (None, message.to) or sender not in (None, message.sender):
            return False
        if since is None and until is None:
            return True
        # What has not been sent has no date, so no date filter finds it.
        sent = message.sent
        return sent is not None and (since is None or since <= sent) and (until is None or sent < until)

    return wanted


def _window(arguments: dict[str, str]) -> tuple[datetime | None, datetime | None]:
    """Return the moments from which and before which the query wants messages; both ends are inclusive."""
    on, since, until = (arguments.get(name) for name in ("DateSent", "DateSent>", "DateSent<"))
    if on:
        return _moment(on, "DateSent"), _moment(on, "DateSent") + _grain(on)
    return (
        _moment(since, "DateSent>") if since else None,
        _moment(until, "DateSent<") + _grain(until) if until else None,
    )


def _grain(text: str) -> timedelta:
    """Return how much time the text stands for: a day, or the second of a full time."""
    return timedelta(days=1) if len(text) == len("2026-01-31") else timedelta(seconds=1)


def _updated(world: World, message: Message) -> Message:
    now = world.clock.now()
    if "Body" in request.form:
        if request.form["Body"]:
            raise RefusedError(20001, "Body can only be made empty.")
        return world.messages.change(message.sid, body="", updated=now) or not_found()
    if request.form.get("Status") != Status.CANCELED:
        raise RefusedError(20001, "Give an empty Body, or Status=canceled.")
    cancelled = world.messages.change(message.sid, {Status.SCHEDULED}, status=Status.CANCELED, updated=now)
    if cancelled is None:
        raise RefusedError(30409)
    report_cancelled(world, cancelled)
    return cancelled


def _add_media_routes(world: World, blueprint: Blueprint) -> None:
    @blueprint.get(f"{_MESSAGES}/<sid>/Media.json")
    def list_media(sid: str) -> Response:
        message = _found(world, sid)
        return answer(
            envelope(
                "media_list",
                message.media,
                lambda media: _media_json(message, media),
                path=request.path,
                arguments=request.args.to_dict(),
                token_of=lambda media: media.sid,
            )
        )

    @blueprint.get(f"{_MESSAGES}/<sid>/Media/<media_sid>.json")
    def fetch_media(sid: str, media_sid: str) -> Response:
        message = _found(world, sid)
        return answer(_media_json(message, _found_media(message, media_sid)))

    @blueprint.get(f"{_MESSAGES}/<sid>/Media/<media_sid>")
    def fetch_content(sid: str, media_sid: str) -> Response:
        if world.faults.strikes(Fault.MEDIA_MISSING):
            not_found()
        media = _found_media(_found(world, sid), media_sid)
        return Response(f"{media.content_type} {media.sid}".encode(), content_type=media.content_type)

    @blueprint.delete(f"{_MESSAGES}/<sid>/Media/<media_sid>.json")
    def delete_media(sid: str, media_sid: str) -> Response:
        message = _found(world, sid)
        gone = _found_media(message, media_sid)
        world.messages.change(sid, media=tuple(media for media in message.media if media is not gone))
        return Response(status=204)


def _found_media(message: Message, sid: str) -> Media:
    return next((media for media in message.media if media.sid == sid), None) or not_found()


def _media_json(message: Message, media: Media) -> dict[str, object]:
    uri = f"/{VERSION}/Accounts/{message.account_sid}/Messages/{message.sid}/Media/{media.sid}.json"
    return {
        "account_sid": message.account_sid,
        "content_type": media.content_type,
        "date_created": mail_date(media.created),
        "date_updated": mail_date(media.created),
        "parent_sid": message.sid,
        "sid": media.sid,
        "uri": uri,
    }
