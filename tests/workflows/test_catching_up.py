"""Each look at Twilio's log begins where the last whole one ended, and a little before: nothing falls between two looks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from builders import ANA
from main_path import SEVERE, Clinic, live

from service.carrier.gateway import LoggedCall, LoggedText, UnableToAsk
from service.carrier.memory import MemoryCarrier
from service.store import inbox
from service.workflows.catch_up import catch_up

DAY = timedelta(hours=24)


class PageByPage(MemoryCarrier):
    """Twilio's log, newest first, which breaks off after the first text as often as `breaks` says."""

    breaks = 0
    since: datetime | None = None

    def texts_received(self, since: datetime) -> Iterator[LoggedText]:
        self.since = since
        for text in sorted(super().texts_received(since), key=lambda text: text.created_at, reverse=True):
            yield text
            if self.breaks:
                self.breaks -= 1
                raise UnableToAsk("The connection broke between two pages.")

    def calls_received(self, since: datetime) -> Iterator[LoggedCall]:
        if self.breaks:
            self.breaks -= 1
            raise UnableToAsk("The connection broke.")
        return super().calls_received(since)


@pytest.fixture
def down(sqlite_clinic: Clinic) -> Clinic:
    """The clinic whose clock has just looked at the log for the last time before an outage of a day."""
    sqlite_clinic.carrier = PageByPage(sqlite_clinic.clock)
    sqlite_clinic.deps = replace(sqlite_clinic.deps, carrier=sqlite_clinic.carrier)
    assert catch_up(sqlite_clinic.deps) == 0
    return sqlite_clinic


def writes(clinic: Clinic, body: str, *, ago: timedelta, sid: str, status: str = "received") -> None:
    """Let Ana have written so long ago, while our webhook did not answer."""
    at = clinic.clock() - ago
    text = LoggedText("SM" + sid * 32, "inbound", ANA, clinic.carrier.sender, body, status, None, at)
    clinic.carrier.received.append(text)


def kept(clinic: Clinic) -> list[str]:
    """Return what Ana has written, as it is kept, in the order in which it is read."""
    with clinic.store.reading() as session:
        found = session.query(inbox.InboxMessage).order_by(inbox.InboxMessage.id)
        return [message.body for message in found]


def test_an_outage_of_a_day_loses_no_reply_whenever_it_was_written(down: Clinic) -> None:
    down.clock.move(hours=24)
    # The first was written just before the last look, and stood in the log just after it.
    for sid, ago in (
        ("1", DAY + timedelta(minutes=9)),
        ("2", DAY),
        ("3", timedelta(hours=12)),
        ("4", timedelta()),
    ):
        writes(down, f"none {sid}", ago=ago, sid=sid)

    taken_in = catch_up(down.deps)

    assert isinstance(down.carrier, PageByPage)
    assert down.carrier.since == down.clock() - DAY - timedelta(minutes=10)
    assert (taken_in, kept(down)) == (4, ["none 1", "none 2", "none 3", "none 4"])


def test_a_log_that_breaks_off_is_read_from_the_same_instant_again(down: Clinic) -> None:
    down.clock.move(hours=24)
    for sid in ("1", "2", "3"):
        writes(down, f"none {sid}", ago=timedelta(hours=20), sid=sid)
    down.carrier.breaks = 1  # type: ignore[attr-defined]  # it is a PageByPage

    catch_up(down.deps)
    down.clock.move(minutes=2)
    catch_up(down.deps)

    assert sorted(kept(down)) == ["none 1", "none 2", "none 3"]


def test_calls_that_could_not_be_asked_for_are_asked_for_again(down: Clinic) -> None:
    down.clock.move(hours=24)
    at = down.clock() - timedelta(hours=20)
    down.carrier.received_calls.append(LoggedCall("CA" + "1" * 32, "inbound", ANA, "", "busy", "", 0, at))
    down.carrier.breaks = 1  # type: ignore[attr-defined]  # it is a PageByPage

    first = catch_up(down.deps)
    down.clock.move(minutes=2)

    assert (first, catch_up(down.deps)) == (0, 1)
    assert [one.patient_id for one in live(down)] == [down.ana]


def test_a_process_that_is_stopped_between_two_texts_leaves_the_rest_to_the_next_look(down: Clinic) -> None:
    down.clock.move(hours=24)
    for sid in ("1", "2"):
        writes(down, f"none {sid}", ago=timedelta(hours=20), sid=sid)
    stopping = iter((False, True))

    first = catch_up(down.deps, lambda: next(stopping))
    down.clock.move(minutes=2)

    assert (first, catch_up(down.deps)) == (1, 1)


def test_a_call_that_still_rings_is_not_missed(down: Clinic) -> None:
    call = LoggedCall("CA" + "1" * 32, "inbound", ANA, "", "in-progress", "", 0, down.clock())
    down.carrier.received_calls.append(call)

    assert (catch_up(down.deps), live(down)) == (0, [])


@pytest.mark.parametrize(("body", "status"), [("", "receiving"), (SEVERE[:9], "receiving"), ("", "received")])
def test_a_text_that_is_still_coming_in_keeps_none_of_its_words_out(
    down: Clinic, body: str, status: str
) -> None:
    writes(down, body, ago=timedelta(seconds=2), sid="1", status=status)

    taken_in = catch_up(down.deps)
    down.receive(SEVERE, sid="SM" + "1" * 32)
    again = catch_up(down.deps)

    assert (taken_in, again, kept(down)) == (0, 0, [SEVERE])


def test_a_picture_without_words_is_taken_in_once_no_words_can_follow(down: Clinic) -> None:
    writes(down, "", ago=timedelta(seconds=2), sid="1")
    catch_up(down.deps)

    down.clock.move(minutes=2)

    assert (catch_up(down.deps), kept(down)) == (1, [""])
