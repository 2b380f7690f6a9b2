"""Twilio's debugger over REST: the alerts, and lists as the newer APIs page them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from service.simulator.alerts import Alert
from service.simulator.paging import page_number, page_size
from service.simulator.rest import answer, create_rest_blueprint, not_found
from service.simulator.world import World

T = TypeVar("T")


def create_monitor_blueprint(world: World) -> Blueprint:
    """Return the routes below `/v1/Alerts`."""
    blueprint = create_rest_blueprint(world, "monitor")

    @blueprint.get("/v1/Alerts")
    def list_alerts() -> Response:
        level = request.args.get("LogLevel")
        since, until = request.args.get("StartDate", ""), request.args.get("EndDate", "9")
        rows = [
            alert
            for alert in world.alerts.newest_first()
            if level in (None, str(alert.level)) and since <= iso(alert.at) <= until + "~"
        ]
        return answer(meta_page("alerts", rows, lambda alert: _alert_json(world, alert)))

    @blueprint.get("/v1/Alerts/<sid>")
    def fetch(sid: str) -> Response:
        found = next((alert for alert in world.alerts.newest_first() if alert.sid == sid), None)
        alert = found or not_found()
        details = {
            "request_headers": None,
            "request_variables": urlencode(alert.form),
            "response_body": alert.answer,
            "response_headers": None,
        }
        return answer(_alert_json(world, alert) | details)

    return blueprint


def iso(moment: datetime) -> str:
    """Return the moment as the newer APIs write it, in UTC with `Z`."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def meta_page(key: str, rows: Sequence[T], as_json: Callable[[T], dict[str, object]]) -> dict[str, object]:
    """Return the page that the query asks for, with absolute addresses of its neighbours."""
    size, number = page_size(request.args.get("PageSize")), page_number(request.args.get("Page"))

    def address(page: int) -> str:
        return f"{request.base_url}?{urlencode({**request.args.to_dict(), 'PageSize': size, 'Page': page})}"

    return {
        key: [as_json(row) for row in rows[number * size : (number + 1) * size]],
        "meta": {
            "first_page_url": address(0),
            "key": key,
            "next_page_url": address(number + 1) if len(rows) > (number + 1) * size else None,
            "page": number,
            "page_size": size,
            "previous_page_url": address(number - 1) if number else None,
            "url": address(number),
        },
    }


def _alert_json(world: World, alert: Alert) -> dict[str, object]:
    return {
        "account_sid": world.settings.account_sid,
        "alert_text": alert.text,
        "api_version": None,
        "date_created": iso(alert.at),
        "date_generated": iso(alert.at),
        "date_updated": iso(alert.at),
        "error_code": str(alert.code),
        "log_level": str(alert.level),
        "more_info": f"https://www.twilio.com/docs/errors/{alert.code}",
        "request_method": alert.method,
        "request_url": alert.url,
        "resource_sid": alert.subject,
        "service_sid": None,
        "sid": alert.sid,
        "url": f"{request.host_url}v1/Alerts/{alert.sid}",
    }
