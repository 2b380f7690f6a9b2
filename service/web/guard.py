"""Who may call a route: every view names its guard, and a view without one keeps the application from starting."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar, cast

from flask import Flask, Response, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from service import logs
from service.carrier.signature import is_signed
from service.web.context import the_deps, the_member, the_site
from service.web.feed import owner_of
from service.web.metrics import the_metrics

_log = logs.get(__name__)

View = TypeVar("View", bound=Callable[..., object])


class Guard(StrEnum):
    """Who a route is for."""

    TWILIO = "twilio"
    """Webhooks: signed by Twilio over the public address, from our own account."""
    STAFF = "staff"
    """Pages: somebody is signed in. Forms carry a token besides (CSRF)."""
    ADMIN = "admin"
    """What changes the clinic, its staff and its roster: somebody is signed in who is an admin."""
    FEED = "feed"
    """Calendar programs, which can't sign in: the address holds its owner's token."""
    DEMO = "demo"
    """Doors that exist in the demo alone."""
    OPEN = "open"
    """Everyone: signing in, health, style sheets. Nothing private."""


def guarded(guard: Guard) -> Callable[[View], View]:
    """Name the guard of a view."""

    def name_it(view: View) -> View:
        view.guard = guard  # type: ignore[attr-defined]  # functions carry what is written on them
        return view

    return name_it


def guard_of(view: object) -> Guard | None:
    """Return the guard that a view names, or None."""
    return getattr(view, "guard", None)


class Unguarded(Exception):
    """A view names no guard, so nobody can know who may call it; put @guarded(…) on it."""


def set_guards(app: Flask) -> None:
    """Let every request meet the guard of its view.

    Raises:
        Unguarded: where a view names none.
    """
    for endpoint, view in app.view_functions.items():
        if guard_of(view) is None:
            raise Unguarded(f"{endpoint}: {Unguarded.__doc__}")
    app.before_request(_meet_the_guard)


def _meet_the_guard() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    guard = cast(Guard, guard_of(current_app.view_functions[request.endpoint]))
    return _CHECKS[guard]()


def _signed_by_twilio() -> ResponseReturnValue | None:
    site = the_site()
    signed = is_signed(
        public_base_url=site.public_base_url,
        raw_path=_raw_path(),
        form=request.form,
        signature=request.headers.get("X-Twilio-Signature", ""),
        tokens=site.auth_tokens,
    )
    if not signed:
        return _refused("signature")
    if request.form.get("AccountSid") != site.account_sid:
        return _refused("account")
    return None


def _raw_path() -> str:
    """Return path and query as they came over the wire: gunicorn keeps them as RAW_URI, other servers as REQUEST_URI."""
    raw: str = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI") or request.full_path
    return raw


def _refused(why: str) -> ResponseReturnValue:
    the_metrics().webhooks_refused.labels(why=why).inc()
    _log.warning("webhook.refused", why=why, route=str(request.url_rule))
    return Response(status=403)


def _is_staff() -> ResponseReturnValue | None:
    if the_member() is not None:
        return None
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("signin.sign_in", wanted=None if wanted == "/" else wanted))


def _is_admin() -> ResponseReturnValue | None:
    member = the_member()
    if member is not None and not member.is_admin:
        abort(403)
    return _is_staff()


def _is_demo() -> ResponseReturnValue | None:
    return None if the_site().is_demo else Response(status=404)


def _has_a_token() -> ResponseReturnValue | None:
    token = (request.view_args or {}).get("token", "")
    with the_deps().store.reading() as session:
        owner = owner_of(session, token, the_site().secret_key)
    return None if owner is not None else abort(404)


def _everyone() -> ResponseReturnValue | None:
    return None


_CHECKS: Mapping[Guard, Callable[[], ResponseReturnValue | None]] = {
    Guard.TWILIO: _signed_by_twilio,
    Guard.STAFF: _is_staff,
    Guard.ADMIN: _is_admin,
    Guard.FEED: _has_a_token,
    Guard.DEMO: _is_demo,
    Guard.OPEN: _everyone,
}
