"""What patients text in a benchmark, as Twilio would send it to the webhook: signed, and each with a sid of its own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
from collections.abc import Iterator
from urllib.parse import urlencode

from benchmarks.clinic import CLINIC_NUMBER, TOKEN, phone_numbers
from benchmarks.load import post
from service.bootstrap import DEMO_ACCOUNT_SID

Text = tuple[str, str, str]

# Of fifty replies forty are well, six name something mild, three ask for a person and one is in trouble.
_WELL = (
    "1",
    "good",
    "I'm fine thanks",
    "doing well, slept ok",
    "no problems at all",
    "all ok 0",
    "fine",
    "0",
)
_MILD = ("a bit nauseous since last night", "mild headache, 2 of 10", "tired and a little dizzy")
_ASKS = ("please call me", "can the nurse call me back", "when can I drive again?")
_IN_TROUBLE = ("I have chest pain and can't breathe",)


def signed_replies(port: int, patients: int) -> Iterator[bytes]:
    """Yield requests to the webhook without end."""
    return (_reply(port, text) for text in _texts(patients))


def unsigned_rows(patients: int) -> Iterator[bytes]:
    """Yield the same texts as requests to the bare handler."""
    return (post("/bare", _form(text)) for text in _texts(patients))


def _texts(patients: int) -> Iterator[Text]:
    """Yield sid, sender and words of one reply after another; each patient writes before one writes again."""
    kinds = [_WELL] * 40 + [_MILD] * 6 + [_ASKS] * 3 + [_IN_TROUBLE]
    for place, phone in enumerate(itertools.cycle(phone_numbers(patients))):
        # Seven has nothing in common with fifty: the kinds come mixed.
        kind = kinds[place * 7 % len(kinds)]
        yield f"SM{place:032x}", phone, kind[place % len(kind)]


def _fields(text: Text) -> dict[str, str]:
    sid, sender, words = text
    named = {"MessageSid": sid, "SmsSid": sid, "SmsMessageSid": sid, "From": sender, "To": CLINIC_NUMBER}
    place = {"FromCity": "CHICAGO", "FromState": "IL", "FromZip": "60601", "FromCountry": "US"}
    rest = {"NumMedia": "0", "NumSegments": "1", "SmsStatus": "received", "ApiVersion": "2010-04-01"}
    return {**named, **place, **rest, "AccountSid": DEMO_ACCOUNT_SID, "Body": words}


def _form(text: Text) -> bytes:
    return urlencode(_fields(text)).encode()


def _reply(port: int, text: Text) -> bytes:
    fields, path = _fields(text), "/twilio/text"
    signed = f"http://127.0.0.1:{port}{path}" + "".join(key + fields[key] for key in sorted(fields))
    digest = hmac.new(TOKEN.encode(), signed.encode(), hashlib.sha1).digest()
    return post(path, _form(text), f"X-Twilio-Signature: {base64.b64encode(digest).decode()}\r\n")
