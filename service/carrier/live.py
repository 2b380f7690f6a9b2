"""The live carrier: the only file that sends through the Twilio SDK."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from twilio.rest.api.v2010.account.call import CallInstance
from twilio.rest.api.v2010.account.message import MessageInstance

from service.carrier.gateway import (
    Accepted,
    LoggedCall,
    LoggedText,
    Outcome,
    OutgoingCall,
    OutgoingText,
    Refused,
    UnableToAsk,
    Unknown,
)
from service.carrier.line import Line
from service.carrier.outcome import refusal

# Twilio's own queue holds a text for at most ten hours.
_LONGEST_VALIDITY = timedelta(hours=10)
# Newest first; a patient gets a few texts a day, so that this reaches back for months.
_MOST_TO_ONE_NUMBER = 300
# Four rings or so: a phone that rings longer is not at hand, and most voicemails have answered by then.
_RINGS_FOR = timedelta(seconds=25)
# Nobody talks to us for longer; it ends a call that some fault keeps open.
_LONGEST_CALL = timedelta(minutes=15)
_CALL_EVENTS = ["initiated", "ringing", "answered", "completed"]


class TwilioCarrier:
    """Sends and calls from one number of one account. Requests time out: the SDK by itself would wait for ever.

    `webhooks_url` is the public address below which Twilio asks what to say and reports what became of it.
    """

    def __init__(
        self,
        *,
        account_sid: str,
        username: str,
        password: str,
        sender: str,
        webhooks_url: str,
        api_url: str,
        timeout: timedelta,
    ) -> None:
        http_client = TwilioHttpClient(timeout=timeout.total_seconds())
        http_client.session = Line()
        self._client = Client(username, password, account_sid=account_sid, http_client=http_client)
        if api_url:
            self._client.api.base_url = api_url.rstrip("/")
        self._sender = sender
        self._webhooks_url = webhooks_url

    def send_text(self, text: OutgoingText) -> Outcome:
        """Hand the text to Twilio; what is neither yes nor no is unknown, to be looked up before it is tried again."""
        validity = min(max(text.valid_for, timedelta(seconds=10)), _LONGEST_VALIDITY)
        return _outcome_of(
            lambda: self._client.messages.create(
                to=text.recipient,
                from_=self._sender,
                body=text.body,
                status_callback=f"{self._webhooks_url}/status?m={text.reference}",
                validity_period=int(validity.total_seconds()),
            )
        )

    def place_call(self, call: OutgoingCall) -> Outcome:
        """Let Twilio ring the phone, tell a person from a machine, and then ask us what to say."""
        here = f"{self._webhooks_url}/calls/{call.reference}"
        return _outcome_of(
            lambda: self._client.calls.create(
                to=call.recipient,
                from_=self._sender,
                url=f"{here}/answered",
                method="POST",
                status_callback=f"{here}/status",
                status_callback_method="POST",
                status_callback_event=_CALL_EVENTS,
                machine_detection="DetectMessageEnd",
                timeout=int(_RINGS_FOR.total_seconds()),
                time_limit=int(_LONGEST_CALL.total_seconds()),
            )
        )

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

    def text_named(self, sid: str) -> LoggedText:
        """Return what Twilio knows of one message."""
        try:
            return _logged(self._client.messages(sid).fetch())
        except (TwilioException, requests.RequestException) as error:
            raise UnableToAsk(f"Twilio could not be asked for a message ({type(error).__name__}).") from error

    def _log(self, since: datetime, **filters: Any) -> Iterator[LoggedText]:
        try:
            for message in self._client.messages.stream(**filters):
                logged = _logged(message)
                if logged.created_at >= since - timedelta(seconds=1):
                    yield logged
        except (TwilioException, requests.RequestException) as error:
            raise UnableToAsk(f"Twilio's message log could not be read ({type(error).__name__}).") from error

    def calls_to(self, recipient: str, since: datetime) -> Iterator[LoggedCall]:
        """Yield Twilio's log of calls to the number since the instant; one still queued has no start to filter by."""
        return self._calls(since, to=recipient, limit=_MOST_TO_ONE_NUMBER)

    def calls_received(self, since: datetime) -> Iterator[LoggedCall]:
        """Yield Twilio's log of calls to our own number since the instant."""
        received = self._calls(since, to=self._sender, page_size=200)
        return (call for call in received if call.direction == "inbound")

    def call_named(self, sid: str) -> LoggedCall:
        """Return what Twilio knows of one call."""
        try:
            return _logged_call(self._client.calls(sid).fetch())
        except (TwilioException, requests.RequestException) as error:
            raise UnableToAsk(f"Twilio could not be asked for a call ({type(error).__name__}).") from error

    def _calls(self, since: datetime, **filters: Any) -> Iterator[LoggedCall]:
        try:
            for call in self._client.calls.stream(**filters):
                logged = _logged_call(call)
                # Newest first: what follows is older still.
                if logged.created_at < since - timedelta(seconds=1):
                    return
                yield logged
        except (TwilioException, requests.RequestException) as error:
            raise UnableToAsk(f"Twilio's log of calls could not be read ({type(error).__name__}).") from error


def _outcome_of(create: Callable[[], MessageInstance | CallInstance]) -> Outcome:
    try:
        created = create()
    except TwilioRestException as error:
        if error.status >= 500:
            return Unknown(f"Twilio answered {error.status}.")
        kind, reason = refusal(error.code, error.status)
        return Refused(error.code or None, kind, f"{reason[0].upper()}{reason[1:]}.")
    except (TwilioException, requests.RequestException, ValueError) as error:
        return Unknown(f"No answer from Twilio ({type(error).__name__}).")
    if not created.sid:
        return Unknown("Twilio's answer names no sid.")
    return Accepted(created.sid)


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


def _logged_call(call: CallInstance) -> LoggedCall:
    created = call.date_created or call.start_time
    return LoggedCall(
        sid=call.sid or "",
        direction=str(call.direction),
        # The SDK keeps a call's caller, unlike a text's sender, in an attribute without a public name.
        caller=call._from or "",
        recipient=call.to or "",
        status=str(call.status),
        answered_by=call.answered_by or "",
        duration=int(call.duration) if call.duration else None,
        created_at=created if created is not None else datetime.fromtimestamp(0, UTC),
    )
