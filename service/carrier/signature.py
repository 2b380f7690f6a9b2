"""Whether a webhook comes from Twilio: its signature over the public address exactly as Twilio called it."""

from __future__ import annotations

from collections.abc import Mapping

from twilio.request_validator import RequestValidator


def is_signed(
    *, public_base_url: str, raw_path: str, form: Mapping[str, str], signature: str, tokens: tuple[str, ...]
) -> bool:
    """Return whether the signature is right under one of the tokens (two, while one is being rotated).

    `raw_path` is the path and query as they came over the wire, still percent-encoded: a decoded URL fails for real ones.
    """
    url = public_base_url + raw_path
    return any(RequestValidator(token).validate(url, form, signature) for token in tokens)
