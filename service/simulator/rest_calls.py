"""Calls over REST: place, list, fetch, end, and send elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flask import Blueprint, Response, request

from service.simulator.call import CallStatus, Detection, Event, PhoneCall, Reporting, Script, call_json
from service.simulator.ending import finish
from service.simulator.message import VERSION
from service.simulator.paging import envelope
from service.simulator.placing import AskedCall, take_call_in
from service.simulator.refusal import RefusedError
from service.simulator.rest import answer, create_rest_blueprint, not_found
from service.simulator.ringing import dial_later
from service.simulator.talking import start_script
from service.simulator.waiting import stop_waiting
from service.simulator.world import World

_CALLS = f"/{VERSION}/Accounts/<account>/Calls"


def create_calls_blueprint(world: World) -> Blueprint:
    """Return the routes below `/Calls`."""
    blueprint = create_rest_blueprint(world, "calls")

    @blueprint.post(f"{_CALLS}.json")
    def create() -> Response:
        call = take_call_in(world, _asked())
        dial_later(world, call)
        return answer(call_json(call), 201)

    @blueprint.get(f"{_CALLS}.json")
    def list_calls() -> Response:
        arguments = request.args.to_dict()
        wanted = _filter(arguments)
        after = arguments.get("PageToken", "")[2:] or None
        rows = [call for call in world.calls.newest_first(after) if wanted(call)]
        return answer(
            envelope(
                "calls",
                rows,
                call_json,
                path=request.path,
                arguments=arguments,
                token_of=lambda call: call.sid,
            )
        )

    @blueprint.get(f"{_CALLS}/<sid>.json")
    def fetch(sid: str) -> Response:
        return answer(call_json(_found(world, sid)))

    @blueprint.post(f"{_CALLS}/<sid>.json")
    def update(sid: str) -> Response:
        _update(world, _found(world, sid))
        return answer(call_json(_found(world, sid)))

    return blueprint


def _found(world: World, sid: str) -> PhoneCall:
    return world.calls.get(sid) or not_found()


def _asked() -> AskedCall:
    form = request.form
    return AskedCall(
        to=form.get("To", ""),
        sender=form.get("From", ""),
        script=_script(),
        reporting=_reporting(),
        timeout=_number("Timeout", 60, 1, 600),
        time_limit=_number("TimeLimit", 14_400, 1, 86_400),
        detection=_detection(),
        detects_later=form.get("AsyncAmd", "").lower() == "true",
    )


def _script() -> Script:
    form = request.form
    return Script(
        url=form.get("Url", ""),
        method=form.get("Method", "POST").upper(),
        fallback_url=form.get("FallbackUrl", ""),
        fallback_method=form.get("FallbackMethod", "POST").upper(),
        twiml=form.get("Twiml", ""),
    )


def _reporting() -> Reporting:
    form = request.form
    names = [name for text in form.getlist("StatusCallbackEvent") for name in text.split()]
    try:
        events = tuple(Event(name) for name in names) or (Event.COMPLETED,)
    except ValueError as error:
        raise RefusedError(20001, f"StatusCallbackEvent: {error}.") from error
    return Reporting(
        url=form.get("StatusCallback", ""),
        method=form.get("StatusCallbackMethod", "POST").upper(),
        events=events,
        machine_url=form.get("AsyncAmdStatusCallback", ""),
        machine_method=form.get("AsyncAmdStatusCallbackMethod", "POST").upper(),
    )


def _detection() -> Detection:
    # Digits that are dialled after the answer and the detection of machines exclude each other.
    if "SendDigits" in request.form:
        return Detection.OFF
    try:
        return Detection(request.form.get("MachineDetection", ""))
    except ValueError as error:
        raise RefusedError(20001, "MachineDetection must be Enable or DetectMessageEnd.") from error


def _number(name: str, default: int, least: int, most: int) -> int:
    text = request.form.get(name, str(default))
    if not text.isdigit() or not least <= int(text) <= most:
        raise RefusedError(20001, f"{name} must be a whole number from {least} to {most}.")
    return int(text)


def _filter(arguments: dict[str, str]) -> Callable[[PhoneCall], bool]:
    same = {"To": "to", "From": "sender", "Status": "status", "ParentCallSid": "parent_sid"}
    equal = {same[name]: value for name, value in arguments.items() if name in same}
    since, until = (_day(arguments.get(name)) for name in ("StartTime>", "StartTime<"))
    on = _day(arguments.get("StartTime"))
    day = timedelta(days=1)

    def wanted(call: PhoneCall) -> bool:
        started = call.started or call.created
        return (
            all(getattr(call, field) == value for field, value in equal.items())
            and (since is None or started >= since)
            and (until is None or started < until + day)
            and (on is None or on <= started < on + day)
        )

    return wanted


def _day(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise RefusedError(20001, "StartTime must be a date or an ISO 8601 time.") from error
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _update(world: World, call: PhoneCall) -> None:
    status = request.form.get("Status")
    if status == CallStatus.CANCELED:
        if call.status in (CallStatus.QUEUED, CallStatus.RINGING):
            finish(world, call.sid, CallStatus.CANCELED)
    elif status == CallStatus.COMPLETED:
        talked = call.status is CallStatus.IN_PROGRESS
        finish(world, call.sid, CallStatus.COMPLETED if talked else CallStatus.CANCELED)
    elif status is not None:
        raise RefusedError(20001, "Status can only become canceled or completed.")
    else:
        _send_elsewhere(world, call)


def _send_elsewhere(world: World, call: PhoneCall) -> None:
    script = _script()
    if call.status is not CallStatus.IN_PROGRESS or not (script.url or script.twiml):
        raise RefusedError(21220)
    world.calls.change(call.sid, script=replace(script), updated=world.clock.now())

    def go() -> None:
        with world.calls.session(call.sid).lock:
            stop_waiting(world, call.sid)
            start_script(world, call.sid, script)

    # The caller may be answering a webhook of this very call, so the call must not wait for the caller.
    world.agenda.after(0, go)
