"""What ops and their monitors look at: /healthz says whether all is well and what to do, /metrics counts."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from service.web.context import the_deps
from service.web.guard import Guard, guarded
from service.web.metrics import scraped
from service.web.watch import watch

health = Blueprint("health", __name__)


@health.get("/healthz")
@guarded(Guard.OPEN)
def healthz() -> ResponseReturnValue:
    """Answer 200 where all is well, else 503 with a sentence for each fault."""
    seen = watch(the_deps())
    answer = jsonify(
        {
            "status": "late" if seen.faults else "ok",
            "faults": [{"what": fault.what, "sentence": fault.sentence} for fault in seen.faults],
            "clock_age_seconds": seen.clock_age,
            "oldest_page_age_seconds": seen.page_age,
            "oldest_unread_reply_age_seconds": seen.reply_age,
        }
    )
    return answer, 503 if seen.faults else 200


@health.get("/metrics")
@guarded(Guard.OPEN)
def metrics() -> ResponseReturnValue:
    """Answer a scrape by Prometheus."""
    return Response(scraped(), mimetype="text/plain; version=0.0.4")
