"""The controls that Twilio does not have, as JSON: handsets for tests and the demo, faults, the ledger."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, jsonify, request

from service.simulator.dialling import dialled
from service.simulator.faults import Lateness, UnknownFaultError
from service.simulator.ledger import ledger_json, phone_json, text_json
from service.simulator.optout import Mode
from service.simulator.phones import Answering, Line, Phone, Role
from service.simulator.receiving import NoSuchNumberError, text_in
from service.simulator.sending import block_scope
from service.simulator.world import World

# A listener is sent away after this long so that it can see that its connection still works (seconds).
LONGEST_WAIT = 25.0


class ControlError(ValueError):
    """A control was used wrongly; the sentence says how to use it."""


def create_control_blueprint(world: World) -> Blueprint:
    """Return the JSON routes for handsets, faults and the ledger."""
    blueprint = Blueprint("control", __name__)
    for error in (ControlError, NoSuchNumberError, UnknownFaultError):
        blueprint.register_error_handler(error, bad_control)
    _add_phone_routes(world, blueprint)
    _add_world_routes(world, blueprint)
    return blueprint


def fields_sent() -> dict[str, Any]:
    """Return the JSON object that was posted; raises `ControlError` for anything else.

    Only `application/json` is taken, which a page of another site can't send without being asked first.
    """
    fields = request.get_json(silent=True) if request.is_json else None
    if not isinstance(fields, dict):
        raise ControlError("Post a JSON object with Content-Type application/json.")
    return fields


def known_number(text: object) -> str:
    """Return a phone number in E.164; raises `ControlError` where it is none."""
    number = dialled(str(text or ""))
    if number is None:
        raise ControlError("That is not a phone number; write it like +12025550123.")
    return number


def bad_control(error: Exception) -> tuple[Response, int]:
    """Answer a control that was used wrongly with the sentence that says how to use it."""
    return jsonify({"error": str(error)}), 400


def _add_phone_routes(world: World, blueprint: Blueprint) -> None:
    @blueprint.get("/phones")
    def list_phones() -> Response:
        return jsonify({"phones": [phone_json(world, phone) for phone in world.phones.everyone()]})

    @blueprint.post("/phones")
    def register() -> tuple[Response, int]:
        fields = fields_sent()
        number = known_number(fields.get("number"))
        return jsonify(phone_json(world, _changed(world, number, fields))), 201

    @blueprint.post("/phones/<number>")
    def change(number: str) -> Response:
        return jsonify(phone_json(world, _changed(world, number, fields_sent())))

    @blueprint.get("/phones/<number>/messages")
    def messages(number: str) -> Response:
        after = request.args.get("after", 0, type=int)
        patience = min(request.args.get("wait", 0.0, type=float), LONGEST_WAIT)
        if patience > 0:
            world.phones.wait_for(lambda: bool(world.phones.texts(after=after, number=number)), patience)
        texts = world.phones.texts(after=after, number=number)
        last = texts[-1].serial if texts else after
        return jsonify({"messages": [text_json(text) for text in texts], "last": last})

    @blueprint.post("/phones/<number>/send")
    def send(number: str) -> tuple[Response, int]:
        fields = fields_sent()
        to = str(fields.get("to") or world.settings.numbers[0])
        message = text_in(world, number, to, str(fields.get("body", "")), tuple(fields.get("media", ())))
        return jsonify({"sid": message.sid, "from": number, "to": to}), 201


def _changed(world: World, number: str, fields: dict[str, Any]) -> Phone:
    if "opted_out" in fields:
        for own in world.directory.numbers():
            scope = block_scope(world, own.phone_number)
            world.blocks.set(scope, number, blocked=bool(fields["opted_out"]))
    kinds = {"role": Role, "line": Line, "answering": Answering, "name": str}
    try:
        return world.phones.register(number, **{k: kinds[k](v) for k, v in fields.items() if k in kinds})
    except ValueError as error:
        raise ControlError(f"{error}; see GET /phones for what a handset has.") from error


def _add_world_routes(world: World, blueprint: Blueprint) -> None:
    @blueprint.get("/faults")
    def show_faults() -> Response:
        return jsonify(world.faults.report())

    @blueprint.post("/faults")
    def set_faults() -> Response:
        fields = fields_sent()
        try:
            world.faults.set(
                seed=int(fields.get("seed", 0)),
                rates=fields.get("rates"),
                upcoming=fields.get("next"),
                lateness=replace(Lateness(), **fields.get("lateness", {})),
            )
        except (TypeError, AttributeError) as error:
            raise ControlError(
                f"Faults are seed, rates, next and lateness; see GET /faults ({error})."
            ) from error
        return jsonify(world.faults.report())

    @blueprint.get("/ledger")
    def ledger() -> Response:
        return jsonify(ledger_json(world))

    @blueprint.get("/quiet")
    def quiet() -> Response:
        return jsonify({"quiet": world.agenda.is_quiet()})

    @blueprint.post("/network")
    def set_network() -> Response:
        fields = fields_sent()
        if "opt_out" in fields:
            world.blocks.mode = Mode(fields["opt_out"])
        world.privacy.redacts = bool(fields.get("redaction", world.privacy.redacts))
        world.pace.delay = float(fields.get("delay", world.pace.delay))
        world.pace.speaking = float(fields.get("speaking", world.pace.speaking))
        world.pace.rate = fields.get("messages_per_second", world.pace.rate)
        return jsonify(
            {
                "redaction": world.privacy.redacts,
                "speaking": world.pace.speaking,
                "opt_out": world.blocks.mode,
                "delay": world.pace.delay,
                "messages_per_second": world.pace.rate,
            }
        )
