"""The headers of every answer: nothing from elsewhere may run or be loaded, and no browser keeps a page."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response

_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Forms over HTTPS are checked for the page that they came from, so it must be told to ourselves.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


def set_headers(app: Flask, *, is_https: bool) -> None:
    """Put the headers on every answer."""

    def add(response: Response) -> Response:
        response.headers.extend(_HEADERS)
        # Style sheets and the roster's feed say themselves how long they are good for.
        response.headers.setdefault("Cache-Control", "no-store")
        if is_https:
            response.headers["Strict-Transport-Security"] = "max-age=31536000"
        return response

    app.after_request(add)
