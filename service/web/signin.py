"""Signing in and out: a name, a password, at most ten tries a minute from one address."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_user, logout_user

from service import logs
from service.store import audit, staff
from service.store.sign_in_tries import may_try
from service.store.staff import Staff
from service.web.context import the_deps, the_member
from service.web.guard import Guard, guarded
from service.web.metrics import the_metrics
from service.web.signed_in import signed_in
from service.web.views import SignIn

_log = logs.get(__name__)

signin = Blueprint("signin", __name__)
_MOST_TRIES: Final = 10
_WITHIN: Final = timedelta(minutes=1)
_WRONG: Final = "This name and password do not go together. Try again, or ask your administrator."


@signin.route("/login", methods=["GET", "POST"])
@guarded(Guard.OPEN)
def sign_in() -> ResponseReturnValue:
    """Show the form, or let somebody in."""
    wanted = _inside(request.values.get("wanted", ""))
    if request.method == "GET":
        if the_member() is not None:
            return redirect(wanted)
        return render_template("login.html", view=SignIn(wanted=wanted), shell=None)
    _count_try()
    login = request.form.get("login", "")
    member = _member(login, request.form.get("password", ""))
    if member is None:
        the_metrics().sign_ins_refused.inc()
        _log.warning("sign_in.refused")
        form = SignIn(login=login, wanted=wanted, fault=_WRONG)
        return render_template("login.html", view=form, shell=None), 401
    session.clear()
    session.permanent = True
    login_user(signed_in(member))
    _record(member.id, "signed in")
    return redirect(wanted, 303)


@signin.post("/logout")
@guarded(Guard.STAFF)
def sign_out() -> ResponseReturnValue:
    """End the session."""
    member = the_member()
    if member is not None:
        _record(member.staff_id, "signed out")
    logout_user()
    session.clear()
    return redirect(url_for("signin.sign_in"), 303)


def _count_try() -> None:
    """Let the address try ten times a minute, at whichever web process; more is answered with 429."""
    deps = the_deps()
    with deps.store.transaction() as writing:
        may = may_try(writing, request.remote_addr or "", deps.now(), most=_MOST_TRIES, within=_WITHIN)
    if not may:
        abort(429)


def _member(login: str, password: str) -> Staff | None:
    """Return who signs in so, or None; a name that nobody has takes as long as a wrong password."""
    with the_deps().store.reading() as reading:
        member = staff.staff_by_login(reading, login)
    try:
        PasswordHasher().verify(member.password_hash if member else _nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        return None
    return member


@cache
def _nobodys_hash() -> str:
    return PasswordHasher().hash("nobody signs in with this")


def _record(staff_id: int, action: str) -> None:
    deps = the_deps()
    with deps.store.transaction() as writing:
        subject = f"staff:{staff_id}"
        audit.record(writing, actor=subject, action=action, subject=subject, now=deps.now())


def _inside(wanted: str) -> str:
    """Return the wanted page where it is one of ours, else the worklist: a link must not lead elsewhere after sign-in."""
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\")) and wanted.isprintable()
    return wanted if is_ours else url_for("worklist.show_worklist")
