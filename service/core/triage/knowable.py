"""What a clinic can know of a patient before any reply: groups of medicines, conditions, and the facts that stand alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

# "pregnant" holds until six weeks after birth.
KNOWN_ALONE: Final = frozenset({"age", "pregnant", "epilepsy", "migraine"})
# "pregnancy_known" stands beside "pregnant" where the clinic knew of it, and not the reply alone.
_OTHERS: Final = frozenset({"pregnancy_known", "nobody_on_call", "much_worse"})
_GROUPS: Final = frozenset({"takes", "has"})
_HISTORY: Final = frozenset({"again", "after_infusions"})


@dataclass(frozen=True, slots=True)
class Knowable:
    """The groups that the clinic's rules tell apart, each with the words that staff read beside its box."""

    medicines: Mapping[str, str]
    conditions: Mapping[str, str]

    def has_sign(self, sign: str) -> bool:
        """Return whether the sign is a fact that the clinic can know: "pregnant", "takes.maoi", "has.diabetes"."""
        group, _, name = sign.partition(".")
        names = {"takes": self.medicines, "has": self.conditions}.get(group, {})
        return name in names or sign in KNOWN_ALONE or sign in _OTHERS


def is_known_sign(sign: str) -> bool:
    """Return whether a sign speaks of what is known, and not of what the reply says."""
    subject, _, detail = sign.partition(".")
    return sign in KNOWN_ALONE or sign in _OTHERS or subject in _GROUPS or detail in _HISTORY
