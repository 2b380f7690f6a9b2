"""Climbing the ladder: whom to page at a step, and when to step again; it never ends by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

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


def climb(
    ladder: Ladder,
    step: int,
    on_call: Mapping[str, tuple[int, ...]],
    fallback: tuple[int, ...],
    now: datetime,
    *,
    unreachable: frozenset[int] = frozenset(),
) -> Climb:
    """Take the next step up the ladder from `step` steps climbed so far; after the last rung the first comes again.

    A tier with nobody on call, or nobody whose phone takes texts, is passed over at once. With nobody on any tier,
    the fallback staff are paged; with no phone that works, those that did not are tried again, because giving up is
    no choice. An emergency pages every tier at once (triage guide, "Dispositions"). `on_call` gives staff ids by
    tier name, `unreachable` those whose phone has just refused a page.
    """
    reachable = {tier: _without(staff, unreachable) for tier, staff in on_call.items()}
    everyone = _without(fallback, unreachable) or fallback
    if ladder.disposition is Disposition.EMERGENCY:
        return _everybody(ladder, step, reachable, everyone, now)
    for skipped in range(len(ladder.tiers)):
        tier = ladder.tiers[(step + skipped) % len(ladder.tiers)]
        if reachable.get(tier.name):
            pages = _pages(tier, reachable[tier.name], now)
            return Climb(tier.name, pages, step + skipped + 1, now + tier.wait)
    tier = ladder.tiers[step % len(ladder.tiers)]
    return Climb("fallback", _pages(tier, everyone, now), step + 1, now + tier.wait)


def _everybody(
    ladder: Ladder,
    step: int,
    reachable: Mapping[str, tuple[int, ...]],
    fallback: tuple[int, ...],
    now: datetime,
) -> Climb:
    pages: dict[tuple[int, Channel], PageTo] = {}
    for tier in ladder.tiers:
        for page in _pages(tier, reachable.get(tier.name, ()), now):
            pages.setdefault((page.staff_id, page.channel), page)
    wait = min(tier.wait for tier in ladder.tiers)
    if pages:
        return Climb("all", tuple(pages.values()), step + 1, now + wait)
    return Climb("fallback", _pages(ladder.tiers[0], fallback, now), step + 1, now + wait)


def _without(staff_ids: tuple[int, ...], unreachable: frozenset[int]) -> tuple[int, ...]:
    return tuple(staff_id for staff_id in staff_ids if staff_id not in unreachable)


def _pages(tier: Tier, staff_ids: tuple[int, ...], now: datetime) -> tuple[PageTo, ...]:
    """Return the texts of a tier; a rung that only calls is texted at once, until there are calls."""
    delay = tier.text_after if tier.text_after is not None else timedelta(0)
    return tuple(PageTo(staff_id, Channel.SMS, now + delay) for staff_id in staff_ids)
