"""The account's own numbers and its Messaging Services: which webhook a text or a call to them goes to."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from service.simulator.message import VERSION, mail_date, new_sid


@dataclass(frozen=True, slots=True)
class OwnNumber:
    """A number of the account; an application or trunk sid makes its addresses count for nothing."""

    sid: str
    account_sid: str
    phone_number: str
    created: datetime
    updated: datetime
    friendly_name: str = ""
    sms_url: str = ""
    sms_method: str = "POST"
    sms_fallback_url: str = ""
    sms_fallback_method: str = "POST"
    sms_application_sid: str = ""
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"
    voice_application_sid: str = ""
    voice_caller_id_lookup: bool = False
    status_callback: str = ""
    status_callback_method: str = "POST"
    trunk_sid: str | None = None


@dataclass(frozen=True, slots=True)
class MessagingService:
    """A pool of senders; without an inbound address (and without the numbers' own) what comes in vanishes."""

    sid: str
    account_sid: str
    created: datetime
    updated: datetime
    friendly_name: str = "Clinic"
    inbound_request_url: str | None = None
    inbound_method: str = "POST"
    fallback_url: str | None = None
    fallback_method: str = "POST"
    status_callback: str | None = None
    use_inbound_webhook_on_number: bool = True
    validity_period: int = 36_000
    sticky_sender: bool = True
    smart_encoding: bool = True
    mms_converter: bool = True
    area_code_geomatch: bool = True
    usecase: str = "undeclared"
    senders: tuple[str, ...] = ()


class Directory:
    """All numbers and services of the account, by sid."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._numbers: dict[str, OwnNumber] = {}
        self._services: dict[str, MessagingService] = {}

    def add_number(self, account_sid: str, phone_number: str, now: datetime, **fields: Any) -> OwnNumber:
        """Give the account a number."""
        number = OwnNumber(new_sid("PN"), account_sid, phone_number, now, now, phone_number, **fields)
        with self._lock:
            self._numbers[number.sid] = number
        return number

    def add_service(self, sid: str, account_sid: str, now: datetime, **fields: Any) -> MessagingService:
        """Give the account a Messaging Service."""
        service = MessagingService(sid, account_sid, now, now, **fields)
        with self._lock:
            self._services[sid] = service
        return service

    def numbers(self) -> list[OwnNumber]:
        """Return the account's numbers in the order in which they came."""
        with self._lock:
            return list(self._numbers.values())

    def services(self) -> list[MessagingService]:
        """Return the account's services in the order in which they came."""
        with self._lock:
            return list(self._services.values())

    def number(self, sid: str) -> OwnNumber | None:
        """Return the number with this `PN…` sid."""
        with self._lock:
            return self._numbers.get(sid)

    def owned(self, phone_number: str | None) -> OwnNumber | None:
        """Return the account's number that is written so, or None where it is somebody else's."""
        return next((number for number in self.numbers() if number.phone_number == phone_number), None)

    def service(self, sid: str | None) -> MessagingService | None:
        """Return the service with this `MG…` sid."""
        with self._lock:
            return self._services.get(sid or "")

    def service_of(self, phone_number: str) -> MessagingService | None:
        """Return the service whose pool the number is in."""
        return next((service for service in self.services() if phone_number in service.senders), None)

    def change_number(self, sid: str, **fields: Any) -> OwnNumber:
        """Replace fields of a number that exists."""
        with self._lock:
            self._numbers[sid] = changed = replace(self._numbers[sid], **fields)
            return changed

    def change_service(self, sid: str, **fields: Any) -> MessagingService:
        """Replace fields of a service that exists."""
        with self._lock:
            self._services[sid] = changed = replace(self._services[sid], **fields)
            return changed


def number_json(number: OwnNumber) -> dict[str, object]:
    """Return what the REST API answers for a number of the account."""
    uri = f"/{VERSION}/Accounts/{number.account_sid}/IncomingPhoneNumbers/{number.sid}"
    return {
        "account_sid": number.account_sid,
        "address_requirements": "none",
        "address_sid": None,
        "api_version": VERSION,
        "beta": False,
        "bundle_sid": None,
        "capabilities": {"fax": False, "mms": True, "sms": True, "voice": True},
        "date_created": mail_date(number.created),
        "date_updated": mail_date(number.updated),
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        "emergency_status": "Inactive",
        "friendly_name": number.friendly_name,
        "identity_sid": None,
        "origin": "twilio",
        "phone_number": number.phone_number,
        "sid": number.sid,
        "sms_application_sid": number.sms_application_sid,
        "sms_fallback_method": number.sms_fallback_method,
        "sms_fallback_url": number.sms_fallback_url,
        "sms_method": number.sms_method,
        "sms_url": number.sms_url,
        "status": "in-use",
        "status_callback": number.status_callback,
        "status_callback_method": number.status_callback_method,
        "subresource_uris": {"assigned_add_ons": f"{uri}/AssignedAddOns.json"},
        "trunk_sid": number.trunk_sid,
        "type": "local",
        "uri": f"{uri}.json",
        "voice_application_sid": number.voice_application_sid,
        "voice_caller_id_lookup": number.voice_caller_id_lookup,
        "voice_fallback_method": number.voice_fallback_method,
        "voice_fallback_url": number.voice_fallback_url,
        "voice_method": number.voice_method,
        "voice_receive_mode": "voice",
        "voice_url": number.voice_url,
    }
