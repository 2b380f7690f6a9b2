"""The account's own settings at Twilio, read and set: what its console shows for our number and its Messaging Service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import requests
from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from service.carrier.addresses import SERVICE_SETTINGS, Wanted
from service.carrier.gateway import UnableToAsk


@dataclass(frozen=True, slots=True)
class Found:
    """A number (`PN…`) or Messaging Service (`MG…`) as the account has it: its settings by the SDK's names."""

    sid: str
    settings: Mapping[str, str]


class NotOurs(Exception):
    """The account has no such number: compare TWILIO_FROM_NUMBER with the account's numbers in Twilio's console."""


class TwilioConsole:
    """Reads and sets how one account treats one number. Each request times out."""

    def __init__(
        self,
        *,
        account_sid: str,
        username: str,
        password: str,
        api_url: str,
        timeout: timedelta,
    ) -> None:
        http_client = TwilioHttpClient(timeout=timeout.total_seconds())
        self._client = Client(username, password, account_sid=account_sid, http_client=http_client)
        if api_url:
            self._client.api.base_url = self._client.messaging.base_url = api_url.rstrip("/")

    def number(self, phone_number: str, wanted: Wanted) -> Found:
        """Return what the account has set for the number, of the settings that are wanted.

        Raises:
            NotOurs: where the account has no such number.
            UnableToAsk: where Twilio does not tell.
        """
        try:
            numbers = self._client.incoming_phone_numbers.list(phone_number=phone_number, limit=1)
        except (TwilioException, requests.RequestException) as error:
            raise _unable(error) from error
        for number in numbers:
            return Found(number.sid or "", {name: getattr(number, name) or "" for name in wanted})
        raise NotOurs(f"{phone_number}: {NotOurs.__doc__}")

    def service_of(self, number_sid: str) -> Found | None:
        """Return the Messaging Service whose pool the number is in, or None.

        Raises:
            UnableToAsk: where Twilio does not tell.
        """
        try:
            for service in self._client.messaging.v1.services.list():
                if any(member.sid == number_sid for member in service.phone_numbers.list()):
                    found = {name: _written(getattr(service, name)) for name in SERVICE_SETTINGS}
                    return Found(service.sid or "", found)
        except (TwilioException, requests.RequestException) as error:
            raise _unable(error) from error
        return None

    def set_number(self, sid: str, settings: Wanted) -> None:
        """Set these settings of the number; raises `UnableToAsk` where Twilio does not take them."""
        try:
            self._client.incoming_phone_numbers(sid).update(**settings)
        except (TwilioException, requests.RequestException) as error:
            raise _unable(error) from error

    def let_number_decide(self, service_sid: str) -> None:
        """Let the Messaging Service leave it to each number where its texts go; raises `UnableToAsk`."""
        try:
            self._client.messaging.v1.services(service_sid).update(use_inbound_webhook_on_number=True)
        except (TwilioException, requests.RequestException) as error:
            raise _unable(error) from error


def _written(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def _unable(error: Exception) -> UnableToAsk:
    return UnableToAsk(f"Twilio's settings could not be read or set ({error}).")
