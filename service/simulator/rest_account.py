"""The account itself over REST: its balance, its auth tokens, and the consents that Twilio is told of."""

from __future__ import annotations

import json
import secrets

from flask import Blueprint, Response, request

from service.simulator.dialling import dialled
from service.simulator.message import VERSION
from service.simulator.rest import answer, create_rest_blueprint, not_found
from service.simulator.rest_monitor import iso
from service.simulator.sending import block_scope
from service.simulator.world import World

_BAD_CONSENT = 30646


def create_account_blueprint(world: World) -> Blueprint:
    """Return the routes for the balance, the tokens and the consents."""
    blueprint = create_rest_blueprint(world, "account")

    @blueprint.get(f"/{VERSION}/Accounts/<account>/Balance.json")
    def balance() -> Response:
        return answer({"account_sid": world.settings.account_sid, "balance": "42.50", "currency": "USD"})

    @blueprint.post("/v1/AuthTokens/Secondary")
    def make_secondary() -> Response:
        token = secrets.token_hex(16)
        world.keys.make_secondary(token)
        return answer(_token_json(world, "secondary_auth_token", token, "Secondary"), 201)

    @blueprint.delete("/v1/AuthTokens/Secondary")
    def drop_secondary() -> Response:
        return Response(status=204) if world.keys.drop_secondary() else not_found()

    @blueprint.post("/v1/AuthTokens/Promote")
    def promote() -> Response:
        token = world.keys.promote() or not_found()
        return answer(_token_json(world, "auth_token", token, "Promote"))

    @blueprint.post("/v1/Consents/Bulk")
    def take_consents() -> Response:
        items = [_take_consent(world, text) for text in request.form.getlist("Items")]
        return answer({"items": items}, 201)

    return blueprint


def _token_json(world: World, key: str, token: str, path: str) -> dict[str, object]:
    now = iso(world.clock.now())
    return {
        "account_sid": world.settings.account_sid,
        key: token,
        "date_created": now,
        "date_updated": now,
        "url": f"{request.host_url}v1/AuthTokens/{path}",
    }


def _take_consent(world: World, text: str) -> dict[str, object]:
    """Block or unblock the pair that an item names; an item that can't be read is refused alone."""
    try:
        item = json.loads(text)
        handset, sender = dialled(item["contact_id"]), str(item["sender_id"])
        status = item["status"]
    except (ValueError, KeyError, TypeError):
        return {
            "correlation_id": None,
            "error_code": _BAD_CONSENT,
            "error_messages": ["The item can't be read."],
        }
    if handset is None or status not in ("opt-in", "opt-out"):
        reasons = ["contact_id must be a number, status opt-in or opt-out."]
        return {
            "correlation_id": item.get("correlation_id"),
            "error_code": _BAD_CONSENT,
            "error_messages": reasons,
        }
    scope = sender if sender.startswith("MG") else block_scope(world, sender)
    world.blocks.set(scope, handset, blocked=status == "opt-out")
    return {"correlation_id": item.get("correlation_id"), "error_code": 0, "error_messages": []}
