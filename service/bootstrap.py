"""The composition root: settings become store, carrier, library and clock. Only here is real or fake picked."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from service import logs
from service.carrier.console import TwilioConsole
from service.carrier.live import TwilioCarrier
from service.config import DEMO_ACCOUNT_SID, Settings, SettingsError, read_settings
from service.core.escalation import CODE_DIGITS, CODE_LETTERS
from service.library.errors import LibraryError
from service.library.shelf import Library, load_library
from service.store.database import INTERRUPTED, Store, open_store
from service.store.keyring import Keyring
from service.workflows.catch_up import catch_up
from service.workflows.deps import Deps, Pace
from service.workflows.next_moment import is_settled, next_moment

__all__ = [
    "DEMO_ACCOUNT_SID",
    "ROOT",
    "LibraryError",
    "NoDatabase",
    "SchemaBehind",
    "Service",
    "Settings",
    "SettingsError",
    "TwilioConsole",
    "console_of",
    "move_clock",
    "read_settings",
    "skip_ahead",
    "start",
]

ROOT = Path(__file__).parent.parent
# So much of Twilio's queue is filled at once: a page that comes later waits no longer than this behind it.
_TEXTS_IN_HAND = timedelta(seconds=10)
# The demo's processes look every fraction of a second; longer than this and one of them is not running.
_CALM_WITHIN = timedelta(seconds=8)
# A restart of the database takes seconds, its maintenance a few minutes.
_LOOKS_FOR_THE_DATABASE = timedelta(seconds=3)
_SERVE = ("web", "clock")
_CHECK_THE_DATABASE = "Check DATABASE_URL and the database's own status."

_log = logs.get(__name__)


class SchemaBehind(Exception):
    """The database's schema is older than the code; run `dripline release` first (Heroku does at each deploy)."""


class NoDatabase(Exception):
    """The database does not answer; the message says why, and what to check."""


@dataclass(frozen=True, slots=True)
class Service:
    """A started service: the settings it was started with, and what every use case is handed."""

    settings: Settings
    deps: Deps


def start(process: str) -> Service:
    """Read the settings, load the library, open the database, and wire them together.

    Raises:
        SettingsError: where the environment is wrong, naming every fault.
        LibraryError: where a protocol, rule, word list or template is wrong, with file, line and field.
        SchemaBehind: where migrations are pending.
        NoDatabase: where it does not answer. The processes that serve wait for PostgreSQL instead, and say so: one
            that ended would be started again later and later, long after the database is back.
    """
    settings = read_settings()
    logs.set_up(settings.log_level, process)
    library = load_library(ROOT)
    store = open_store(settings.database_url, keyring_of(settings), pool_size=settings.database_pool_size)
    waits = process in _SERVE and not settings.database_url.startswith("sqlite")
    if pending_once_it_answers(store, pause=_LOOKS_FOR_THE_DATABASE if waits else None):
        raise SchemaBehind(SchemaBehind.__doc__)
    return Service(settings, _deps(settings, store, library))


def pending_once_it_answers(store: Store, pause: timedelta | None) -> tuple[str, ...]:
    """Return the migrations that the database lacks; one that does not answer is looked for after each pause.

    Raises:
        NoDatabase: where it does not answer, and there is no pause to wait.
    """
    while True:
        try:
            return store.pending_migrations()
        except INTERRUPTED as error:
            sentence = f"The database does not answer: {str(error).splitlines()[0]} {_CHECK_THE_DATABASE}"
            if pause is None:
                raise NoDatabase(sentence) from error
            _log.error("database.mute", remedy=sentence)
            time.sleep(pause.total_seconds())


def _deps(settings: Settings, store: Store, library: Library) -> Deps:
    username, password = settings.twilio_login
    return Deps(
        store=store,
        carrier=TwilioCarrier(
            account_sid=settings.twilio_account_sid,
            username=username,
            password=password,
            sender=settings.twilio_from_number,
            webhooks_url=f"{settings.public_base_url}/twilio",
            api_url=settings.twilio_api_url,
            timeout=settings.twilio_timeout,
        ),
        library=library,
        now=clock_of(settings),
        new_reference=lambda: secrets.token_hex(12),
        new_code=new_code,
        pace=_pace(settings),
    )


def console_of(settings: Settings) -> TwilioConsole:
    """Return the account's settings at Twilio, to read and to set."""
    username, password = settings.twilio_login
    return TwilioConsole(
        account_sid=settings.twilio_account_sid,
        username=username,
        password=password,
        api_url=settings.twilio_api_url,
        timeout=settings.twilio_timeout,
    )


def _pace(settings: Settings) -> Pace | None:
    """Return how fast texts leave: in each look of the clock as many as go until the next, and some in hand."""
    every = settings.text_every
    if every is None:
        return None
    return Pace(every, ahead=max(_TEXTS_IN_HAND, timedelta(seconds=2 * settings.tick_seconds)))


def keyring_of(settings: Settings) -> Keyring:
    """Return the keyring that the settings describe."""
    return Keyring(settings.encryption_keys, settings.lookup_key)


def new_code() -> str:
    """Return a fresh code that staff can text back: letter, digit, letter, digit."""
    return "".join(secrets.choice(signs) for signs in (CODE_LETTERS, CODE_DIGITS) * 2)


def clock_of(settings: Settings) -> Callable[[], datetime]:
    """Return the clock: the machine's, or in the demo one that can be moved ahead."""
    path = settings.demo_clock_file
    if path is None:
        return _utc_now
    return lambda: _utc_now() + clock_offset(path)


def _utc_now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 -- the one place that reads the clock


def clock_offset(path: Path) -> timedelta:
    """Return how far the demo's clock is ahead; nothing, before it was ever moved."""
    try:
        return timedelta(seconds=float(json.loads(path.read_text(encoding="utf-8"))["offset_seconds"]))
    except FileNotFoundError:
        return timedelta(0)


def move_clock(settings: Settings, ahead: timedelta) -> None:
    """Move the demo's clock ahead; raises SettingsError in a deployment, whose clock is never moved."""
    path = settings.demo_clock_file
    if path is None or not settings.is_demo:
        raise SettingsError("Only the demo's clock can be moved.")
    offset = clock_offset(path) + ahead
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"offset_seconds": offset.total_seconds()}), encoding="utf-8")
    fresh.replace(path)


@dataclass(frozen=True, slots=True)
class Skipped:
    """A skip of the demo's clock: how far it went, and what fell due."""

    now: datetime
    ahead: timedelta
    what: str


def skip_ahead(service: Service) -> Skipped:
    """Move the demo's clock to the next moment at which something falls due, and wait until the clock has seen to it."""
    deps = service.deps
    _await_calm(deps)
    moment = next_moment(deps)
    if moment is None:
        return Skipped(deps.now(), timedelta(0), "Nothing is planned: register an infusion first.")
    ahead = moment.at - deps.now() + timedelta(seconds=1)
    move_clock(service.settings, ahead)
    # The look at Twilio's log comes by the machine's clock: without this one it would seem hours late after a skip.
    catch_up(deps)
    _await_calm(deps)
    return Skipped(deps.now(), ahead, moment.what)


def _await_calm(deps: Deps) -> None:
    patience = time.monotonic() + _CALM_WITHIN.total_seconds()
    while not is_settled(deps) and time.monotonic() < patience:
        time.sleep(0.05)
