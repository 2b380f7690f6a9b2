"""Every table, gathered: importing this module makes the metadata whole."""

from service.store import (
    audit,
    calls,
    check_ins,
    clinics,
    conversations,
    escalations,
    heartbeats,
    inbox,
    infusions,
    office_hours,
    outages,
    outbox,
    patients,
    readings,
    roster,
    sign_in_tries,
    staff,
    ways_out,
)
from service.store.base import Base

metadata = Base.metadata

__all__ = [
    "audit",
    "calls",
    "check_ins",
    "clinics",
    "conversations",
    "escalations",
    "heartbeats",
    "inbox",
    "infusions",
    "metadata",
    "office_hours",
    "outages",
    "outbox",
    "patients",
    "readings",
    "roster",
    "sign_in_tries",
    "staff",
    "ways_out",
]
