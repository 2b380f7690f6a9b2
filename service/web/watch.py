"""The watch over the service itself: what is late, in sentences that say what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from service.core.words import Channel, Urgency
from service.store import heartbeats, inbox, outbox, ways_out
from service.store.clinics import NoClinic, find_clinic
from service.store.database import Session
from service.workflows.deps import Deps

# The clock ticks every few seconds; after a minute, and a few ticks more, one of them is stuck.
_LATE: Final = timedelta(seconds=75)
# Ticks that come more rarely; the log of received texts is read every two minutes.
_RARE: Final = {"catch up": timedelta(minutes=7)}
_STUCK: Final = timedelta(seconds=60)


_STOPPED: Final = {
    Channel.SMS: "No text leaves, no page either: {why} Put it right in Twilio's console; until then, phone who is on "
    "call. One text a minute is tried, and all go on by themselves once one is sent.",
    Channel.VOICE: "No call leaves: {why} Put it right in Twilio's console; until then, pages go out by text alone. One "
    "call a minute is tried, and all go on by themselves once one is placed.",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """Something late or broken: what it is, and the sentence that says what to do."""

    what: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Watch:
    """How the service is; ages in seconds, None where nothing waits (or the clock never ran)."""

    faults: tuple[Fault, ...]
    clock_age: float | None = None
    page_age: float | None = None
    reply_age: float | None = None


def watch(deps: Deps) -> Watch:
    """Look at database, migrations, clock, pages and replies."""
    try:
        deps.store.answers()
    except Exception as error:  # noqa: BLE001 -- whatever the driver raises, the database does not answer
        return Watch((_unreachable(error),))
    pending = deps.store.pending_migrations()
    if pending:
        sentence = f"The database lacks {len(pending)} migration(s). Run: dripline release."
        return Watch((Fault("migrations", sentence),))
    return watch_work(deps)


def watch_work(deps: Deps) -> Watch:
    """Look at clock, pages and replies, in a database that answers."""
    now = deps.now()
    with deps.store.reading() as session:
        beats = heartbeats.beats(session)
        page = outbox.oldest_waiting(session, Urgency.PAGE)
        reply = inbox.oldest_unread(session)
        faults = tuple(_faults(session, beats, page, reply, now))
    newest = max(beats.values(), default=None)
    return Watch(faults, _age(newest, now), _age(page, now), _age(reply, now))


def _unreachable(error: Exception) -> Fault:
    return Fault(
        "database",
        f"The database does not answer ({type(error).__name__}). Check DATABASE_URL and the database's own status.",
    )


def _faults(
    session: Session,
    beats: Mapping[str, datetime],
    page: datetime | None,
    reply: datetime | None,
    now: datetime,
) -> Iterator[Fault]:
    if find_clinic(session) is None:
        yield Fault("clinic", f"{NoClinic.__doc__}")
    yield from _late_ticks(beats, now)
    for way in ways_out.stopped(session):
        yield Fault("carrier", _STOPPED[Channel(way.channel)].format(why=way.stopped_by))
    if page is not None and now - page > _STUCK:
        yield Fault(
            "page",
            f"A page to staff has waited {minutes(now - page)} to leave. Call who is on call, then check the clock "
            "process and Twilio.",
        )
    if reply is not None and now - reply > _STUCK:
        yield Fault(
            "reply",
            f"A patient's reply has waited {minutes(now - reply)} to be read. Check the clock process and its log.",
        )


def _late_ticks(beats: Mapping[str, datetime], now: datetime) -> Iterator[Fault]:
    often = {tick: at for tick, at in beats.items() if tick not in _RARE}
    if not often:
        yield Fault(
            "clock", "The clock has never run: nothing is sent or escalated. Start the clock process."
        )
        return
    last = max(often.values())
    if now - last > _LATE:
        yield Fault(
            "clock",
            f"The clock has stood still for {minutes(now - last)}: nothing is sent or escalated. "
            "Restart the clock process, and watch the phones yourself until it runs.",
        )
        return
    for tick, at in sorted(beats.items()):
        if now - at > _RARE.get(tick, _LATE):
            yield Fault(
                "tick",
                f"The clock's work “{tick}” has not finished for {minutes(now - at)}. Look for it in the clock's log.",
            )


def minutes(age: timedelta) -> str:
    """Return an age in words that fit a sentence: "3 minutes", "2 hours"."""
    whole = int(age.total_seconds() // 60)
    count, unit = (whole // 60, "hour") if whole >= 120 else (max(whole, 1), "minute")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"


def _age(since: datetime | None, now: datetime) -> float | None:
    # What may leave later only does not wait yet.
    return None if since is None or since > now else round((now - since).total_seconds(), 1)
