"""The signature that a webhook carries: HMAC-SHA1 over its address and its sorted form fields."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

Form = tuple[tuple[str, str], ...]


def signature(token: str, url: str, form: Iterable[tuple[str, str]] = ()) -> str:
    """Return the value of `X-Twilio-Signature`; `url` is exactly what is signed, `form` what is posted."""
    text = url + "".join(name + value for name, value in sorted(set(form)))
    digest = hmac.new(token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode("ascii")


def signed_address(url: str, *, voice: bool = False) -> str:
    """Return the part of a configured address that is signed: no fragment, no credentials.

    Twilio leaves an explicit port in place except for voice over HTTPS.
    """
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if voice and parts.scheme == "https":
        host = host.rpartition(":")[0] or host if _has_port(host) else host
    return urlunsplit((parts.scheme, host, parts.path, parts.query, ""))


def _has_port(host: str) -> bool:
    return host.rpartition(":")[2].isdigit() and not host.endswith("]")
