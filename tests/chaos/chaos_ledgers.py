"""Three ledgers compared: what was sent to the clinic, what the handsets received, and what the database says."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from chaos_people import Sent
from chaos_traces import Trace, Verdict
from sqlalchemy import select

from service.core.words import Channel, Disposition
from service.store.check_ins import CheckIn, CheckInState
from service.store.database import Store
from service.store.escalations import Escalation, EscalationState
from service.store.inbox import InboxMessage, InboxState
from service.store.outbox import OutboxMessage, OutboxState

_TOO_OLD = "too old"
_OF_THE_CLOCK = "clock-"
_TOO_LATE = "window had closed"
_CALL = re.compile(r"/calls/([0-9a-f]+)/")

Found = Iterator[tuple[Trace, str]]


@dataclass(frozen=True, slots=True)
class Books:
    """What the database says at the end."""

    inbox: Sequence[InboxMessage]
    outbox: Sequence[OutboxMessage]
    escalations: Sequence[Escalation]
    check_ins: Sequence[CheckIn]

    @classmethod
    def of(cls, store: Store) -> Books:
        """Read them all."""
        with store.reading() as session:
            return cls(
                session.scalars(select(InboxMessage).order_by(InboxMessage.id)).all(),
                session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all(),
                session.scalars(select(Escalation).order_by(Escalation.id)).all(),
                session.scalars(select(CheckIn)).all(),
            )


def compare(sent: Sequence[Sent], ledger: Mapping[str, Any], books: Books, unrest: str = "") -> Verdict:
    """Return what of the three ledgers does not agree; `unrest` says what kept the house from coming to rest."""
    found = [
        *_lost_replies(sent, ledger, books),
        *_lost_check_ins(books),
        *_lost_messages(ledger, books),
        *_doubled(ledger, books),
        *_unserved(sent, books),
    ]
    return Verdict(len(sent), len(books.outbox), len(books.escalations), found, unrest)


def _lost_replies(sent: Sequence[Sent], ledger: Mapping[str, Any], books: Books) -> Found:
    answered = {
        message["sid"]
        for message in ledger["messages"]
        if any(attempt["outcome"] == "200" for attempt in message["webhooks"])
    }
    kept = {message.sid: message for message in books.inbox}
    for reply in sent:
        stored = kept.get(reply.sid)
        if stored is None:
            yield (Trace.ANSWERED_AND_LOST if reply.sid in answered else Trace.NEVER_STORED), reply.sid
        elif stored.body != reply.body or stored.state != InboxState.READ:
            yield Trace.NEVER_READ, f"{reply.sid}, {stored.state}"


def _lost_check_ins(books: Books) -> Found:
    """A check-in that was sent has its message; none of this run's is too late to be sent."""
    promised = {row.key for row in books.outbox}
    for row in books.check_ins:
        is_missing = row.state == CheckInState.SENT and f"check-in:{row.id}" not in promised
        if is_missing or _TOO_LATE in row.why:
            yield Trace.NEVER_PROMISED, f"check-in:{row.id}, {row.state}, {row.why}"


def _lost_messages(ledger: Mapping[str, Any], books: Books) -> Found:
    arrived, given_up = _arrivals(ledger), _given_up(ledger)
    for row in books.outbox:
        if arrived[row.reference] or row.reference in given_up or _need_not_arrive(row):
            continue
        yield Trace.NEVER_ARRIVED, f"{row.key}, {row.state} after {row.attempts} attempts"


def _need_not_arrive(row: OutboxMessage) -> bool:
    """Return whether a message was cancelled for a good reason, or is a call that is planned for after the run.

    A web process that sees an hour skipped may take the clock for dead; what it has to tell then is old by that hour.
    """
    is_planned = row.channel == Channel.VOICE and row.state == OutboxState.QUEUED and row.attempts == 0
    may_be_old = row.key.startswith(_OF_THE_CLOCK) or _TOO_OLD not in (row.remark or "")
    return is_planned or (row.state == OutboxState.CANCELLED and may_be_old)


def _doubled(ledger: Mapping[str, Any], books: Books) -> Found:
    for sid, times in Counter(message.sid for message in books.inbox).items():
        if times > 1:
            yield Trace.TAKEN_IN_TWICE, f"{sid}, {times} times"
    for key, times in Counter(row.key for row in books.outbox).items():
        if times > 1:
            yield Trace.PROMISED_TWICE, f"{key}, {times} times"
    key_of = {row.reference: row.key for row in books.outbox}
    for reference, times in _arrivals(ledger).items():
        if reference not in key_of:
            yield Trace.PROMISED_BY_NOBODY, reference
        elif times > 1:
            yield Trace.LEFT_TWICE, f"{key_of[reference]}, {times} times"


def _arrivals(ledger: Mapping[str, Any]) -> Counter[str]:
    """Return by reference how often a text was shown or a phone rang."""
    shown = Counter(text["sid"] for text in ledger["texts"] if text["way"] == "received")
    arrived = Counter[str]()
    for message in ledger["messages"]:
        if (reference := _reference_of(message)) is not None and shown[message["sid"]]:
            arrived[reference] += shown[message["sid"]]
    for call in ledger["calls"]:
        if (named := _CALL.search(call["url"])) is not None:
            arrived[named.group(1)] += 1
    return arrived


def _given_up(ledger: Mapping[str, Any]) -> set[str | None]:
    """Return the references of what Twilio itself gave up."""
    lost = ("undelivered", "failed")
    return {_reference_of(message) for message in ledger["messages"] if message["status"] in lost}


def _reference_of(message: Mapping[str, Any]) -> str | None:
    query = parse_qs(urlsplit(message["status_callback"]).query)
    return query["m"][0] if "m" in query else None


def _unserved(sent: Sequence[Sent], books: Books) -> Found:
    """Staff take what they are paged for, at the second page at the latest: what is open at the end reached nobody."""
    for escalation in books.escalations:
        if escalation.state == EscalationState.OPEN and Disposition(escalation.disposition).needs_paging:
            yield Trace.TAKEN_BY_NOBODY, f"escalation {escalation.id}, after {escalation.climbs} steps"
    must_page = {row.id: Disposition(row.disposition).needs_paging for row in books.escalations}
    pages = defaultdict(bool)
    for message in books.inbox:
        pages[message.sid] |= must_page.get(message.escalation_id or 0, False)
    stored = {message.sid for message in books.inbox}
    for reply in sent:
        if reply.is_grave and reply.sid in stored and not pages[reply.sid]:
            yield Trace.BEFORE_NOBODY, reply.sid
