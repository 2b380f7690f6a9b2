"""What a view reaches for: the use cases' deps, the site, and who is signed in."""

from __future__ import annotations

from typing import NamedTuple, cast

from flask import current_app
from flask_login import current_user

from service.web.inflow import Inflow
from service.web.signed_in import SignedIn
from service.web.site import Site
from service.workflows.deps import Deps

_KEY = "dripline"


class _Attached(NamedTuple):
    deps: Deps
    site: Site
    inflow: Inflow


def attach(extensions: dict[str, object], deps: Deps, site: Site, inflow: Inflow) -> None:
    """Keep with the application what the functions below find."""
    extensions[_KEY] = _Attached(deps, site, inflow)


def _attached() -> _Attached:
    return cast(_Attached, current_app.extensions[_KEY])


def the_deps() -> Deps:
    """Return what use cases are handed."""
    return _attached().deps


def the_site() -> Site:
    """Return the deployment as the web edge sees it."""
    return _attached().site


def the_inflow() -> Inflow:
    """Return where replies come in."""
    return _attached().inflow


def the_member() -> SignedIn | None:
    """Return the member of staff who is signed in, or None."""
    return cast(SignedIn, current_user._get_current_object()) if current_user.is_authenticated else None


def the_staff_id() -> int:
    """Return the id of the member of staff who is signed in; only behind the staff guard."""
    member = the_member()
    if member is None:
        raise RuntimeError("Nobody is signed in here; the view's guard must be Guard.STAFF.")
    return member.staff_id


def is_admin() -> bool:
    """Return whether whoever is signed in may change the clinic, its staff and its roster."""
    member = the_member()
    return member is not None and member.is_admin


def the_actor() -> str:
    """Return how the audit trail names whoever is signed in; only behind the guards of staff."""
    return f"staff:{the_staff_id()}"
