"""What the three ledgers may disagree in, and the four numbers that it is counted in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Number(StrEnum):
    """The four numbers of a run, each of which must be 0."""

    REPLIES_LOST = "replies lost"
    MESSAGES_LOST = "messages lost"
    MESSAGES_DOUBLED = "messages doubled"
    ESCALATIONS_UNSERVED = "escalations unserved"


class Trace(StrEnum):
    """What one thing that went wrong looks like at the end."""

    NEVER_STORED = "a text in, never stored"
    ANSWERED_AND_LOST = "a text in, answered with 200 and never stored"
    NEVER_READ = "a text in, never read as it was written"
    NEVER_PROMISED = "a check-in, sent and never promised, or too late"
    NEVER_ARRIVED = "promised, and never arrived"
    TAKEN_IN_TWICE = "a text in, stored more than once"
    PROMISED_TWICE = "promised more than once under one key"
    LEFT_TWICE = "promised once, and arrived more than once"
    PROMISED_BY_NOBODY = "arrived, and promised by nobody"
    TAKEN_BY_NOBODY = "staff were to be paged, and nobody has it"
    BEFORE_NOBODY = "a grave text in, for which nobody was to be paged"


COUNTED_IN: Mapping[Trace, Number] = {
    Trace.NEVER_STORED: Number.REPLIES_LOST,
    Trace.ANSWERED_AND_LOST: Number.REPLIES_LOST,
    Trace.NEVER_READ: Number.REPLIES_LOST,
    Trace.NEVER_PROMISED: Number.MESSAGES_LOST,
    Trace.NEVER_ARRIVED: Number.MESSAGES_LOST,
    Trace.TAKEN_IN_TWICE: Number.MESSAGES_DOUBLED,
    Trace.PROMISED_TWICE: Number.MESSAGES_DOUBLED,
    Trace.LEFT_TWICE: Number.MESSAGES_DOUBLED,
    Trace.PROMISED_BY_NOBODY: Number.MESSAGES_DOUBLED,
    Trace.TAKEN_BY_NOBODY: Number.ESCALATIONS_UNSERVED,
    Trace.BEFORE_NOBODY: Number.ESCALATIONS_UNSERVED,
}
_MOST_SHOWN = 12


@dataclass(slots=True)
class Verdict:
    """What was found, out of how many; a sound service leaves nothing to find, and comes to rest."""

    replies: int = 0
    messages: int = 0
    escalations: int = 0
    found: list[tuple[Trace, str]] = field(default_factory=list)
    unrest: str = ""

    @property
    def is_sound(self) -> bool:
        """Return whether nothing is wrong."""
        return not self.found and not self.unrest

    def count(self, number: Number) -> int:
        """Return one of the four numbers."""
        return sum(COUNTED_IN[trace] is number for trace, _ in self.found)

    def traces(self) -> Counter[Trace]:
        """Return how often each kind of trace was found."""
        return Counter(trace for trace, _ in self.found)

    def __str__(self) -> str:
        """Return the four numbers, and below each what it counts."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        among = {
            Number.REPLIES_LOST: f"of {self.replies}",
            Number.MESSAGES_LOST: f"of {self.messages}",
            Number.ESCALATIONS_UNSERVED: f"of {self.escalations}",
        }
        for number in Number:
            yield f"{number:22}{self.count(number):5}  {among.get(number, '')}".rstrip()
            items = [f"    {trace}: {what}" for trace, what in self.found if COUNTED_IN[trace] is number]
            yield from items[:_MOST_SHOWN]
            if len(items) > _MOST_SHOWN:
                yield f"    … and {len(items) - _MOST_SHOWN} more"
        if self.unrest:
            yield self.unrest
