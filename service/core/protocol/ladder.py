"""The ladder of a disposition: whom a concerning reply reaches, how, and how long each tier has."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from service.core.words import Channel, Disposition


@dataclass(frozen=True, slots=True)
class Tier:
    """One rung: the roster tier by name, how long it has before the next rung, and when each channel is used.

    `text_after` and `call_after` count from the moment the rung is reached; None means not by that channel.
    """

    name: str
    wait: timedelta
    text_after: timedelta | None
    call_after: timedelta | None

    @property
    def channels(self) -> tuple[Channel, ...]:
        """Return the channels in use, text first."""
        uses = ((Channel.SMS, self.text_after), (Channel.VOICE, self.call_after))
        return tuple(channel for channel, after in uses if after is not None)


@dataclass(frozen=True, slots=True)
class Ladder:
    """The rungs for one disposition, lowest first, and the deadlines of the people on them.

    After the last rung the climb starts again at the first: a ladder never ends by itself.
    """

    disposition: Disposition
    acknowledge_within: timedelta
    close_within: timedelta
    tiers: tuple[Tier, ...]
