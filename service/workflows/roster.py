"""Changing and reading the roster: shifts added, somebody covered in one step, two swapped, gaps found ahead."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.core.escalation.roster import Duty, Gap, Shift, Watch, cover, gaps, watches
from service.store import audit
from service.store import roster as rows
from service.store.database import Session
from service.store.staff import Staff
from service.workflows.deps import Deps


class UnableToRoster(Exception):
    """What was asked does not fit the roster; the message says what to put right."""


def tiers_of(deps: Deps) -> tuple[str, ...]:
    """Return the tiers that some ladder has, lowest first."""
    ladders = (ladder for protocol in deps.library.protocols.values() for ladder in protocol.ladders)
    return tuple(dict.fromkeys(tier.name for ladder in ladders for tier in ladder.tiers))


def watches_ahead(deps: Deps, since: datetime, until: datetime) -> tuple[Watch, ...]:
    """Return who is on call between the instants, earliest first."""
    with deps.store.reading() as session:
        return watches(rows.load_roster(session, since), since, until)


def gaps_ahead(deps: Deps, *, within: timedelta) -> tuple[Gap, ...]:
    """Return when nobody will be on call on a tier, from now on."""
    now = deps.now()
    with deps.store.reading() as session:
        return gaps(rows.load_roster(session, now), tiers_of(deps), now, now + within)


def add_weekly_shifts(deps: Deps, shifts: tuple[Shift, ...], *, actor: str) -> None:
    """Add weekly shifts, all or none.

    Raises:
        UnableToRoster: where there is none, for a tier that no ladder has, somebody who is not active staff, or a
            shift that is on the roster already.
    """
    if not shifts:
        raise UnableToRoster("Choose one weekday or more.")
    now = deps.now()
    with deps.store.transaction() as session:
        present = rows.load_roster(session, now).shifts
        for shift in shifts:
            _known(deps, shift.tier)
            member = _active(session, shift.staff_id)
            if shift in present:
                raise UnableToRoster(f"{member.name} has that shift already.")
            rows.add_shift(session, shift)
            subject = f"staff:{shift.staff_id}"
            audit.record(session, actor=actor, action="added a shift of", subject=subject, now=now)


def drop_weekly_shift(deps: Deps, shift_id: int, *, actor: str) -> None:
    """Take a weekly shift off.

    Raises:
        UnableToRoster: where it is gone already.
    """
    with deps.store.transaction() as session:
        if not rows.drop_shift(session, shift_id):
            raise UnableToRoster("There is no such shift; somebody may have removed it.")
        audit.record(
            session, actor=actor, action="dropped a shift", subject=f"shift:{shift_id}", now=deps.now()
        )


def drop_dated_duty(deps: Deps, duty_id: int, *, actor: str) -> None:
    """Take a dated duty off: who would have been on call without it is so again.

    Raises:
        UnableToRoster: where it is gone already.
    """
    with deps.store.transaction() as session:
        if not rows.drop_duty(session, duty_id):
            raise UnableToRoster("There is no such change; somebody may have removed it.")
        audit.record(session, actor=actor, action="dropped a duty", subject=f"duty:{duty_id}", now=deps.now())


def put_on_call(
    deps: Deps, tier: str, staff_id: int, since: datetime, until: datetime, *, alone: bool, actor: str
) -> None:
    """Put somebody on call on a tier from `since` to `until`, beside whoever is, or `alone` in their place.

    Raises:
        UnableToRoster: for a tier on no ladder, somebody who is no staff, or a time that ends before it starts.
    """
    _known(deps, tier)
    if until <= since:
        raise UnableToRoster("The time ends before it starts.")
    with deps.store.transaction() as session:
        _active(session, staff_id)
        before = watches(rows.load_roster(session, since), since, until) if alone else ()
        absent = (
            Duty(tier, None, watch.starts_at, watch.ends_at, instead_of=watch.staff_id)
            for watch in before
            if watch.tier == tier and watch.staff_id != staff_id
        )
        rows.add_duties(session, (*absent, Duty(tier, staff_id, since, until)))
        audit.record(session, actor=actor, action="put on call", subject=f"staff:{staff_id}", now=deps.now())


def cover_for(
    deps: Deps, absent: int, stand_in: int, since: datetime, until: datetime, *, actor: str
) -> tuple[Watch, ...]:
    """Let one person stand in for another wherever they are on call in that time; return what they take over.

    Raises:
        UnableToRoster: where it ends before it starts, or there is nothing to cover.
    """
    with deps.store.transaction() as session:
        return _cover(session, deps, absent, stand_in, since, until, actor)


def swap(
    deps: Deps,
    first: tuple[int, datetime, datetime],
    second: tuple[int, datetime, datetime],
    *,
    actor: str,
) -> tuple[Watch, ...]:
    """Let two people stand in for each other, each for the time given with the other: both or neither.

    Raises:
        UnableToRoster: where one of the two has nothing to cover.
    """
    with deps.store.transaction() as session:
        one, since, until = first
        other, from_then, to_then = second
        # Both are read from the roster as it was: the second cover must not pass on what the first has just given.
        before = rows.load_roster(session, min(since, from_then))
        taken = cover(before, one, other, since, until)
        given = cover(before, other, one, from_then, to_then)
        if not taken or not given:
            raise UnableToRoster("One of the two is not on call in the time given.")
        return _keep(session, deps, (*taken, *given), one, actor)


def _cover(
    session: Session,
    deps: Deps,
    absent: int,
    stand_in: int,
    since: datetime,
    until: datetime,
    actor: str,
) -> tuple[Watch, ...]:
    if until <= since:
        raise UnableToRoster("The cover ends before it starts.")
    if absent == stand_in:
        raise UnableToRoster("Nobody covers for themselves: choose two people.")
    _active(session, stand_in)
    duties = cover(rows.load_roster(session, since), absent, stand_in, since, until)
    if not duties:
        raise UnableToRoster("They are not on call in that time: there is nothing to cover.")
    return _keep(session, deps, duties, absent, actor)


def _keep(
    session: Session, deps: Deps, duties: tuple[Duty, ...], about: int, actor: str
) -> tuple[Watch, ...]:
    rows.add_duties(session, duties)
    audit.record(session, actor=actor, action="covered", subject=f"staff:{about}", now=deps.now())
    return tuple(
        Watch(duty.tier, duty.staff_id, duty.starts_at, duty.ends_at)
        for duty in duties
        if duty.staff_id is not None
    )


def _known(deps: Deps, tier: str) -> None:
    if tier not in tiers_of(deps):
        raise UnableToRoster(f"No ladder has a tier {tier!r}. Choose one of: {', '.join(tiers_of(deps))}.")


def _active(session: Session, staff_id: int) -> Staff:
    member = session.get(Staff, staff_id)
    if member is None or not member.active:
        raise UnableToRoster("There is no such member of staff.")
    return member
