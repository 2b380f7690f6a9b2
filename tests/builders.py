"""A small clinic for tests: plain functions with honest defaults over the real use cases, and a clock to move."""

from __future__ import annotations

import base64
import hashlib
import hmac
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import cache
from pathlib import Path

from cryptography.fernet import Fernet

from service.bootstrap import DEMO_ACCOUNT_SID
from service.carrier.memory import MemoryCarrier
from service.core.escalation import CODE_DIGITS, CODE_LETTERS
from service.library.shelf import Library, load_library
from service.store.database import Store
from service.store.staff import Role
from service.workflows.deps import Deps
from service.workflows.enrol import enrol
from service.workflows.register_infusion import DEFAULT_PROTOCOL, register_infusion
from service.workflows.set_up import add_member, set_clinic

ROOT = Path(__file__).parent.parent
# A Tuesday, 15:00 UTC: ten in the morning where the clinic is, far from any night.
MORNING = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
ZONE = "America/Chicago"
CLINIC_NUMBER = "+12025550100"
ANA = "+12025550121"
NADIA = "+12025550111"
STRANGER = "+12025550177"
PASSWORD = "drip-by-drip"
ACCOUNT_SID = "AC" + "d0" * 16
TOKEN = "0123456789abcdef0123456789abcdef"
PUBLIC_URL = "http://clinic.test"


@dataclass(slots=True)
class Clock:
    """A clock that stands still until it is moved; call it for the instant (UTC)."""

    instant: datetime = MORNING

    def __call__(self) -> datetime:
        """Return the instant."""
        return self.instant

    def move(self, **ahead: float) -> None:
        """Move ahead by so many `hours`, `minutes`, `days`, …"""
        self.instant += timedelta(**ahead)


@cache
def the_library() -> Library:
    """Return the library as it is shipped; loaded once, since it never changes."""
    return load_library(ROOT)


def deps_for(
    store: Store, *, now: Callable[[], datetime] | None = None, carrier: MemoryCarrier | None = None
) -> Deps:
    """Return what use cases are handed, over this store, a clock that stands still, and a carrier that remembers."""
    clock = now or Clock()
    references, codes = itertools.count(1), _codes()
    return Deps(
        store=store,
        carrier=carrier or MemoryCarrier(clock),
        library=the_library(),
        now=clock,
        new_reference=lambda: f"reference-{next(references)}",
        new_code=lambda: next(codes),
    )


def _codes() -> Iterator[str]:
    return map("".join, itertools.product(CODE_LETTERS, CODE_DIGITS, CODE_LETTERS, CODE_DIGITS))


def texts_of(deps: Deps) -> list[tuple[str, str]]:
    """Return recipient and words of every text that left through the carrier that remembers, in order."""
    assert isinstance(deps.carrier, MemoryCarrier)
    return [(text.recipient, text.body) for text in deps.carrier.texts]


def a_clinic(deps: Deps) -> None:
    """Set the clinic up: quiet from nine in the evening until eight."""
    set_clinic(
        deps,
        name="Willow Clinic",
        phone="+12025550199",
        zone=ZONE,
        quiet_from=time(21),
        quiet_until=time(8),
    )


def a_nurse(
    deps: Deps,
    *,
    name: str = "Nadia Osei",
    phone: str = NADIA,
    login: str = "nadia",
    tier: str | None = "nurse",
    role: Role = Role.NURSE,
) -> int:
    """Add a member of staff who is paged on the first tier; return the id."""
    return add_member(deps, name=name, phone=phone, login=login, role=role, tier=tier, password=PASSWORD)


def a_patient(
    deps: Deps,
    *,
    name: str = "Ana Example",
    phone: str = ANA,
    language: str = "en",
    zone: str = "",
    channel: str = "sms",
) -> int:
    """Enrol a patient who has agreed to be texted or called; return the id."""
    return enrol(
        deps,
        name=name,
        phone=phone,
        language=language,
        zone=zone,
        channel=channel,
        consent=True,
        actor="test",
    )


def an_infusion(
    deps: Deps, patient_id: int, *, hours_ago: float = 0, protocol: str = DEFAULT_PROTOCOL
) -> int:
    """Register an infusion that ended so many hours ago; return its id."""
    return register_infusion(
        deps,
        patient_id=patient_id,
        ended_at=deps.now() - timedelta(hours=hours_ago),
        protocol=protocol,
        actor="test",
    )


def text_form(body: str, *, sender: str = ANA, sid: str = "SM" + "1" * 32) -> dict[str, str]:
    """Return the form of Twilio's webhook for a text that came in."""
    return {
        "AccountSid": ACCOUNT_SID,
        "MessageSid": sid,
        "SmsSid": sid,
        "From": sender,
        "To": CLINIC_NUMBER,
        "Body": body,
        "NumMedia": "0",
    }


def signed_form(
    path: str, form: Mapping[str, str], *, token: str = TOKEN, address: str = PUBLIC_URL
) -> dict[str, str]:
    """Return the headers that Twilio signs a form with; `path` holds the query as it is sent.

    Written out here, so that a mistake in the service's own check can't hide in its tests.
    """
    signed = address + path + "".join(key + form[key] for key in sorted(form))
    digest = hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()
    return {"X-Twilio-Signature": base64.b64encode(digest).decode()}


def settings_of_a_deployment(database_url: str) -> dict[str, str]:
    """Return the environment of a deployment over the database, with keys of its own and nobody where Twilio would be."""
    return {
        "DATABASE_URL": database_url,
        "PUBLIC_BASE_URL": "http://127.0.0.1:9",
        "SECRET_KEY": "s" * 40,
        "LOOKUP_KEY": "l" * 40,
        "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "TWILIO_ACCOUNT_SID": DEMO_ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": "a token",
        "TWILIO_FROM_NUMBER": "+12025550100",
        "TWILIO_API_URL": "http://127.0.0.1:9",
        "LOG_LEVEL": "ERROR",
    }
