"""Time in a chaos run: it is skipped only while nothing is under way, since no real clock jumps in the middle of a call."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from chaos_house import TIMEOUT_SECONDS, House
from sqlalchemy import ColumnElement, and_, func, or_, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from service.core.words import Channel, Disposition
from service.store.check_ins import CheckIn, CheckInState
from service.store.database import Store
from service.store.escalations import Escalation, EscalationState
from service.store.inbox import InboxMessage, InboxState
from service.store.outbox import OutboxMessage, OutboxState

# A send that is older has come back, or its sender is dead, however busy the machine.
_UNDER_WAY = timedelta(seconds=4 * TIMEOUT_SECONDS)
_GLANCE_SECONDS = 0.2
_LONGEST_STEP = timedelta(minutes=10)
_LONGEST_SKIP = timedelta(hours=1)


class NeverCalm(Exception):
    """The house did not come to rest in time; what is left is in the message."""


@dataclass(slots=True)
class Time:
    """Moves everybody's clock, and waits until what fell due is done."""

    house: House
    store: Store
    is_quiet: Callable[[], bool]

    def skip(self, ahead: timedelta, patience: float, at_rest: Callable[[], None]) -> None:
        """Move the clock ahead, in steps that no reminder's window fits into; before each all has come to its end.

        `at_rest` is called then: what people do in the hours that are skipped.
        """
        until = self.house.now() + ahead
        while (left := until - self.house.now()) > timedelta(0):
            self.settle(patience)
            at_rest()
            self._move(min(left, _LONGEST_SKIP), patience, self._busy)

    def jump(self, ahead: timedelta, patience: float) -> None:
        """Move the clock ahead, whatever falls due meanwhile, once nothing is under way: no clock may be there to do it."""
        self._move(ahead, patience, self._under_way)

    def settle(self, patience: float) -> None:
        """Wait, and skip the pauses of what is tried again later, until nothing is on its way.

        Raises:
            NeverCalm: something is still on its way after `patience` seconds.
        """
        deadline = time.monotonic() + patience
        while True:
            self._rest(deadline)
            pending = self._next_pending()
            if pending is None:
                return
            step = min(max(pending - self.house.now(), timedelta(0)), _LONGEST_STEP)
            self._move(step, patience, self._busy)

    def _rest(self, deadline: float) -> None:
        """Wait until nobody speaks and nothing that could be done now is left to do."""
        while not (self.is_quiet() and self._is_calm()):
            if time.monotonic() > deadline:
                raise NeverCalm(f"{NeverCalm.__doc__} {self._left()}")
            time.sleep(_GLANCE_SECONDS)

    def _is_calm(self) -> bool:
        try:
            with self.store.reading() as session:
                return not self._busy(session)
        except DBAPIError:
            # The database is getting up.
            return False

    def _busy(self, session: Session) -> bool:
        due = select(func.count()).where(_falls_due_by(self.house.now()))
        return self._under_way(session) or bool(session.scalar(due))

    def _under_way(self, session: Session) -> bool:
        now = self.house.now()
        unread = select(func.count()).where(
            InboxMessage.state == InboxState.UNREAD, InboxMessage.try_at <= now
        )
        moving = or_(
            and_(OutboxMessage.state == OutboxState.QUEUED, OutboxMessage.try_at <= now),
            and_(OutboxMessage.state == OutboxState.SENDING, OutboxMessage.attempted_at > now - _UNDER_WAY),
            and_(OutboxMessage.state == OutboxState.UNKNOWN, OutboxMessage.lease_until <= now),
        )
        busy = select(func.count()).where(moving)
        climbing = select(func.count()).where(
            Escalation.state != EscalationState.CLOSED, Escalation.next_step_at <= now
        )
        return any(session.scalar(query) for query in (unread, busy, climbing))

    def _next_pending(self) -> datetime | None:
        """Return when the first of what is not settled yet goes on; a call that waits for its own minute is not meant."""
        with self.store.reading() as session:
            tried = select(func.min(OutboxMessage.try_at)).where(_is_to_be_tried_again())
            leased = select(func.min(OutboxMessage.lease_until)).where(
                OutboxMessage.state.in_((OutboxState.SENDING, OutboxState.UNKNOWN))
            )
            unread = select(func.min(InboxMessage.try_at)).where(InboxMessage.state == InboxState.UNREAD)
            climbs = select(func.min(Escalation.next_step_at)).where(_is_climbing())
            moments = [session.scalar(query) for query in (tried, leased, unread, climbs)]
        return min((moment for moment in moments if moment is not None), default=None)

    def _move(self, ahead: timedelta, patience: float, stirs: Callable[[Session], bool]) -> None:
        """Move the clock once nothing `stirs`, while the outbox is locked, so that nobody can begin to send meanwhile."""
        deadline = time.monotonic() + patience
        while True:
            # The lock is not waited for longer than the service itself would wait for one.
            with suppress(DBAPIError), self.store.transaction() as session:
                session.execute(text("LOCK TABLE outbox IN EXCLUSIVE MODE"))
                if not stirs(session):
                    self.house.go_to(self.house.now() + ahead + timedelta(seconds=1))
                    return
            if time.monotonic() > deadline:
                raise NeverCalm(f"{NeverCalm.__doc__} {self._left()}")
            time.sleep(_GLANCE_SECONDS)

    def _left(self) -> str:
        with self.store.reading() as session:
            states = select(OutboxMessage.state, func.count()).group_by(OutboxMessage.state)
            unread = select(func.count()).where(InboxMessage.state == InboxState.UNREAD)
            climbing = select(func.count()).where(_is_climbing())
            counts = {**dict(session.execute(states).all())}  # type: ignore[arg-type]  # rows are pairs
            return (
                f"Outbox: {counts}; unread: {session.scalar(unread)}; climbing: {session.scalar(climbing)}."
            )


def _falls_due_by(now: datetime) -> ColumnElement[bool]:
    """Return what tells a check-in for which the clocks have something to do: to ask, to remind, to call or to give up."""
    silent = CheckIn.nudge_at <= now, CheckIn.call_at <= now, CheckIn.missed_at <= now
    return or_(
        and_(CheckIn.state == CheckInState.PLANNED, CheckIn.try_at <= now),
        and_(CheckIn.state == CheckInState.SENT, or_(*silent)),
    )


def _is_climbing() -> ColumnElement[bool]:
    paging = tuple(level for level in Disposition if level.needs_paging)
    return and_(Escalation.state == EscalationState.OPEN, Escalation.disposition.in_(paging))


def _is_to_be_tried_again() -> ColumnElement[bool]:
    waits = OutboxMessage.state == OutboxState.QUEUED
    return and_(waits, or_(OutboxMessage.attempts > 0, OutboxMessage.channel == Channel.SMS))
