"""What leaves the outbox: claimed, put on record and settled many rows in a statement, so that one message costs little."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import LargeBinary, Table, bindparam, select, type_coerce, update
from sqlalchemy.orm import Session, defer

from service.core.words import Channel, Urgency
from service.store import ways_out
from service.store.check_ins import CheckIn, CheckInState
from service.store.escalations import Escalation, EscalationState
from service.store.keyring import Keyring, UnableToOpen
from service.store.outbox import OutboxMessage, OutboxState
from service.store.patients import Patient, may_be_contacted
from service.store.ways_out import WayOut

_outbox = cast(Table, OutboxMessage.__table__)
_columns = _outbox.c
# A statement that is built once costs a third of one that is built each time.
_WAITING = (
    select(_columns.id)
    .where(_columns.state == OutboxState.QUEUED, _columns.try_at <= bindparam("now"))
    .order_by(_columns.urgency, _columns.try_at, _columns.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_URGENT = _WAITING.where(
    _columns.urgency <= int(Urgency.PAGE), _columns.channel.not_in(bindparam("stopped", expanding=True))
)
_OF_A_CHANNEL = _WAITING.where(
    _columns.urgency > int(Urgency.PAGE), _columns.channel == bindparam("of_channel")
)
_ONE = (
    select(_columns.id)
    .where(_columns.id == bindparam("message_id"), _columns.state == OutboxState.QUEUED)
    .with_for_update(skip_locked=True)
)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What has to be known of a claimed message before it may leave: columns of the outbox, and what it is about."""

    id: int
    reference: str
    urgency: int
    channel: str
    recipient: str
    recipient_hash: str
    body: str
    not_after: datetime | None
    patient_id: int | None
    staff_id: int | None

    patient_may_be_contacted: bool
    is_awaited: bool
    """Whether the check-in that it is of is still open; so is what is of none."""
    is_taken: bool
    """Whether somebody has the escalation that it is about."""
    is_stopped: bool
    """Whether Twilio refuses everything on its channel."""


_among = _columns.id.in_(bindparam("ids", expanding=True))
_OWN = tuple(name for name in Waiting.__dataclass_fields__ if name in _columns)
_READ = (
    select(
        *(_columns[name] for name in _OWN),
        Patient.consented_at,
        Patient.opted_out_at,
        Patient.wrong_number_at,
        CheckIn.state,
        Escalation.state,
        WayOut.stopped_at,
    )
    .select_from(_outbox)
    .outerjoin(Patient, Patient.id == _columns.patient_id)
    .outerjoin(CheckIn, CheckIn.id == _columns.check_in_id)
    .outerjoin(Escalation, Escalation.id == _columns.escalation_id)
    .outerjoin(WayOut, WayOut.channel == _columns.channel)
    .where(_among)
    .order_by(_columns.urgency, _columns.try_at, _columns.id)
)
_TO_THE_SAME = select(_columns.recipient_hash, type_coerce(_columns.body, LargeBinary)).where(
    _columns.recipient_hash.in_(bindparam("phones", expanding=True)),
    _columns.channel == bindparam("of_channel"),
    _columns.id.not_in(bindparam("ids", expanding=True)),
    _columns.state.in_(bindparam("states", expanding=True)),
)
_TRIED_SINCE = _TO_THE_SAME.where(_columns.attempted_at > bindparam("since"))
_RINGING_SINCE = _TRIED_SINCE.with_only_columns(_columns.recipient_hash)

_START = (
    update(_outbox)
    .where(_among)
    .values(
        state=OutboxState.SENDING,
        attempts=_columns.attempts + 1,
        attempted_at=bindparam("now"),
        lease_until=bindparam("until"),
    )
)
_GIVE_BACK = (
    update(_outbox)
    .where(
        _columns.id == bindparam("message_id"),
        _columns.attempted_at == bindparam("claimed_at"),
        _columns.state == OutboxState.SENDING,
    )
    .values(state=OutboxState.QUEUED, attempts=_columns.attempts - 1, lease_until=None)
)
_PUT_OFF = update(_outbox).where(_among).values(try_at=bindparam("until"))
_CANCEL = (
    update(_outbox)
    .where(_among)
    .values(state=OutboxState.CANCELLED, settled_at=bindparam("now"), remark=bindparam("why"))
)
_ACCEPT = (
    update(_outbox)
    .where(_columns.id == bindparam("message_id"), _columns.state == OutboxState.SENDING)
    .values(
        state=OutboxState.ACCEPTED,
        sid=bindparam("the_sid"),
        lease_until=None,
        remark=None,
        look_at=bindparam("look"),
    )
)


def claim_waiting(
    session: Session, now: datetime, most: int, *, ahead: timedelta | None = None, urgent_alone: bool = False
) -> list[int]:
    """Claim the most urgent messages whose turn has come on channels that take them; return their ids.

    What may wait leaves only while what has left so far will have gone within `ahead`. A channel that takes nothing
    holds up no other.
    """
    shut = ways_out.shut(session, now, ahead)
    if not (shut.stopped or shut.full or urgent_alone):
        return _ids(session, _WAITING, now, most)
    claimed = _ids(session, _URGENT, now, most, stopped=shut.stopped)
    if urgent_alone:
        return claimed
    # A channel at a time, each by its own stretch of an index: however long the backlog is behind the other.
    for channel in Channel:
        if len(claimed) < most and channel not in shut.stopped | shut.full:
            claimed += _ids(session, _OF_A_CHANNEL, now, most - len(claimed), of_channel=channel)
    return claimed


def _ids(session: Session, wanted: Any, now: datetime, most: int, **more: Any) -> list[int]:
    return list(session.scalars(wanted, {"now": now, "most": most, **more}))


def claim_one(session: Session, message_id: int) -> list[int]:
    """Claim this message, if it still waits and nobody holds it; return its id, or nothing."""
    return list(session.scalars(_ONE, {"message_id": message_id}))


def read(session: Session, ids: Sequence[int]) -> list[Waiting]:
    """Return these messages, the most urgent first."""
    rows: Sequence[Any] = session.execute(_READ, {"ids": ids}).all()
    return [Waiting(*(*row[: len(_OWN)], *_about(*row[len(_OWN) :]))) for row in rows]


def _about(
    consented_at: datetime | None,
    opted_out_at: datetime | None,
    wrong_number_at: datetime | None,
    check_in: str | None,
    escalation: str | None,
    stopped_at: datetime | None,
) -> tuple[bool, bool, bool, bool]:
    return (
        may_be_contacted(consented_at, opted_out_at, wrong_number_at),
        check_in in (None, CheckInState.SENT),
        escalation not in (None, EscalationState.OPEN),
        stopped_at is not None,
    )


def twins(session: Session, texts: Sequence[Waiting]) -> set[tuple[str, str]]:
    """Return phone and words of the other texts to the same phones that wait, are being sent, or may have been."""
    return _twins(
        session, _TO_THE_SAME, texts, (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.UNKNOWN)
    )


def twins_under_way(session: Session, texts: Sequence[Waiting], since: datetime) -> set[tuple[str, str]]:
    """Return phone and words of the other texts to the same phones that were tried since, with an unknown end."""
    open_ends = OutboxState.SENDING, OutboxState.UNKNOWN
    return _twins(session, _TRIED_SINCE, texts, open_ends, since=since)


def _twins(
    session: Session, wanted: Any, texts: Sequence[Waiting], states: Sequence[OutboxState], **more: Any
) -> set[tuple[str, str]]:
    found = session.execute(wanted, {**_to_others(texts, Channel.SMS, states), **more})
    keyring: Keyring = session.info["keyring"]
    return {(phone, words) for phone, sealed in found if (words := _opened(keyring, sealed)) is not None}


def _opened(keyring: Keyring, sealed: bytes) -> str | None:
    """Return the words; None where no key opens them, because that is no fault of the message that is asked about."""
    try:
        return keyring.unseal(sealed)
    except UnableToOpen:
        return None


# A call that somebody has picked up counts as sent until it is over.
_UNDER_WAY = (OutboxState.SENDING, OutboxState.UNKNOWN, OutboxState.ACCEPTED, OutboxState.SENT)


def phones_that_ring(session: Session, calls: Sequence[Waiting], since: datetime) -> set[str]:
    """Return the phones of these calls that another call, attempted since the instant, rings or may ring."""
    others = {**_to_others(calls, Channel.VOICE, _UNDER_WAY), "since": since}
    return set(session.scalars(_RINGING_SINCE, others))


def _to_others(
    messages: Sequence[Waiting], channel: Channel, states: Sequence[OutboxState]
) -> Mapping[str, Any]:
    return {
        "phones": {message.recipient_hash for message in messages},
        "of_channel": channel,
        "ids": [message.id for message in messages],
        "states": states,
    }


def start(session: Session, ids: Sequence[int], now: datetime, lease_until: datetime) -> None:
    """Put on record that these are being sent; who finds the lease over may ask what became of them."""
    session.execute(_START, {"ids": ids, "now": now, "until": lease_until})


def give_back(session: Session, claimed: Iterable[tuple[int, datetime]]) -> None:
    """Let these wait again, each claimed at its instant and not since, which were never handed to the carrier."""
    rows = [{"message_id": message_id, "claimed_at": claimed_at} for message_id, claimed_at in claimed]
    session.execute(_GIVE_BACK, rows)


def put_off(session: Session, ids: Sequence[int], until: datetime) -> None:
    """Let these wait until the instant."""
    session.execute(_PUT_OFF, {"ids": ids, "until": until})


def cancel(session: Session, ids: Sequence[int], why: str, now: datetime) -> None:
    """Cancel these for a reason that staff can read."""
    session.execute(_CANCEL, {"ids": ids, "why": why, "now": now})


def unopened(session: Session, message_id: int) -> OutboxMessage:
    """Return the message with what is sealed of it left shut: that may be what can't be read."""
    shut = [defer(OutboxMessage.body), defer(OutboxMessage.recipient)]
    return session.get_one(OutboxMessage, message_id, options=shut, with_for_update=True)


def accept(session: Session, sids: Iterable[tuple[int, str]], look_at: datetime) -> None:
    """Note under which sids Twilio has taken texts, but for those of which a status callback has told more already."""
    rows = [{"message_id": message_id, "the_sid": sid, "look": look_at} for message_id, sid in sids]
    session.execute(_ACCEPT, rows)
