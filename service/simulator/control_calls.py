"""The handsets' side of calls as JSON: see what rings and what is said, answer, press, speak, hang up."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, jsonify, request

from service.simulator.call import OVER, CallStatus, PhoneCall
from service.simulator.control import LONGEST_WAIT, ControlError, bad_control, fields_sent
from service.simulator.ending import finish
from service.simulator.ledger import session_json
from service.simulator.receiving import NoSuchNumberError
from service.simulator.ringing import answer, call_in, hang_up
from service.simulator.talking import press, speak
from service.simulator.waiting import fall_silent
from service.simulator.world import World

Act = Callable[[str], object]


def create_call_control_blueprint(world: World) -> Blueprint:
    """Return the JSON routes for calls on handsets."""
    blueprint = Blueprint("call_control", __name__)
    for error in (ControlError, NoSuchNumberError):
        blueprint.register_error_handler(error, bad_control)

    @blueprint.get("/phones/<number>/calls")
    def calls(number: str) -> Response:
        after = request.args.get("after") or None
        patience = min(request.args.get("wait", 0.0, type=float), LONGEST_WAIT)

        def there() -> list[PhoneCall]:
            return [call for call in world.calls.oldest_first(after) if call.handset == number]

        if patience > 0:
            world.phones.wait_for(lambda: bool(there()), patience)
        return jsonify({"calls": [session_json(world, call) for call in there()]})

    @blueprint.post("/phones/<number>/call")
    def place(number: str) -> tuple[Response, int]:
        fields = fields_sent()
        call = call_in(world, number, str(fields.get("to") or world.settings.numbers[0]))
        return jsonify(session_json(world, call)), 201

    @blueprint.get("/calls/<sid>")
    def show(sid: str) -> Response:
        return jsonify(session_json(world, _found(world, sid)))

    _add_doings(world, blueprint)
    return blueprint


def _add_doings(world: World, blueprint: Blueprint) -> None:
    def silence(sid: str) -> object:
        return fall_silent(world, sid)

    doings: dict[str, Act] = {
        "answer": lambda sid: answer(world, sid, str(fields_sent().get("answered_by", "human"))),
        "voicemail": lambda sid: answer(world, sid, "machine"),
        "decline": lambda sid: finish(world, sid, CallStatus.BUSY),
        "hangup": lambda sid: hang_up(world, sid),
        "press": lambda sid: press(world, sid, str(fields_sent().get("keys", ""))),
        "speak": lambda sid: speak(world, sid, str(fields_sent().get("text", "")), _confidence()),
        "silence": silence,
    }
    waits_its_turn = {"press", "speak", "silence"}

    @blueprint.post("/calls/<sid>/<doing>")
    def do(sid: str, doing: str) -> Response:
        call = _found(world, sid)
        if doing not in doings:
            raise ControlError(f"A handset can do this with a call: {', '.join(doings)}.")
        if call.status in OVER:
            raise ControlError(f"The call is over ({call.status}).")
        fields_sent()
        if doing in waits_its_turn:
            with world.calls.session(sid).lock:
                doings[doing](sid)
        else:
            doings[doing](sid)
        return jsonify(session_json(world, _found(world, sid)))


def _confidence() -> float | None:
    """Return how sure the speech recogniser is, 0 to 1; None leaves it unsaid, as Twilio sometimes does."""
    value = fields_sent().get("confidence", 0.9)
    if value is not None and not (isinstance(value, int | float) and 0 <= value <= 1):
        raise ControlError("confidence is a number from 0 to 1, or null where it is to be left unsaid.")
    return None if value is None else float(value)


def _found(world: World, sid: str) -> PhoneCall:
    call = world.calls.get(sid)
    if call is None:
        raise ControlError("There is no call with this sid; see GET /phones/{number}/calls.")
    return call
