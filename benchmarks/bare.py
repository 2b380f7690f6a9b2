"""The bare handler that the webhook is measured beside: Flask, one row, one commit, the driver and pool of the service."""

from __future__ import annotations

import os

from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from sqlalchemy import create_engine, text

engine = create_engine(os.environ["DATABASE_URL"], pool_size=5, max_overflow=5)
app = Flask(__name__)
_INSERT = text("INSERT INTO bare (sid, sender, body) VALUES (:sid, :sender, :body)")


@app.post("/bare")
def take() -> ResponseReturnValue:
    """Keep the text in one row."""
    with engine.begin() as connection:
        row = {
            "sid": request.form["MessageSid"],
            "sender": request.form["From"],
            "body": request.form["Body"],
        }
        connection.execute(_INSERT, row)
    return Response("<Response/>", mimetype="text/xml")


@app.get("/")
def answers() -> ResponseReturnValue:
    """Tell that the process is up."""
    return Response(status=204)
