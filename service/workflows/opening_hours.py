"""Setting when the office is open: hours by weekday, and holidays; callbacks and the morning digest go by them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Final

from service.store import audit, office_hours
from service.workflows.deps import Deps
from service.workflows.set_up import UnableToSetUp

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEKDAY_NAMES: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SPAN: Final = re.compile(r"(\d{1,2}):(\d\d) *(?:-|–|to) *(\d{1,2}):(\d\d)")
_FURTHEST_HOLIDAY: Final = timedelta(days=5 * 366)
_LONGEST_NAME: Final = 60

Spans = tuple[tuple[time, time], ...]


def read_spans(text: str, weekday: int) -> Spans:
    """Return the opening hours of a day as they were typed: "9:00-12:00, 13:00-17:00"; nothing, where it is closed.

    Raises:
        UnableToSetUp: for what is no time, ends before it starts, or overlaps.
    """
    day = WEEKDAY_NAMES[weekday]
    if text.strip().lower() in ("", "closed"):
        return ()
    spans = tuple(sorted(_span(part.strip(), day) for part in text.split(",")))
    for earlier, later in pairwise(spans):
        if later[0] < earlier[1]:
            raise UnableToSetUp(f"{day}: {_written(earlier)} and {_written(later)} overlap.")
    return spans


def _span(text: str, day: str) -> tuple[time, time]:
    found = _SPAN.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        opens, closes = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    except ValueError:
        raise UnableToSetUp(
            f"{day}: {text!r} are no hours. Write them like 09:00-17:00, several parted by commas."
        ) from None
    if closes <= opens:
        raise UnableToSetUp(f"{day}: {_written((opens, closes))} ends before it starts.")
    return opens, closes


def _written(span: tuple[time, time]) -> str:
    return f"{span[0]:%H:%M}-{span[1]:%H:%M}"


def written(spans: Spans) -> str:
    """Return opening hours as `read_spans` reads them; empty where the office is closed."""
    return ", ".join(map(_written, spans))


def hours_by_weekday(deps: Deps) -> tuple[Spans, ...]:
    """Return the opening hours of each weekday, Monday first."""
    with deps.store.reading() as session:
        hours = office_hours.business_hours(session).hours
    return tuple(
        tuple((opens, closes) for weekday, opens, closes in hours if weekday == day) for day in range(7)
    )


def set_hours(deps: Deps, by_weekday: Mapping[int, Spans], *, actor: str) -> None:
    """Set the opening hours of these weekdays (0 is Monday); the others stay as they are.

    Raises:
        UnableToSetUp: where the office would never be open.
    """
    kept = dict(enumerate(hours_by_weekday(deps))) | dict(by_weekday)
    hours = [(weekday, *span) for weekday, spans in sorted(kept.items()) for span in spans]
    if not hours:
        raise UnableToSetUp("The office would be closed all week, and no callback would ever be due.")
    with deps.store.transaction() as session:
        office_hours.replace_hours(session, hours)
        audit.record(session, actor=actor, action="set opening hours", subject="clinic", now=deps.now())


def add_holiday(deps: Deps, day: date, name: str, *, actor: str) -> None:
    """Let the office be shut on the day.

    Raises:
        UnableToSetUp: for a day that is over or years away, or a name that is empty or too long.
    """
    today, named = deps.now().date(), name.strip()
    if day < today - timedelta(days=1):
        raise UnableToSetUp(f"{day} is over. Give a day that is still to come.")
    if day > today + _FURTHEST_HOLIDAY:
        raise UnableToSetUp(f"{day} is more than five years away. Check the year.")
    if not named or len(named) > _LONGEST_NAME:
        raise UnableToSetUp(f"Give the holiday a name of 1 to {_LONGEST_NAME} characters.")
    with deps.store.transaction() as session:
        office_hours.keep_holiday(session, day, named)
        audit.record(session, actor=actor, action="added a holiday", subject="clinic", now=deps.now())


def drop_holiday(deps: Deps, day: date, *, actor: str) -> None:
    """Let the office be open on the day again, as on any such weekday.

    Raises:
        UnableToSetUp: where it was no holiday.
    """
    with deps.store.transaction() as session:
        if not office_hours.drop_holiday(session, day):
            raise UnableToSetUp(f"{day} is no holiday.")
        audit.record(session, actor=actor, action="dropped a holiday", subject="clinic", now=deps.now())


def holidays_ahead(deps: Deps) -> tuple[tuple[date, str], ...]:
    """Return the holidays from yesterday on, earliest first."""
    yesterday = deps.now().date() - timedelta(days=1)
    with deps.store.reading() as session:
        return tuple(
            (holiday.day, holiday.name)
            for holiday in office_hours.holidays(session)
            if holiday.day >= yesterday
        )
