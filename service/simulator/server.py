"""The simulator's own web server: threads, kept connections, and silence on the terminal."""

from __future__ import annotations

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server


class _Handler(WSGIRequestHandler):
    """Keeps connections open as Twilio does, and logs nothing: request lines hold phone numbers."""

    protocol_version = "HTTP/1.1"
    # Headers and body leave in two writes; without this the second one waits for the first one's receipt.
    disable_nagle_algorithm = True

    def log(self, type: str, message: str, *args: object) -> None:
        return


def create_server(app: Flask, host: str, port: int) -> BaseWSGIServer:
    """Return a server that listens already; port 0 takes a free one (`.server_port`). Raises OSError."""
    return make_server(host, port, app, threaded=True, request_handler=_Handler)
