"""The account's numbers over REST: list, fetch and configure their webhooks."""

from __future__ import annotations

from fnmatch import fnmatchcase

from flask import Blueprint, Response, request

from service.simulator.message import VERSION
from service.simulator.numbers import OwnNumber, number_json
from service.simulator.paging import envelope
from service.simulator.rest import answer, create_rest_blueprint, not_found
from service.simulator.world import World

_NUMBERS = f"/{VERSION}/Accounts/<account>/IncomingPhoneNumbers"

_WRITABLE = {
    "FriendlyName": "friendly_name",
    "SmsUrl": "sms_url",
    "SmsMethod": "sms_method",
    "SmsFallbackUrl": "sms_fallback_url",
    "SmsFallbackMethod": "sms_fallback_method",
    "SmsApplicationSid": "sms_application_sid",
    "VoiceUrl": "voice_url",
    "VoiceMethod": "voice_method",
    "VoiceFallbackUrl": "voice_fallback_url",
    "VoiceFallbackMethod": "voice_fallback_method",
    "VoiceApplicationSid": "voice_application_sid",
    "StatusCallback": "status_callback",
    "StatusCallbackMethod": "status_callback_method",
    "TrunkSid": "trunk_sid",
}


def create_numbers_blueprint(world: World) -> Blueprint:
    """Return the routes below `/IncomingPhoneNumbers`."""
    blueprint = create_rest_blueprint(world, "numbers")

    @blueprint.get(f"{_NUMBERS}.json")
    def list_numbers() -> Response:
        pattern = request.args.get("PhoneNumber", "*")
        rows = [number for number in world.directory.numbers() if fnmatchcase(number.phone_number, pattern)]
        return answer(
            envelope(
                "incoming_phone_numbers",
                rows,
                number_json,
                path=request.path,
                arguments=request.args.to_dict(),
                token_of=lambda number: number.sid,
            )
        )

    @blueprint.get(f"{_NUMBERS}/<sid>.json")
    def fetch(sid: str) -> Response:
        return answer(number_json(_found(world, sid)))

    @blueprint.post(f"{_NUMBERS}/<sid>.json")
    def update(sid: str) -> Response:
        _found(world, sid)
        fields = {_WRITABLE[name]: value for name, value in request.form.items() if name in _WRITABLE}
        return answer(number_json(world.directory.change_number(sid, updated=world.clock.now(), **fields)))

    return blueprint


def _found(world: World, sid: str) -> OwnNumber:
    return world.directory.number(sid) or not_found()
