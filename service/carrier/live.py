"""The live carrier: the only file that sends through the Twilio SDK."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from twilio.rest.api.v2010.account.message import MessageInstance

from service.carrier.gateway import Accepted, LoggedText, Outcome, OutgoingText, Refused, UnableToAsk, Unknown
from service.carrier.outcome import refusal

# Twilio's own queue holds a text for at most ten hours.
_LONGEST_VALIDITY = timedelta(hours=10)
# Newest first; a patient gets a few texts a day, so that this reaches back for months.
_MOST_TO_ONE_NUMBER = 300


class TwilioCarrier:
    """Sends from one number of one account. Calls time out: the SDK by itself would wait for ever."""

    def __init__(
        self,
        *,
        account_sid: str,
        username: str,
        password: str,
        sender: str,
        status_url: str,
        api_url: str,
        timeout: timedelta,
    ) -> None:
        http_client = TwilioHttpClient(timeout=timeout.total_seconds(), pool_connections=True)
        self._client = Client(username, password, account_sid=account_sid, http_client=http_client)
        if api_url:
            self._client.api.base_url = api_url.rstrip("/")
        self._sender = sender
        self._status_url = status_url

    def send_text(self, text: OutgoingText) -> Outcome:
        """Hand the text to Twilio; what is neither yes nor no is unknown, to be looked up before it is tried again."""
        validity = min(max(text.valid_for, timedelta(seconds=10)), _LONGEST_VALIDITY)
        try:
            message = self._client.messages.create(
                to=text.recipient,
                from_=self._sender,
                body=text.body,
                status_callback=f"{self._status_url}?m={text.reference}",
                validity_period=int(validity.total_seconds()),
            )
        except TwilioRestException as error:
            if error.status >= 500:
                return Unknown(f"Twilio answered {error.status}.")
            kind, reason = refusal(error.code, error.status)
            return Refused(error.code or None, kind, f"{reason[0].upper()}{reason[1:]}.")
        except (TwilioException, requests.RequestException, ValueError) as error:
            return Unknown(f"No answer from Twilio ({type(error).__name__}).")
        if not message.sid:
            return Unknown("Twilio's answer names no sid.")
        return Accepted(message.sid)

    def texts_to(self, recipient: str, since: datetime) -> Iterator[LoggedText]:
        """Yield Twilio's log of messages to the number since the instant.

        No date is asked for: a message that still waits has no DateSent, and a filter on it would hide just that one.
        """
        return self._log(since, to=recipient, limit=_MOST_TO_ONE_NUMBER)

    def texts_received(self, since: datetime) -> Iterator[LoggedText]:
        """Yield Twilio's log of messages to our own number since the instant; it has no filter for direction."""
        # Whole days: the documented form of the filter; what is older is left out on our side.
        midnight = since.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        received = self._log(since, to=self._sender, date_sent_after=midnight, page_size=200)
        return (text for text in received if text.direction == "inbound")

    def _log(self, since: datetime, **filters: Any) -> Iterator[LoggedText]:
        try:
            for message in self._client.messages.stream(**filters):
                logged = _logged(message)
                if logged.created_at >= since - timedelta(seconds=1):
                    yield logged
        except (TwilioException, requests.RequestException) as error:
            raise UnableToAsk(f"Twilio's message log could not be read ({type(error).__name__}).") from error


def _logged(message: MessageInstance) -> LoggedText:
    created = message.date_created or message.date_sent
    return LoggedText(
        sid=message.sid or "",
        direction=str(message.direction),
        sender=message.from_ or "",
        recipient=message.to or "",
        body=message.body or "",
        status=str(message.status),
        error_code=message.error_code,
        created_at=created if created is not None else datetime.fromtimestamp(0, UTC),
    )
