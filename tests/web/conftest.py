"""The web edge over a real database, a carrier that remembers, and a clock that stands still until it is moved."""

from __future__ import annotations

import pytest
from browsing import PREVIOUS_TOKEN, Browser, the_clock_ticks
from builders import ACCOUNT_SID, PUBLIC_URL, TOKEN, Clock, a_clinic, a_nurse, deps_for
from flask import Flask
from jinja2 import BytecodeCache, FileSystemBytecodeCache

from service.store.database import Store
from service.store.staff import Role
from service.web.app import create_app
from service.web.site import Site
from service.workflows.deps import Deps

SITE = Site(
    secret_key="a secret that only these tests keep",
    public_base_url=PUBLIC_URL,
    auth_tokens=(TOKEN, PREVIOUS_TOKEN),
    account_sid=ACCOUNT_SID,
)


@pytest.fixture
def clock() -> Clock:
    """The clock of the test's service."""
    return Clock()


@pytest.fixture
def deps(store: Store, clock: Clock) -> Deps:
    """A service with its clinic set up, whose clock process is running."""
    ready = deps_for(store, now=clock)
    a_clinic(ready)
    the_clock_ticks(ready)
    return ready


@pytest.fixture
def site() -> Site:
    """A deployment without TLS, and without the demo's doors."""
    return SITE


@pytest.fixture(scope="session")
def compiled_pages(tmp_path_factory: pytest.TempPathFactory) -> BytecodeCache:
    """The pages' templates, compiled once and not by each test's application."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("pages")))


@pytest.fixture
def app(deps: Deps, site: Site, compiled_pages: BytecodeCache) -> Flask:
    """The application as gunicorn would serve it."""
    made = create_app(deps, site)
    made.jinja_env.bytecode_cache = compiled_pages
    return made


@pytest.fixture
def visitor(app: Flask) -> Browser:
    """A browser in which nobody is signed in."""
    return Browser(app.test_client())


@pytest.fixture
def nurse(app: Flask, deps: Deps) -> Browser:
    """A browser in which Nadia, a nurse on the first tier, is signed in."""
    a_nurse(deps)
    browser = Browser(app.test_client())
    browser.sign_in("nadia")
    return browser


@pytest.fixture
def admin(app: Flask, deps: Deps) -> Browser:
    """A browser in which Ada, an admin who is never paged, is signed in."""
    a_nurse(deps, name="Ada Brook", phone="+12025550114", login="ada", tier=None, role=Role.ADMIN)
    browser = Browser(app.test_client())
    browser.sign_in("ada")
    return browser
