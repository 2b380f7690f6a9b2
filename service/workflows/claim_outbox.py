"""What is to leave is claimed, many messages in one transaction: asked whether it may, and on record as being sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from service import logs
from service.carrier.gateway import OutgoingCall, OutgoingText
from service.core.words import Channel, Urgency
from service.store import leaving, ways_out
from service.store.database import INTERRUPTED, Session
from service.store.leaving import Waiting
from service.store.outbox import OutboxMessage
from service.workflows.deps import Deps
from service.workflows.fate import tell_staff
from service.workflows.never_asked import never_asked
from service.workflows.stepping_aside import PAUSE, set_before_a_person, stepping_aside

_log = logs.get(__name__)

# Claims so many messages at the most, at the instant, and returns their ids.
Claim = Callable[[Session, datetime, int], list[int]]

# A sender that has said nothing for this long is dead: Twilio's call itself times out far sooner.
LEASE = timedelta(minutes=2)
# A call waits while another rings at its phone, which would be busy by our own doing, or may ring; but no longer than
# two that far apart can be mistaken for each other, and a page is heard and answered. So do the same words by text.
_BETWEEN_TWO = timedelta(seconds=5)
_BLOCKS_THE_PHONE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(minutes=10)
_AS_IT_STANDS = "It could not be sent as it stands."
# A page or a safety line that Twilio can't deliver within this time is better sent anew by the ladder.
_WORTH = {Urgency.SAFETY: timedelta(hours=1), Urgency.PAGE: timedelta(minutes=30)}
_WORTH_ELSE = timedelta(hours=4)


@dataclass(frozen=True, slots=True)
class Leaving:
    """A message on record as being sent, and what the carrier is handed for it."""

    message_id: int
    urgency: int
    claimed_at: datetime
    outgoing: OutgoingText | OutgoingCall

    @property
    def may_wait(self) -> bool:
        """Return whether what may not wait goes before it whatever happens."""
        return self.urgency > Urgency.PAGE


@dataclass(frozen=True, slots=True)
class Claimed:
    """What one look found: how many messages waited, how many of them were dealt with, and those that leave."""

    found: int = 0
    dealt_with: int = 0
    leaving: tuple[Leaving, ...] = ()


def waiting(deps: Deps, *, urgent_alone: bool = False) -> Claim:
    """Return the claim of what waits, the most urgent first, or of what may not wait alone."""
    ahead = deps.pace.ahead if deps.pace else None
    return partial(leaving.claim_waiting, ahead=ahead, urgent_alone=urgent_alone)


def claim_together(deps: Deps, most: int, wanted: Claim) -> Claimed:
    """Claim so many messages at the most, and put each attempt on record.

    Where one of them can't be dealt with, each is claimed by itself, and that one steps aside.
    """
    now = deps.now()
    try:
        with deps.store.transaction() as session:
            ids = wanted(session, now, most)
            claimed, alone = _deal_with(session, deps, ids, now)
    except INTERRUPTED:
        raise
    except Exception as error:  # noqa: BLE001 -- it comes again below, for the message that it is about
        _log.warning("outbox.not_claimed_together", exc_info=error, remedy="Each is claimed by itself.")
        with deps.store.transaction() as session:
            alone = wanted(session, now, most)
        claimed = Claimed(found=len(alone))
    for message_id in alone:
        claimed = _joined(claimed, _claim_alone(deps, message_id, now))
    return claimed


def _claim_alone(deps: Deps, message_id: int, now: datetime) -> Claimed:
    claimed = Claimed(dealt_with=1)
    with stepping_aside(deps, _not_sent) as turn, deps.store.transaction() as session:
        turn.row_id = message_id
        claimed, _ = _deal_with(session, deps, leaving.claim_one(session, message_id), now)
    return claimed


def _not_sent(session: Session, deps: Deps, message_id: int, now: datetime) -> None:
    message = leaving.unopened(session, message_id)
    is_news, message.remark = message.remark != _AS_IT_STANDS, _AS_IT_STANDS
    message.try_at = now + PAUSE
    if message.staff_id is not None and is_news:
        tell_staff(session, deps, message, _AS_IT_STANDS, opted_out=False, now=now)
    elif message.staff_id is None and message.patient_id is not None:
        reason = "A message could not be sent as it stands; call the patient, and tell ops."
        set_before_a_person(session, deps, message.patient_id, reason, now)


def _joined(one: Claimed, other: Claimed) -> Claimed:
    return Claimed(one.found, one.dealt_with + other.dealt_with, one.leaving + other.leaving)


def give_back(deps: Deps, claimed: Sequence[Leaving]) -> None:
    """Let these wait again, which were claimed and never handed to the carrier; not what others have claimed since."""
    with deps.store.transaction() as session:
        leaving.give_back(session, [(one.message_id, one.claimed_at) for one in claimed])


def pause_before(attempts: int, message_id: int) -> timedelta:
    """Return how long to wait before the next try: doubling, up to ten minutes.

    A part of it differs from message to message, so that a backlog does not come back all at once.
    """
    pause = min(timedelta(seconds=2.0**attempts), _LONGEST_PAUSE)
    return pause * (0.75 + 0.5 * (message_id * 0.618 % 1))


def _deal_with(session: Session, deps: Deps, ids: Sequence[int], now: datetime) -> tuple[Claimed, list[int]]:
    """Let those of the claimed messages leave that may; return them, and the ids of those to be dealt with alone."""
    messages = leaving.read(session, ids) if ids else []
    too_old = [message.id for message in messages if message.not_after and now > message.not_after]
    in_time = [message for message in messages if message.id not in too_old]
    if len(messages) == 1 and too_old:
        # It holds its patient, too, which nobody may who holds a dozen messages.
        leaving.cancel(session, too_old, "It had become too old to be sent.", now)
        never_asked(session, session.get_one(OutboxMessage, messages[0].id), now)
        return Claimed(1, 1), []
    wanted = _still_wanted(session, in_time, now)
    apart = _apart(session, wanted, now)
    in_turn = _in_turn(session, deps, apart, now)
    if in_turn:
        leaving.start(session, [message.id for message in in_turn], now, now + LEASE)
    left = tuple(Leaving(message.id, message.urgency, now, _outgoing(message, now)) for message in in_turn)
    return Claimed(len(messages), len(in_time) - len(apart) + len(left), left), too_old


def _outgoing(message: Waiting, now: datetime) -> OutgoingText | OutgoingCall:
    if message.channel == Channel.VOICE:
        return OutgoingCall(message.recipient, message.reference)
    usual = _WORTH.get(Urgency(message.urgency), _WORTH_ELSE)
    worth = message.not_after - now if message.not_after else usual
    return OutgoingText(message.recipient, message.body, message.reference, worth)


def _still_wanted(session: Session, messages: Sequence[Waiting], now: datetime) -> Sequence[Waiting]:
    """Cancel what its patient no longer wants, and what has been seen to; what was asked just now is answered (law 5)."""
    reasons = {message.id: _unwanted(message) for message in messages}
    for why in set(filter(None, reasons.values())):
        leaving.cancel(session, [one for one, reason in reasons.items() if reason == why], why, now)
    return [message for message in messages if not reasons[message.id]]


def _unwanted(message: Waiting) -> str:
    """Return why the message is no longer wanted; empty where it is."""
    if message.urgency == Urgency.PAGE:
        # It came back to be tried again, and somebody had taken meanwhile what it is about.
        return "Somebody has it already." if message.is_taken else ""
    if message.urgency != Urgency.CHECK_IN or message.patient_id is None or message.staff_id is not None:
        return ""
    if not message.patient_may_be_contacted:
        return "The patient may not be texted."
    # A text may have answered what a call would ask, while the call waited.
    is_needed = message.channel != Channel.VOICE or message.is_awaited
    return "" if is_needed else "Nobody waits for its answer any more."


def _apart(session: Session, messages: Sequence[Waiting], now: datetime) -> Sequence[Waiting]:
    """Put off what would go to a phone that rings, or say again what is just being said to it; return the others.

    Twilio's log tells two calls to one phone, or two texts of the same words, apart by their time alone: sent at once,
    one could be taken for the other, and the other be sent again.
    """
    texts = [message for message in messages if message.channel != Channel.VOICE]
    calls = [message for message in messages if message.channel == Channel.VOICE]
    taken: set[tuple[str, str]] = set()
    if texts:
        taken |= _words_under_way(session, texts, now)
    if calls:
        ways_out.hold(session, Channel.VOICE)
        taken |= {(phone, "") for phone in leaving.phones_that_ring(session, calls, now - _BLOCKS_THE_PHONE)}
    apart = []
    for message in messages:
        what = (message.recipient_hash, "" if message.channel == Channel.VOICE else message.body)
        if what not in taken:
            apart.append(message)
            taken.add(what)
    if len(apart) < len(messages):
        others = {message.id for message in messages} - {message.id for message in apart}
        leaving.put_off(session, sorted(others), now + _BETWEEN_TWO)
    return apart


def _words_under_way(session: Session, texts: Sequence[Waiting], now: datetime) -> set[tuple[str, str]]:
    own = {(text.recipient_hash, text.body) for text in texts}
    if not own & leaving.twins(session, texts):
        return set()
    # Whoever claims the other one waits here, or has it on record.
    ways_out.hold(session, Channel.SMS)
    return leaving.twins_under_way(session, texts, now - _BLOCKS_THE_PHONE)


def _in_turn(session: Session, deps: Deps, messages: Sequence[Waiting], now: datetime) -> Sequence[Waiting]:
    """Leave out what has no turn: what is handed to Twilio faster than it sends leaves in no order of urgency."""
    may_leave = {message.id for message in messages}
    for channel in {message.channel for message in messages}:
        of_channel = [message for message in messages if message.channel == channel]
        pace = deps.pace if channel == Channel.SMS else None
        if pace is None and not of_channel[0].is_stopped:
            continue
        turns = ways_out.take_turns(
            session,
            channel,
            now,
            every=pace.every if pace else None,
            ahead=pace.ahead if pace else timedelta(),
            may_wait=[message.urgency > Urgency.PAGE for message in of_channel],
        )
        may_leave -= {message.id for message, has_turn in zip(of_channel, turns, strict=True) if not has_turn}
    return [message for message in messages if message.id in may_leave]
