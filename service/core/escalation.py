"""Climbing the ladder: whom to page at a step, when to step again, and what a text from staff asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from service.core.protocol.ladder import Ladder, Tier
from service.core.words import Channel

# A code is letter, digit, letter, digit, without the signs that look or sound alike, so that no word is one.
CODE_LETTERS: Final = "CDFHJKMNPRTVWXY"
CODE_DIGITS: Final = "2345679"
_TAKING_WORDS: Final = frozenset(
    {"ok", "okay", "yes", "y", "1", "ack", "mine", "taken", "got it", "on it", "si", "sí"}
)


@dataclass(frozen=True, slots=True)
class PageTo:
    """Page one member of staff by one channel, at the instant (UTC)."""

    staff_id: int
    channel: Channel
    at: datetime


@dataclass(frozen=True, slots=True)
class Climb:
    """One step up: who is paged, on which tier, the step's new number, and when to climb on if nobody takes it."""

    tier: str
    pages: tuple[PageTo, ...]
    step: int
    next_step_at: datetime


def climb(
    ladder: Ladder,
    step: int,
    on_call: Mapping[str, tuple[int, ...]],
    fallback: tuple[int, ...],
    now: datetime,
) -> Climb:
    """Take the next step up the ladder from `step` steps climbed so far; after the last rung the first comes again.

    A tier with nobody on call is passed over at once. With nobody on any tier, the fallback staff are paged.
    `on_call` gives staff ids by tier name.
    """
    for skipped in range(len(ladder.tiers)):
        tier = ladder.tiers[(step + skipped) % len(ladder.tiers)]
        if on_call.get(tier.name):
            return _page(tier, on_call[tier.name], step + skipped + 1, now)
    tier = ladder.tiers[step % len(ladder.tiers)]
    return _page(tier, fallback, step + 1, now)


def _page(tier: Tier, staff_ids: tuple[int, ...], step: int, now: datetime) -> Climb:
    after: tuple[tuple[Channel, timedelta | None], ...] = ((Channel.SMS, tier.text_after),)
    pages = tuple(
        PageTo(staff_id, channel, now + delay)
        for staff_id in staff_ids
        for channel, delay in after
        if delay is not None
    )
    return Climb(tier.name, pages, step, now + tier.wait)


class StaffAsk(StrEnum):
    """What a text from a member of staff asks for."""

    TAKE_CODE = "take_code"
    TAKE_ONLY = "take_only"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class StaffText:
    """A text from staff as understood: what it asks for, and the code that it names."""

    ask: StaffAsk
    code: str | None = None


def read_staff_text(text: str) -> StaffText:
    """Read a text from staff: a code anywhere in it takes that one; a bare "ok" takes the only one there is."""
    words = "".join(sign if sign.isalnum() else " " for sign in text).upper().split()
    for word in (*words, "".join(words)):
        if is_code(word):
            return StaffText(StaffAsk.TAKE_CODE, word)
    if " ".join(words).lower() in _TAKING_WORDS:
        return StaffText(StaffAsk.TAKE_ONLY)
    return StaffText(StaffAsk.NOTHING)


def is_code(word: str) -> bool:
    """Return whether the word has the shape of an escalation's code."""
    return len(word) == 4 and all(
        sign in (CODE_LETTERS if place % 2 == 0 else CODE_DIGITS) for place, sign in enumerate(word)
    )
