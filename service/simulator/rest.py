"""The door of the REST twin: Basic auth, the faults that a caller meets, and Twilio's way to say no."""

from __future__ import annotations

import socket
import struct
import time
from typing import NoReturn

from flask import Blueprint, Response, jsonify, request

from service.simulator.faults import Fault
from service.simulator.message import VERSION
from service.simulator.refusal import RefusedError
from service.simulator.world import World

# Twilio answers 429 with the number of requests that were being served.
_CONCURRENT = "Twilio-Concurrent-Requests"


def create_rest_blueprint(world: World, name: str) -> Blueprint:
    """Return an empty blueprint whose routes ask for credentials and suffer the faults that are set."""
    blueprint = Blueprint(name, __name__)

    @blueprint.before_request
    def admit() -> None:
        credentials = request.authorization
        if credentials is None or not world.keys.admit(
            credentials.username or "", credentials.password or ""
        ):
            raise RefusedError(20003)
        account = (request.view_args or {}).pop("account", world.settings.account_sid)
        if account != world.settings.account_sid:
            raise RefusedError(20404, f"The requested resource {request.path} was not found")
        _suffer_before(world)

    @blueprint.after_request
    def suffer(response: Response) -> Response:
        return _suffer_after(world, response)

    blueprint.register_error_handler(RefusedError, _refused)
    return blueprint


def answer(body: dict[str, object], status: int = 200) -> Response:
    """Return a JSON answer."""
    response = jsonify(body)
    response.status_code = status
    return response


def not_found() -> NoReturn:
    """Refuse because the thing that the path names is not there."""
    raise RefusedError(20404, f"The requested resource {request.path} was not found")


def _refused(refusal: RefusedError) -> Response:
    response = answer(refusal.as_json(), refusal.status)
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    if refusal.status == 429:
        response.headers[_CONCURRENT] = "101"
    return response


def refuse_unknown_path(_: Exception) -> Response:
    """Answer a path that the twin does not have, in Twilio's shape below its API paths."""
    return _refused(RefusedError(20404, f"The requested resource {request.path} was not found"))


def is_api_path(path: str) -> bool:
    """Return whether the path belongs to Twilio's API rather than to the page or the controls."""
    return path.startswith((f"/{VERSION}/", "/v1/"))


def _suffer_before(world: World) -> None:
    if world.faults.strikes(Fault.REST_BUSY):
        raise RefusedError(20429)
    if world.faults.strikes(Fault.REST_ERROR_BEFORE):
        raise RefusedError(20503)
    if world.faults.strikes(Fault.REST_DROPPED):
        _cut_connection()
        raise RefusedError(20503)


def _suffer_after(world: World, response: Response) -> Response:
    if request.method != "POST" or response.status_code >= 300:
        return response
    if world.faults.strikes(Fault.REST_ERROR_AFTER):
        return _refused(RefusedError(20500))
    if world.faults.strikes(Fault.REST_ANSWER_LOST):
        _cut_connection()
    if world.faults.strikes(Fault.REST_SLOW):
        time.sleep(world.faults.lateness.rest)
    return response


def _cut_connection() -> None:
    """Reset the caller's connection; what is written to it afterwards goes nowhere."""
    connection: socket.socket | None = request.environ.get("werkzeug.socket")
    if connection is None:
        raise RuntimeError(
            "A connection can only be cut on the simulator's own server: start it with create_server."
        )
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.shutdown(socket.SHUT_RDWR)
