"""What the REST API answers instead of what was asked: error codes with HTTP status and sentence."""

from __future__ import annotations

from typing import Final

_KNOWN: Final[dict[int, tuple[int, str]]] = {
    20001: (400, "The value of a parameter can't be read"),
    20003: (401, "Authenticate"),
    20009: (409, "Cannot delete because delivery of message has not been completed."),
    20404: (404, "The requested resource was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "An internal server error has occurred"),
    20503: (503, "Service is unavailable. Please try again"),
    21201: (400, "No 'To' number is specified"),
    21205: (400, "Url is not a valid URL"),
    21210: (400, "The source phone number provided is not yet verified for your account"),
    21211: (400, "Invalid 'To' Phone Number"),
    21212: (400, "Invalid 'From' Number"),
    21213: (400, "No 'From' number is specified"),
    21214: (400, "'To' number cannot be reached"),
    21215: (400, "Account not authorized to call this number: geographic permissions"),
    21216: (400, "Account not allowed to call this number"),
    21217: (400, "Phone number does not appear to be valid"),
    21218: (400, "Invalid ApplicationSid"),
    21220: (400, "Call is not in-progress. Cannot redirect."),
    21266: (400, "'To' and 'From' number cannot be the same"),
    21408: (
        400,
        "Permission to send an SMS has not been enabled for the region indicated by the 'To' number",
    ),
    21602: (400, "Message body is required"),
    21603: (400, "A 'From' phone number is required"),
    21604: (400, "A 'To' phone number is required"),
    21606: (400, "The 'From' phone number provided is not a valid message-capable Twilio phone number"),
    21609: (400, "The 'StatusCallback' URL is not a valid URL"),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (400, "This 'From' number has exceeded the maximum number of queued messages"),
    21612: (400, "Message cannot be sent with the current combination of 'To' and 'From' parameters"),
    21614: (400, "'To' number is not a valid mobile number"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit"),
    21620: (400, "Invalid media URL(s)"),
    21701: (400, "The Messaging Service does not exist"),
    30001: (400, "Queue overflow"),
    30409: (409, "Message cannot be canceled: it is no longer scheduled"),
    32018: (400, "Twiml is longer than 4000 characters"),
    35114: (400, "SendAt must be between 15 minutes and 35 days from now"),
    35118: (400, "MessagingServiceSid is required to schedule a message"),
}


class RefusedError(Exception):
    """A request that Twilio does not carry out."""

    def __init__(self, code: int, sentence: str = "") -> None:
        self.code = code
        self.status, known = _KNOWN[code]
        self.sentence = sentence or known
        super().__init__(self.sentence)

    def as_json(self) -> dict[str, object]:
        """Return the body of the answer."""
        return {
            "code": self.code,
            "message": self.sentence,
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": self.status,
        }
