"""Whom and which tier an event names."""

from __future__ import annotations

import pytest

from service.core.escalation.named import Named, people_named, tiers_named

TIERS = ("nurse", "backup", "doctor")
STAFF = (
    Named(1, "Nadia Osei", "nadia"),
    Named(2, "Noor Haddad", "noor"),
    Named(3, "Dr. Thandi Dube", "dube"),
    Named(4, "Noor Aziz", "aziz"),
)


@pytest.mark.parametrize(
    ("texts", "people", "tiers"),
    [
        (("nurse: Nadia Osei",), (1,), ("nurse",)),
        (("NADIA OSEI (Nurse)",), (1,), ("nurse",)),
        (("Nadia",), (1,), ()),
        (("On call - Dube",), (3,), ()),
        (("Dr. Dube, doctor",), (3,), ("doctor",)),
        (("On call", "backup", "Noor Aziz"), (4,), ("backup",)),
        (("Noor",), (2,), ()),
        (("Haddad and Osei",), (2, 1), ()),
        (("Nadia Osei, Noor Haddad",), (1, 2), ()),
        (("Dr. Nobody",), (), ()),
        (("nurse",), (), ("nurse",)),
        (("backup nurse",), (), ("nurse", "backup")),
        (("Oseiland",), (), ()),
        ((), (), ()),
    ],
)
def test_an_event_names_people_and_tier(
    texts: tuple[str, ...], people: tuple[int, ...], tiers: tuple[str, ...]
) -> None:
    assert people_named(texts, STAFF, TIERS) == people
    assert tiers_named(texts, TIERS) == tiers
