"""The demo's doors, which no deployment has: the handsets' page asks us here to skip ahead in time."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from service.web.context import the_site
from service.web.guard import Guard, guarded

demo = Blueprint("demo", __name__, url_prefix="/demo")


@demo.post("/skip")
@guarded(Guard.DEMO)
def skip() -> ResponseReturnValue:
    """Move the demo's clock to the next moment at which something falls due."""
    skip_ahead = the_site().skip_ahead
    if skip_ahead is None:
        return jsonify({"error": "This demo's clock can't be moved: DEMO_CLOCK_FILE is not set."}), 409
    skipped = skip_ahead()
    return jsonify(
        {"now": skipped.now.isoformat(), "skipped_seconds": skipped.skipped_seconds, "what": skipped.what}
    )
