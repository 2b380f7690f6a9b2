"""What Twilio calls: texts that came in, and reports on those that went out. Translate, call a use case, answer."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from service import logs
from service.carrier.inbound import Malformed, inbound_text, status_report
from service.carrier.twiml import nothing_to_say
from service.web.context import the_deps, the_inflow
from service.web.guard import Guard, guarded
from service.workflows.apply_status import apply_status

_log = logs.get(__name__)

webhooks = Blueprint("webhooks", __name__, url_prefix="/twilio")


@webhooks.post("/text")
@webhooks.post("/text/fallback")
@guarded(Guard.TWILIO)
def text() -> ResponseReturnValue:
    """Take a text in: store it, answer Twilio, and let it be read and answered.

    What fails before the text is stored answers 500, so that Twilio tries the fallback; after that nothing may:
    the text is safe, and the clock goes on where this stopped.
    """
    the_inflow().take(inbound_text(request.form))
    return Response(nothing_to_say(), mimetype="text/xml")


@webhooks.post("/status")
@guarded(Guard.TWILIO)
def status() -> ResponseReturnValue:
    """Take in what became of a message of ours; `m` in the address is our own reference to it."""
    apply_status(the_deps(), status_report(request.form, request.args.get("m", "")))
    return Response(status=204)


@webhooks.errorhandler(Malformed)
def malformed(error: Malformed) -> ResponseReturnValue:
    """Answer what Twilio would never send."""
    _log.warning("webhook.malformed", remedy=str(error))
    return Response(status=400)
