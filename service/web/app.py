"""`create_app`: the Flask application, wired from what it is handed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from flask import Flask
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from service.web.clinic_page import clinic_page
from service.web.context import attach
from service.web.demo import demo
from service.web.errors import set_error_pages
from service.web.escalation_page import escalation_pages
from service.web.guard import Guard, guarded, set_guards
from service.web.headers import set_headers
from service.web.health import health
from service.web.inflow import Inflow, follow_up_at_once
from service.web.infusion_page import infusion_pages
from service.web.metrics import attach_metrics
from service.web.patient_page import patient_pages
from service.web.people import people
from service.web.roster_calendars import roster_calendars
from service.web.roster_forms import roster_forms
from service.web.roster_page import roster_page
from service.web.signed_in import SignedIn, from_session
from service.web.signin import signin
from service.web.site import Site
from service.web.staff_page import staff_page
from service.web.voice import voice
from service.web.webhooks import webhooks
from service.web.worklist import worklist
from service.workflows.deps import Deps

_TEMPLATES: Final = Path(__file__).parents[2] / "templates" / "dashboard"
_SESSION: Final = timedelta(hours=12)
# Twilio's largest webhook and the longest note are far smaller.
_LARGEST_REQUEST: Final = 256 * 1024


def create_app(deps: Deps, site: Site, follow_up: Callable[[], None] | None = None) -> Flask:
    """Return the application that gunicorn serves; `follow_up` has stored replies read, at once where none is given.

    Raises:
        Unguarded: where a view does not name who may call it.
    """
    app = Flask(__name__, template_folder=str(_TEMPLATES))
    app.config.from_mapping(_settings(site))
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    attach(app.extensions, deps, site, Inflow(deps, follow_up or follow_up_at_once(deps)))
    attach_metrics(app.extensions, deps)
    _let_staff_in(app, deps)
    for pages in (
        health,
        signin,
        worklist,
        escalation_pages,
        people,
        patient_pages,
        infusion_pages,
        staff_page,
        roster_page,
        roster_forms,
        roster_calendars,
        clinic_page,
        webhooks,
        voice,
    ):
        app.register_blueprint(pages)
    if site.is_demo:
        app.register_blueprint(demo)
    app.view_functions["static"] = guarded(Guard.OPEN)(app.view_functions["static"])
    set_guards(app)
    set_error_pages(app)
    # Flask's own log quotes what exceptions say, which may be a patient's words; ours tells where they come from.
    app.logger.disabled = True
    set_headers(app, is_https=site.is_https)
    if site.is_https:
        # Plain HTTP reaches gunicorn through exactly one proxy, which names the caller last.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]  # Flask documents this assignment
    return app


def _settings(site: Site) -> dict[str, Any]:
    return {
        "SECRET_KEY": site.secret_key,
        "SESSION_COOKIE_NAME": "dripline",
        "SESSION_COOKIE_SECURE": site.is_https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": _SESSION,
        "MAX_CONTENT_LENGTH": _LARGEST_REQUEST,
        # A form's token lives as long as its session: an hour-old page must still take an escalation.
        "WTF_CSRF_TIME_LIMIT": None,
    }


def _let_staff_in(app: Flask, deps: Deps) -> None:
    # Without its context processor, so that no error page asks a database that may be gone.
    manager = LoginManager(app, add_context_processor=False)

    def load(kept: str) -> SignedIn | None:
        with deps.store.reading() as session:
            return from_session(session, kept)

    manager.user_loader(load)
    csrf = CSRFProtect(app)
    csrf.exempt(webhooks)
    csrf.exempt(voice)
    csrf.exempt(demo)
