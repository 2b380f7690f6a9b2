"""Protocols and infusions for the timing tests, with honest defaults."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from service.core.protocol import DEFAULT_QUIET_HOURS, Anchor, Protocol, Silence, Span, Step
from service.core.timing import InfusionFact, PlannedCheckIn, PlannedOrSent

CHICAGO = ZoneInfo("America/Chicago")
THREE = ("spasm", "headache", "urinary")
LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)


def a_step(key: str, after: timedelta, window: timedelta = timedelta(hours=10), **others: Any) -> Step:
    """Return a step after each infusion that asks about the three symptoms."""
    fields: dict[str, Any] = {
        "anchor": Anchor.INFUSION,
        "template": "check_in_opening",
        "asks": THREE,
        "earliest": None,
        "nudge": timedelta(hours=2),
        "nudge_template": "check_in_nudge",
        "voice_after": None,
        "give_up": timedelta(hours=6),
        "silence": Silence.MISSED,
    }
    return Step(key=key, after=after, window=window, **(fields | others))


def a_monthly_step(key: str, every_months: int, at: time = time(10), **others: Any) -> Step:
    """Return a monthly step that asks about the bladder."""
    fields: dict[str, Any] = {"anchor": Anchor.MONTHLY, "asks": ("urinary",), "every_months": every_months}
    after = others.pop("after", timedelta(0))
    return a_step(key, after, timedelta(days=3), at=at, **(fields | others))


def a_protocol(*steps: Step, span: Span | None = None, **others: Any) -> Protocol:
    """Return a protocol with the default night, twelve hours between check-ins and a week between series."""
    fields: dict[str, Any] = {
        "key": "a-protocol",
        "version": 1,
        "title": "A protocol",
        "source": "made for a test",
        "quiet_hours": DEFAULT_QUIET_HOURS,
        "merge_within": timedelta(hours=12),
        "series_gap": timedelta(days=7),
        "ladders": (),
    }
    return Protocol(steps=steps, span=span, **(fields | others))


FOUR_STEPS = (
    a_step("4h", timedelta(hours=4), earliest=timedelta(minutes=90)),
    a_step("24h", timedelta(hours=24), timedelta(hours=20)),
    a_step("72h", timedelta(hours=72), timedelta(hours=24)),
    a_step("7d", timedelta(days=7), timedelta(hours=48)),
)


def at(wall: str, zone: ZoneInfo = CHICAGO) -> datetime:
    """Return the instant (UTC) of a wall time such as "2026-03-07 15:00"."""
    return datetime.fromisoformat(wall).replace(tzinfo=zone).astimezone(UTC)


def wall(instant: datetime, zone: ZoneInfo = CHICAGO) -> str:
    """Return the wall time of an instant, such as "2026-03-07 15:00"."""
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"


def an_infusion(ends: str, key: str = "first", dose_mg: float | None = None) -> InfusionFact:
    """Return an infusion that ends at a wall time in Chicago."""
    return InfusionFact(key, at(ends), dose_mg)


def sent(check_in: PlannedCheckIn, sent_at: datetime | None = None) -> PlannedOrSent:
    """Return the record of a planned check-in that was sent, on time unless said otherwise."""
    return PlannedOrSent(
        check_in.step_key,
        check_in.occurrence,
        check_in.due_at,
        sent_at or check_in.due_at,
        check_in.merged,
        check_in.protocol_key,
    )
