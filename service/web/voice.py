"""What Twilio calls about phone calls: what to say next, and what became of them. Translate, call a use case, answer."""

from __future__ import annotations

from functools import partial

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from service import logs
from service.carrier.inbound import Malformed, call_report, heard_turn, inbound_call
from service.carrier.twiml import call_document
from service.web.context import the_deps
from service.web.guard import Guard, guarded
from service.web.inflow import deliver_what_follows
from service.workflows.calls.colleague import ask_colleague, connect_colleague
from service.workflows.calls.inbound import take_call_in
from service.workflows.calls.reports import apply_call_report
from service.workflows.calls.speaking import apology
from service.workflows.calls.turns import answer_call, take_turn

_log = logs.get(__name__)

voice = Blueprint("voice", __name__, url_prefix="/twilio")


@voice.post("/voice")
@voice.post("/voice/fallback")
@guarded(Guard.TWILIO)
def called_in() -> ResponseReturnValue:
    """Answer somebody who calls the clinic's number."""
    return _said(take_call_in(the_deps(), inbound_call(request.form)))


@voice.post("/voice/end")
@guarded(Guard.TWILIO)
def end() -> ResponseReturnValue:
    """End a call that we had to apologise on, once all of it has been said."""
    return _xml(call_document((), None))


@voice.post("/calls/<reference>/answered")
@guarded(Guard.TWILIO)
def answered(reference: str) -> ResponseReturnValue:
    """Begin a call of ours that somebody, or a machine, has answered."""
    return _said(answer_call(the_deps(), call_report(request.form, reference)))


@voice.post("/calls/<reference>/turns/<int:step>")
@guarded(Guard.TWILIO)
def turn(reference: str, step: int) -> ResponseReturnValue:
    """Go on with a call: what was heard at this step, and what is said to it."""
    return _said(take_turn(the_deps(), reference, step, heard_turn(request.form)))


@voice.post("/calls/<reference>/colleagues/<int:staff_id>")
@guarded(Guard.TWILIO)
def colleague(reference: str, staff_id: int) -> ResponseReturnValue:
    """Tell a colleague whose phone we rang that a caller waits, and ask for a key."""
    return _xml(ask_colleague(the_deps(), reference, staff_id))


@voice.post("/calls/<reference>/colleagues/<int:staff_id>/key")
@guarded(Guard.TWILIO)
def colleague_pressed(reference: str, staff_id: int) -> ResponseReturnValue:
    """Connect the colleague who pressed the key, and let go whoever did not."""
    return _said(connect_colleague(the_deps(), reference, staff_id, heard_turn(request.form)))


@voice.post("/calls/<reference>/status")
@voice.post("/voice/status", defaults={"reference": ""})
@guarded(Guard.TWILIO)
def status(reference: str) -> ResponseReturnValue:
    """Take in what became of a call; of those that came in Twilio tells only the sid."""
    apply_call_report(the_deps(), call_report(request.form, reference))
    answer = Response(status=204)
    answer.call_on_close(partial(deliver_what_follows, the_deps()))
    return answer


@voice.errorhandler(Malformed)
def malformed(error: Malformed) -> ResponseReturnValue:
    """Answer what Twilio would never send."""
    _log.warning("webhook.malformed", remedy=str(error))
    return Response(status=400)


@voice.errorhandler(Exception)
def failed(error: Exception) -> ResponseReturnValue:
    """Say where help is rather than let Twilio say that the application has failed; the clock settles the call."""
    _log.error("call.failed", route=str(request.url_rule), exc_info=error, remedy="See docs/runbook.md.")
    return _xml(apology(the_deps()))


def _said(document: str) -> Response:
    answer = _xml(document)
    # A red flag said on the phone pages at once, while the safety line is spoken.
    answer.call_on_close(partial(deliver_what_follows, the_deps()))
    return answer


def _xml(document: str) -> Response:
    return Response(document, mimetype="text/xml")
