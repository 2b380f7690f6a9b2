"""What the clinic has recorded of a patient's health, for the rules to look at; what is not recorded is unknown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from service.core.findings import KnownFacts


@dataclass(frozen=True, slots=True)
class Recorded:
    """What staff have filled in about a patient; None is "not known", which is never the same as no.

    `pregnant` holds until six weeks after birth. `medicines` and `conditions` are groups as the clinic's file of
    knowable facts names them ("blood_thinner", "diabetes"); the empty set says that there are none.
    """

    born: date | None = None
    pregnant: bool | None = None
    epilepsy: bool | None = None
    migraine: bool | None = None
    medicines: frozenset[str] | None = None
    conditions: frozenset[str] | None = None

    def age_on(self, day: date) -> int | None:
        """Return the age in whole years on a day, None where the birth date is not known."""
        if self.born is None:
            return None
        had_birthday = (day.month, day.day) >= (self.born.month, self.born.day)
        return day.year - self.born.year - (not had_birthday)


NOTHING_RECORDED: Final = Recorded()


def with_recorded(known: KnownFacts, recorded: Recorded, today: date) -> KnownFacts:
    """Return what is known of the patient's past, and what the clinic has recorded, as the rules see it today."""
    return replace(
        known,
        age=recorded.age_on(today),
        pregnant=recorded.pregnant,
        epilepsy=recorded.epilepsy,
        migraine=recorded.migraine,
        medicines=recorded.medicines,
        conditions=recorded.conditions,
    )
