"""The roster as a calendar: for each day by the clinic's wall, who is on call on each tier, and when nobody is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from service.core.escalation.roster import Gap, Watch
from service.web.moments import clock_of, day_of
from service.web.roster_views import Day, Span

_DAY: Final = timedelta(days=1)


class _Piece(NamedTuple):
    """A part of a watch or gap that lies in one day (UTC)."""

    starts_at: datetime
    ends_at: datetime
    name: str


def calendar(
    watches: tuple[Watch, ...],
    gaps: tuple[Gap, ...],
    names: Mapping[int, str],
    tiers: tuple[str, ...],
    zone: ZoneInfo,
    dates: tuple[date, ...],
) -> tuple[Day, ...]:
    """Return the days, each with every tier's spans in order; watches and gaps reach over all of them."""
    return tuple(_day(watches, gaps, names, tiers, zone, day) for day in dates)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return when the day begins in the zone (UTC)."""
    return datetime.combine(day, time(), tzinfo=zone).astimezone(UTC)


def _day(
    watches: tuple[Watch, ...],
    gaps: tuple[Gap, ...],
    names: Mapping[int, str],
    tiers: tuple[str, ...],
    zone: ZoneInfo,
    day: date,
) -> Day:
    begins, ends = midnight(day, zone), midnight(day + _DAY, zone)

    def spans(tier: str) -> tuple[Span, ...]:
        manned = (_Piece(w.starts_at, w.ends_at, names[w.staff_id]) for w in watches if w.tier == tier)
        empty = (_Piece(gap.starts_at, gap.ends_at, "") for gap in gaps if gap.tier == tier)
        within = (
            _Piece(max(one.starts_at, begins), min(one.ends_at, ends), one.name) for one in (*manned, *empty)
        )
        joined = _joined(sorted(one for one in within if one.starts_at < one.ends_at))
        return tuple(Span(_hours(one, begins, ends, zone), one.name) for one in sorted(joined))

    change = (ends - begins) - _DAY
    note = "" if not change else "The clocks go back." if change > timedelta(0) else "The clocks go forward."
    return Day(day.isoformat(), day_of(day, day.year), note, tuple((tier, spans(tier)) for tier in tiers))


def _joined(pieces: list[_Piece]) -> Iterator[_Piece]:
    """Yield the pieces with those of one person that touch or overlap as one."""
    for name, of_one in groupby(sorted(pieces, key=lambda one: one.name), key=lambda one: one.name):
        held: _Piece | None = None
        for piece in of_one:
            if held is not None and piece.starts_at <= held.ends_at:
                held = _Piece(held.starts_at, max(held.ends_at, piece.ends_at), name)
                continue
            if held is not None:
                yield held
            held = piece
        if held is not None:
            yield held


def _hours(piece: _Piece, begins: datetime, ends: datetime, zone: ZoneInfo) -> str:
    if (piece.starts_at, piece.ends_at) == (begins, ends):
        return "All day"
    since = clock_of(piece.starts_at.astimezone(zone))
    until = "midnight" if piece.ends_at == ends else clock_of(piece.ends_at.astimezone(zone))
    return f"{'midnight' if piece.starts_at == begins else since} – {until}"
