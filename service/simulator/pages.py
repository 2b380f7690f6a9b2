"""The page with the handsets, what it polls, and its Skip ahead button."""

from __future__ import annotations

import json
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from flask import Blueprint, Response, jsonify, render_template, request

from service.simulator.alerts import Level
from service.simulator.call import OVER, CallStatus
from service.simulator.control import ControlError, fields_sent
from service.simulator.ledger import phone_json, session_json, text_json
from service.simulator.world import World

_POLICY = (
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)

# The service may have to send a morning's messages before it can say what it skipped to (seconds).
_SKIP_PATIENCE = 30.0


def create_pages_blueprint(world: World) -> Blueprint:
    """Return the page and its two routes."""
    blueprint = Blueprint("pages", __name__)

    @blueprint.get("/")
    def handsets() -> Response:
        numbers = [number.phone_number for number in world.directory.numbers()]
        page = Response(render_template("handsets.html", numbers=numbers, can_skip=world.clock.can_jump))
        page.headers["Content-Security-Policy"] = _POLICY
        return page

    @blueprint.get("/screen")
    def screen() -> Response:
        after, ended = (request.args.get(name, 0, type=int) for name in ("after", "ended"))
        answer = jsonify(_screen(world, after) | _calls(world, ended))
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @blueprint.post("/skip")
    def skip() -> Response:
        try:
            fields_sent()
        except ControlError as error:
            return jsonify({"error": str(error)})
        return jsonify(_ask_to_skip(world.settings.service_url))

    return blueprint


def _screen(world: World, after: int) -> dict[str, object]:
    texts = world.phones.texts(after=after)
    failures = [alert for alert in world.alerts.newest_first() if alert.level is Level.ERROR]
    return {
        "now": world.clock.now().isoformat(),
        "zone": world.settings.zone,
        "phones": [phone_json(world, phone) for phone in world.phones.everyone()],
        "texts": [text_json(text) for text in texts],
        "last": texts[-1].serial if texts else after,
        "alerts": [
            {"at": alert.at.isoformat(), "code": alert.code, "text": alert.text, "url": alert.url}
            for alert in failures[:20]
        ],
        "alert_count": len(failures),
    }


def _calls(world: World, ended: int) -> dict[str, object]:
    """Return the calls under way, and those that are over from the `ended`-th on, in the order of their ends."""
    calls = world.calls.oldest_first()
    over = sorted((call for call in calls if call.ended is not None), key=lambda call: str(call.ended))
    live = [call for call in calls if call.status not in OVER and call.status is not CallStatus.QUEUED]
    return {
        "live": [session_json(world, call) for call in live],
        "over": [session_json(world, call) for call in over[ended:]],
        "ended": len(over),
    }


def _ask_to_skip(service_url: str) -> dict[str, Any]:
    """Ask the service to move the clock to its next due moment and return what it says."""
    asked = Request(
        f"{service_url}/demo/skip", method="POST", data=b"", headers={"Accept": "application/json"}
    )
    try:
        with urlopen(asked, timeout=_SKIP_PATIENCE) as response:
            said = json.load(response)
    except HTTPError as error:
        return {
            "error": _sentence_in(error) or f"The service would not skip ahead: it answered {error.code}."
        }
    except (URLError, OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        return {"error": f"The service at {service_url} does not answer ({reason}). Is it running?"}
    return said if isinstance(said, dict) else {"error": "The service's answer to Skip ahead can't be read."}


def _sentence_in(error: HTTPError) -> str:
    try:
        said = json.load(error)
    except ValueError:
        return ""
    return str(said.get("error", "")) if isinstance(said, dict) else ""
