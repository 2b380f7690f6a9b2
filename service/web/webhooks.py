"""What Twilio calls: texts that came in, and reports on those that went out. Translate, call a use case, answer."""

from __future__ import annotations

import time
from functools import partial

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from service import logs
from service.carrier.inbound import Malformed, inbound_text, status_report
from service.carrier.twiml import nothing_to_say
from service.web.context import the_deps
from service.web.guard import Guard, guarded
from service.workflows.apply_status import apply_status
from service.workflows.deliver_outbox import deliver_next
from service.workflows.deps import Deps
from service.workflows.read_inbox import read_next
from service.workflows.receive import store_text

_log = logs.get(__name__)

webhooks = Blueprint("webhooks", __name__, url_prefix="/twilio")

# What one reply leads to is two or three messages; a backlog is the clock's work.
_MOST_DELIVERIES = 10
# A Twilio that is slow must not hold the threads that patients' replies come in by, nor a process that is to end.
_LONGEST_DELIVERY_SECONDS = 1.0


@webhooks.post("/text")
@webhooks.post("/text/fallback")
@guarded(Guard.TWILIO)
def text() -> ResponseReturnValue:
    """Take a text in: store it, read it, answer Twilio, and then let what follows from it leave.

    What fails before the text is stored answers 500, so that Twilio tries the fallback; after that nothing may:
    the text is safe, and the clock goes on where this stopped.
    """
    deps = the_deps()
    message_id = store_text(deps, inbound_text(request.form), request.form.to_dict())
    if message_id is not None:
        _read(deps, message_id)
    answer = Response(nothing_to_say(), mimetype="text/xml")
    answer.call_on_close(partial(deliver_what_follows, deps))
    return answer


def _read(deps: Deps, message_id: int) -> None:
    try:
        read_next(deps, message_id)
    except Exception as error:  # noqa: BLE001 -- the reply is stored, and the clock reads it again
        _log.error(
            "webhook.not_read", message_id=message_id, exc_info=error, remedy="The clock reads it again."
        )


def deliver_what_follows(deps: Deps) -> None:
    """Let what has just been decided leave at once, as long as that takes no time from the next request."""
    patience = time.monotonic() + _LONGEST_DELIVERY_SECONDS
    try:
        for _ in range(_MOST_DELIVERIES):
            if time.monotonic() > patience or not deliver_next(deps):
                return
    except Exception as error:  # noqa: BLE001 -- the answer to Twilio has left, and the clock delivers the rest
        _log.error("webhook.not_delivered", exc_info=error, remedy="The clock delivers it.")


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
