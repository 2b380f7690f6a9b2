"""Pages for what goes wrong, each with a sentence that says what to do; they ask the database nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flask import Flask, render_template, request
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from service import logs
from service.web.views import ErrorPage

_log = logs.get(__name__)

_PAGES: Final[Mapping[int, ErrorPage]] = {
    400: ErrorPage("This can't be read", "What the browser sent is incomplete. Go back and try again."),
    403: ErrorPage("Not for you", "Your account may not see this page. Ask your administrator."),
    404: ErrorPage("Not here", "There is no such page, or what it showed is gone. Go back to the worklist."),
    405: ErrorPage("Not this way", "This address takes no such request. Go back to the worklist."),
    413: ErrorPage("Too much", "What was sent is too long. Shorten it and try again."),
    429: ErrorPage("Too many tries", "Wait a minute, then sign in again."),
}
_OLD_FORM: Final = ErrorPage(
    "This form is out of date",
    "You have signed in or out since it was opened. Go back, reload the page, and send it again.",
)
_BROKEN: Final = ErrorPage(
    "Something broke here",
    "It is our fault and has been logged. Try again; if a patient is waiting, call them now, and tell ops.",
)


def set_error_pages(app: Flask) -> None:
    """Answer every error with a page of ours."""
    app.register_error_handler(CSRFError, _old_form)
    app.register_error_handler(HTTPException, _told)
    app.register_error_handler(Exception, _broken)


def _old_form(_: Exception) -> ResponseReturnValue:
    return render_template("error.html", view=_OLD_FORM, shell=None), 400


def _told(error: Exception) -> ResponseReturnValue:
    assert isinstance(error, HTTPException)
    code = error.code or 500
    if code < 400:
        return error.get_response()
    page = _PAGES.get(code, _PAGES[400] if code < 500 else _BROKEN)
    return render_template("error.html", view=page, shell=None), code


def _broken(error: Exception) -> ResponseReturnValue:
    _log.error("web.failed", route=str(request.url_rule), exc_info=error)
    return render_template("error.html", view=_BROKEN, shell=None), 500
