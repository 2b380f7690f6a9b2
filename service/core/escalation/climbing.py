"""Climbing the ladder: whom to page at a step, and when to step again; it never ends by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from service.core.protocol.ladder import Ladder, Tier
from service.core.words import Channel, Disposition


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


@dataclass(frozen=True, slots=True)
class Refusing:
    """Whose phones have just refused: staff ids that no text reaches, and those that no call reaches."""

    texts: frozenset[int] = frozenset()
    calls: frozenset[int] = frozenset()


ALL_PHONES_WORK: Final = Refusing()


def climb(
    ladder: Ladder,
    step: int,
    on_call: Mapping[str, tuple[int, ...]],
    fallback: tuple[int, ...],
    now: datetime,
    *,
    refusing: Refusing = ALL_PHONES_WORK,
) -> Climb:
    """Take the next step up the ladder from `step` steps climbed so far; after the last rung the first comes again.

    A tier with nobody on call, or nobody whose phone takes a page, is passed over at once. With nobody on any tier,
    the fallback staff are paged; with no phone that works, those that did not are tried again, because giving up is
    no choice. An emergency pages every tier at once (triage guide, "Dispositions"). `on_call` gives staff ids by
    tier name.
    """
    if ladder.disposition is Disposition.EMERGENCY:
        return _everybody(ladder, step, on_call, fallback, now, refusing)
    for skipped in range(len(ladder.tiers)):
        tier = ladder.tiers[(step + skipped) % len(ladder.tiers)]
        pages = _pages(tier, on_call.get(tier.name, ()), now, refusing)
        if pages:
            return Climb(tier.name, pages, step + skipped + 1, now + tier.wait)
    tier = ladder.tiers[step % len(ladder.tiers)]
    return Climb("fallback", _to_the_fallback(tier, fallback, now, refusing), step + 1, now + tier.wait)


def _everybody(
    ladder: Ladder,
    step: int,
    on_call: Mapping[str, tuple[int, ...]],
    fallback: tuple[int, ...],
    now: datetime,
    refusing: Refusing,
) -> Climb:
    pages: dict[tuple[int, Channel], PageTo] = {}
    for tier in ladder.tiers:
        for page in _pages(tier, on_call.get(tier.name, ()), now, refusing):
            pages.setdefault((page.staff_id, page.channel), page)
    wait = min(tier.wait for tier in ladder.tiers)
    if pages:
        return Climb("all", tuple(pages.values()), step + 1, now + wait)
    pages_of_last_resort = _to_the_fallback(ladder.tiers[0], fallback, now, refusing)
    return Climb("fallback", pages_of_last_resort, step + 1, now + wait)


def _to_the_fallback(
    tier: Tier, fallback: tuple[int, ...], now: datetime, refusing: Refusing
) -> tuple[PageTo, ...]:
    return _pages(tier, fallback, now, refusing) or _pages(tier, fallback, now, ALL_PHONES_WORK)


def _pages(tier: Tier, staff_ids: tuple[int, ...], now: datetime, refusing: Refusing) -> tuple[PageTo, ...]:
    return tuple(page for staff_id in staff_ids for page in _to_one(tier, staff_id, now, refusing))


def _to_one(tier: Tier, staff_id: int, now: datetime, refusing: Refusing) -> Iterator[PageTo]:
    """Yield the text and the call of a tier for one person; whom no text reaches is called at once."""
    is_texted = tier.text_after is not None and staff_id not in refusing.texts
    if is_texted and tier.text_after is not None:
        yield PageTo(staff_id, Channel.SMS, now + tier.text_after)
    if tier.call_after is not None and staff_id not in refusing.calls:
        yield PageTo(staff_id, Channel.VOICE, now + tier.call_after if is_texted else now)
