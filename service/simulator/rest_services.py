"""Messaging Services over REST: list, fetch, configure, and the numbers in their pools."""

from __future__ import annotations

from flask import Blueprint, Response, request

from service.simulator.numbers import MessagingService, OwnNumber
from service.simulator.rest import answer, create_rest_blueprint, not_found
from service.simulator.rest_monitor import iso, meta_page
from service.simulator.world import World

_TEXTS = {
    "FriendlyName": "friendly_name",
    "InboundRequestUrl": "inbound_request_url",
    "InboundMethod": "inbound_method",
    "FallbackUrl": "fallback_url",
    "FallbackMethod": "fallback_method",
    "StatusCallback": "status_callback",
    "Usecase": "usecase",
}
_SWITCHES = {
    "StickySender": "sticky_sender",
    "SmartEncoding": "smart_encoding",
    "MmsConverter": "mms_converter",
    "AreaCodeGeomatch": "area_code_geomatch",
    "UseInboundWebhookOnNumber": "use_inbound_webhook_on_number",
}


def create_services_blueprint(world: World) -> Blueprint:
    """Return the routes below `/v1/Services`."""
    blueprint = create_rest_blueprint(world, "services")

    @blueprint.get("/v1/Services")
    def list_services() -> Response:
        return answer(meta_page("services", world.directory.services(), _service_json))

    @blueprint.get("/v1/Services/<sid>")
    def fetch(sid: str) -> Response:
        return answer(_service_json(_found(world, sid)))

    @blueprint.post("/v1/Services/<sid>")
    def update(sid: str) -> Response:
        _found(world, sid)
        changed = world.directory.change_service(sid, updated=world.clock.now(), **_fields())
        return answer(_service_json(changed))

    @blueprint.get("/v1/Services/<sid>/PhoneNumbers")
    def pool(sid: str) -> Response:
        service = _found(world, sid)
        rows = [number for number in world.directory.numbers() if number.phone_number in service.senders]
        return answer(meta_page("phone_numbers", rows, lambda number: _sender_json(service, number)))

    return blueprint


def _found(world: World, sid: str) -> MessagingService:
    return world.directory.service(sid) or not_found()


def _fields() -> dict[str, object]:
    """Return what the form sets; an empty address is none."""
    form = request.form
    fields: dict[str, object] = {
        _TEXTS[name]: value or None for name, value in form.items() if name in _TEXTS
    }
    fields |= {_SWITCHES[name]: value == "true" for name, value in form.items() if name in _SWITCHES}
    if form.get("ValidityPeriod", "").isdigit():
        fields["validity_period"] = int(form["ValidityPeriod"])
    return fields


def _service_json(service: MessagingService) -> dict[str, object]:
    url = f"{request.host_url}v1/Services/{service.sid}"
    return {
        "account_sid": service.account_sid,
        "area_code_geomatch": service.area_code_geomatch,
        "date_created": iso(service.created),
        "date_updated": iso(service.updated),
        "fallback_method": service.fallback_method,
        "fallback_to_long_code": False,
        "fallback_url": service.fallback_url,
        "friendly_name": service.friendly_name,
        "inbound_method": service.inbound_method,
        "inbound_request_url": service.inbound_request_url,
        "links": {"phone_numbers": f"{url}/PhoneNumbers"},
        "mms_converter": service.mms_converter,
        "scan_message_content": "inherit",
        "sid": service.sid,
        "smart_encoding": service.smart_encoding,
        "status_callback": service.status_callback,
        "sticky_sender": service.sticky_sender,
        "synchronous_validation": False,
        "url": url,
        "us_app_to_person_registered": True,
        "use_inbound_webhook_on_number": service.use_inbound_webhook_on_number,
        "usecase": service.usecase,
        "validity_period": service.validity_period,
    }


def _sender_json(service: MessagingService, number: OwnNumber) -> dict[str, object]:
    return {
        "account_sid": service.account_sid,
        "capabilities": ["SMS", "MMS", "Voice"],
        "country_code": "US",
        "date_created": iso(number.created),
        "date_updated": iso(number.updated),
        "phone_number": number.phone_number,
        "service_sid": service.sid,
        "sid": number.sid,
        "url": f"{request.host_url}v1/Services/{service.sid}/PhoneNumbers/{number.sid}",
    }
