"""A protocol: the clinic's signed plan of check-ins, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time, timedelta
from enum import StrEnum

from service.core.protocol.ladder import Ladder
from service.core.protocol.quiet import QuietHours
from service.core.words import OPENING, UNSOLICITED, Asked, AskedKind, Disposition


class Anchor(StrEnum):
    """What the time of a step is counted from."""

    INFUSION = "infusion"
    SERIES = "series"
    MONTHLY = "monthly"


class Silence(StrEnum):
    """What it means when a check-in stays unanswered until it is given up."""

    MISSED = "missed"
    ESCALATE = "escalate"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Step:
    """One check-in of a protocol.

    `after` is elapsed time since the end of the infusion (anchor `infusion`) or of the last infusion of a
    series (anchor `series`). A `monthly` step comes every `every_months` at the wall time `at`, `after` that
    day of the month.
    `window` says how long after its due time the check-in is still worth sending, `earliest` how soon after
    the infusion's end it makes sense when a night would swallow the whole window (None: not before its time).
    `nudge`, `voice_after` and `give_up` count from the moment it was sent; None means that it is not done.
    """

    key: str
    anchor: Anchor
    after: timedelta
    window: timedelta
    template: str
    asks: tuple[str, ...]
    earliest: timedelta | None
    nudge: timedelta | None
    nudge_template: str
    voice_after: timedelta | None
    give_up: timedelta
    silence: Silence
    every_months: int = 0
    at: time = time(10)

    @property
    def fallback_to_voice(self) -> bool:
        """Return whether the patient is called when the text stays unanswered."""
        return self.voice_after is not None

    @property
    def question(self) -> Asked:
        """Return the question in whose light a bare "yes" or "3" to this check-in is read."""
        if not self.asks:
            return UNSOLICITED
        return Asked(AskedKind.SEVERITY, self.asks[0]) if len(self.asks) == 1 else OPENING


@dataclass(frozen=True, slots=True)
class Span:
    """When a long-term protocol is in force: from a number of infusions or a cumulative dose (milligrams) on,
    whichever comes first, until there has been no infusion for `ends_after`."""

    infusions: int | None
    dose_mg: float | None
    ends_after: timedelta


@dataclass(frozen=True, slots=True)
class Protocol:
    """A clinic's plan of check-ins after infusions, and what it promises when a reply is concerning.

    Check-ins less than `merge_within` apart become one. Infusions no more than `series_gap` apart are one
    series. `source` says where its times come from.
    """

    key: str
    version: int
    title: str
    source: str
    steps: tuple[Step, ...]
    quiet_hours: QuietHours
    merge_within: timedelta
    series_gap: timedelta
    span: Span | None
    ladders: tuple[Ladder, ...]

    @property
    def begins_by_itself(self) -> bool:
        """Return whether it watches all infusions of every patient, beside the protocol chosen for each."""
        return self.span is not None

    def step(self, key: str) -> Step:
        """Return the step with that key; raise KeyError with a sentence where there is none."""
        for step in self.steps:
            if step.key == key:
                return step
        raise KeyError(
            f"Protocol {self.key} has no step {key!r}; it has {', '.join(s.key for s in self.steps)}."
        )

    def ladder(self, disposition: Disposition) -> Ladder:
        """Return the ladder of a disposition; raise KeyError with a sentence where it pages nobody."""
        for ladder in self.ladders:
            if ladder.disposition is disposition:
                return ladder
        raise KeyError(f"Protocol {self.key} has no ladder for {disposition}.")
