"""Three ledgers compared: what was sent to the clinic, what the handsets received, and what the database says."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

from chaos_people import Sent
from sqlalchemy import select

from service.core.words import Channel, Disposition
from service.store.check_ins import CheckIn, CheckInState
from service.store.database import Store
from service.store.escalations import Escalation, EscalationState
from service.store.inbox import InboxMessage, InboxState
from service.store.outbox import OutboxMessage, OutboxState

_TOO_OLD = "too old"
_TOO_LATE = "window had closed"
_CALL = re.compile(r"/calls/([0-9a-f]+)/")


@dataclass(frozen=True, slots=True)
class Books:
    """What the database says at the end."""

    inbox: Mapping[str, InboxMessage]
    outbox: Sequence[OutboxMessage]
    escalations: Mapping[int, Escalation]
    check_ins: Sequence[CheckIn]

    @classmethod
    def of(cls, store: Store) -> Books:
        """Read them all."""
        with store.reading() as session:
            return cls(
                {message.sid: message for message in session.scalars(select(InboxMessage))},
                session.scalars(select(OutboxMessage).order_by(OutboxMessage.id)).all(),
                {escalation.id: escalation for escalation in session.scalars(select(Escalation))},
                session.scalars(select(CheckIn)).all(),
            )


@dataclass(slots=True)
class Verdict:
    """What is wrong, item by item; docs/chaos.md defines each kind. A sound service has none of any."""

    replies_lost: list[str] = field(default_factory=list)
    acknowledged_and_lost: list[str] = field(default_factory=list)
    messages_lost: list[str] = field(default_factory=list)
    messages_doubled: list[str] = field(default_factory=list)
    escalations_unserved: list[str] = field(default_factory=list)
    replies: int = 0
    messages: int = 0
    escalations: int = 0

    @property
    def is_sound(self) -> bool:
        """Return whether nothing is wrong."""
        return not (
            self.replies_lost or self.messages_lost or self.messages_doubled or self.escalations_unserved
        )

    def __str__(self) -> str:
        """Return the four numbers, and below each what it counts."""
        kinds = (
            ("replies lost", self.replies_lost, f"of {self.replies}"),
            ("messages lost", self.messages_lost, f"of {self.messages}"),
            ("messages doubled", self.messages_doubled, ""),
            ("escalations unserved", self.escalations_unserved, f"of {self.escalations}"),
        )
        lines = []
        for name, items, among in kinds:
            lines += [f"{name:22}{len(items):5}  {among}".rstrip(), *(f"    {item}" for item in items[:20])]
        return "\n".join(lines)


def compare(sent: Sequence[Sent], ledger: Mapping[str, Any], books: Books) -> Verdict:
    """Return what of the three ledgers does not agree."""
    verdict = Verdict(replies=len(sent), messages=len(books.outbox), escalations=len(books.escalations))
    _find_lost_replies(sent, ledger, books, verdict)
    _find_lost_and_doubled_messages(ledger, books, verdict)
    _find_lost_check_ins(books, verdict)
    _find_unserved(sent, books, verdict)
    return verdict


def _find_lost_replies(
    sent: Sequence[Sent], ledger: Mapping[str, Any], books: Books, verdict: Verdict
) -> None:
    answered = {
        message["sid"]
        for message in ledger["messages"]
        if any(attempt["outcome"] == "200" for attempt in message["webhooks"])
    }
    for reply in sent:
        kept = books.inbox.get(reply.sid)
        if kept is not None and kept.body == reply.body and kept.state == InboxState.READ:
            continue
        verdict.replies_lost.append(f"{reply.sid}: {'never stored' if kept is None else kept.state}")
        if kept is None and reply.sid in answered:
            verdict.acknowledged_and_lost.append(reply.sid)


def _find_lost_and_doubled_messages(ledger: Mapping[str, Any], books: Books, verdict: Verdict) -> None:
    key_of = {row.reference: row.key for row in books.outbox}
    arrived, given_up = _arrivals(ledger)
    per_key = Counter[str]()
    for reference, times in arrived.items():
        per_key[key_of.get(reference, f"promised by nobody: {reference}")] += times
    verdict.messages_doubled += [
        f"{key}: {times} times"
        for key, times in per_key.items()
        if times > 1 or key.startswith("promised by")
    ]
    for row in books.outbox:
        if per_key[row.key] or row.reference in given_up:
            continue
        if row.state == OutboxState.CANCELLED and _TOO_OLD not in (row.remark or ""):
            continue
        if row.channel == Channel.VOICE and row.state == OutboxState.QUEUED and row.attempts == 0:
            # A call that is planned for later than the end of the run.
            continue
        verdict.messages_lost.append(f"{row.key}: {row.state} after {row.attempts} attempts")


def _arrivals(ledger: Mapping[str, Any]) -> tuple[Counter[str], set[str]]:
    """Return by reference how often a text was shown or a phone rang, and what Twilio itself gave up."""
    shown = Counter(text["sid"] for text in ledger["texts"] if text["way"] == "received")
    arrived, given_up = Counter[str](), set[str]()
    for message in ledger["messages"]:
        reference = _reference_of(message)
        if reference is not None:
            arrived[reference] += shown[message["sid"]]
            if message["status"] in ("undelivered", "failed"):
                given_up.add(reference)
    for call in ledger["calls"]:
        named = [found.group(1) for webhook in call["webhooks"] if (found := _CALL.search(webhook["url"]))]
        if named:
            arrived[named[0]] += 1
    return arrived, given_up


def _reference_of(message: Mapping[str, Any]) -> str | None:
    query = parse_qs(urlsplit(message["status_callback"]).query)
    return query["m"][0] if "m" in query else None


def _find_lost_check_ins(books: Books, verdict: Verdict) -> None:
    """A check-in that was sent has its message; none of this run's is too late to be sent."""
    promised = {row.key for row in books.outbox}
    for row in books.check_ins:
        is_missing = row.state == CheckInState.SENT and f"check-in:{row.id}" not in promised
        if is_missing or _TOO_LATE in row.why:
            verdict.messages_lost.append(f"check-in:{row.id}: {row.state}, {row.why or 'never promised'}")


def _find_unserved(sent: Sequence[Sent], books: Books, verdict: Verdict) -> None:
    """Staff take whatever they are paged for, so that what is open at the end has reached nobody."""
    for escalation in books.escalations.values():
        if escalation.state == EscalationState.OPEN and Disposition(escalation.disposition).needs_paging:
            verdict.escalations_unserved.append(
                f"escalation {escalation.id}: open after {escalation.climbs} steps"
            )
    grave = defaultdict(list)
    for reply in sent:
        if reply.is_grave and (kept := books.inbox.get(reply.sid)) is not None:
            grave[kept.escalation_id].append(reply.sid)
    verdict.escalations_unserved += [f"{sid}: grave, and before nobody" for sid in grave[None]]
