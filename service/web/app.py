"""`create_app`: the Flask application, wired from what it is handed."""

from __future__ import annotations

from flask import Flask

from service.web.site import Site
from service.workflows.deps import Deps


def create_app(deps: Deps, site: Site) -> Flask:
    """Return the application that gunicorn serves."""
    app = Flask(__name__)
    app.secret_key = site.secret_key
    app.extensions["dripline"] = (deps, site)
    return app
