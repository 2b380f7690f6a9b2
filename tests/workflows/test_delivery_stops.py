"""A fault of configuration stops one channel: one try a minute, a red bar, and all goes on once one goes through."""

from __future__ import annotations

from dataclasses import replace

import pytest
from main_path import Clinic
from outgoing import deliver, promise, report

from service.carrier.gateway import Refused
from service.carrier.outcome import Refusal
from service.core.words import Channel, Urgency
from service.store import ways_out
from service.web.watch import watch_work
from service.workflows.ask_after import ask_after_next
from service.workflows.deliver_outbox import deliver_next

NO_CREDENTIALS = Refused(20003, Refusal.CONFIGURATION, "Twilio does not accept our credentials.")
NOT_REGISTERED = "Our number is not registered for A2P messaging."


@pytest.fixture
def quiet(clinic: Clinic) -> Clinic:
    """The clinic with nothing waiting."""
    clinic.tick()
    return clinic


def stopped(clinic: Clinic) -> list[str]:
    with clinic.store.reading() as session:
        return [way.channel for way in ways_out.stopped(session)]


def red_bar(clinic: Clinic) -> list[str]:
    """Return what the red bar says of the carrier."""
    return [fault.sentence for fault in watch_work(clinic.deps).faults if fault.what == "carrier"]


def test_one_text_a_minute_is_tried_and_a_page_is_no_exception(quiet: Clinic) -> None:
    promise(quiet, "c1", "c2", "c3", urgency=Urgency.CHECK_IN)
    quiet.carrier.outcomes += [NO_CREDENTIALS] * 9
    deliver(quiet)
    promise(quiet, "page", urgency=Urgency.PAGE)

    tried = []
    for _ in range(8):
        quiet.clock.move(seconds=15)
        tried.append(deliver(quiet))

    assert tried == [[], [], [], ["page"], [], [], [], ["page"]]
    assert stopped(quiet) == [Channel.SMS]


def test_the_red_bar_says_what_is_wrong_until_a_text_is_known_to_be_sent(quiet: Clinic) -> None:
    promise(quiet, "c1", "c2", urgency=Urgency.CHECK_IN)
    quiet.carrier.outcomes.append(NO_CREDENTIALS)
    before = red_bar(quiet)
    deliver(quiet)
    while_stopped = red_bar(quiet)
    quiet.clock.move(seconds=61)
    (tried,) = deliver(quiet)
    once_accepted = red_bar(quiet)
    report(quiet, tried, "sent")

    assert (before, red_bar(quiet)) == ([], [])
    assert [sentence[:63] for sentence in while_stopped] == [
        "No text leaves, no page either: Twilio does not accept our cred"
    ]
    assert once_accepted == while_stopped, "what is only accepted may still be refused"


def test_all_that_waited_leaves_once_a_try_has_gone_through(quiet: Clinic) -> None:
    promise(quiet, "c1", "c2", "c3", urgency=Urgency.CHECK_IN)
    quiet.carrier.outcomes.append(NO_CREDENTIALS)
    deliver(quiet)
    quiet.clock.move(seconds=61)
    (tried,) = deliver(quiet)
    report(quiet, tried, "delivered")

    assert sorted([tried, *deliver(quiet)]) == ["c1", "c2", "c3"]


def test_calls_that_stand_still_hold_up_no_text(quiet: Clinic) -> None:
    quiet.carrier.outcomes.append(NO_CREDENTIALS)
    promise(quiet, "first", "second", urgency=Urgency.PAGE, channel=Channel.VOICE)
    promise(quiet, "text", urgency=Urgency.CHECK_IN)

    assert deliver(quiet) == ["text"]
    assert stopped(quiet) == [Channel.VOICE]


def test_texts_that_stand_still_hold_up_no_call(quiet: Clinic) -> None:
    quiet.carrier.outcomes.append(NO_CREDENTIALS)
    promise(quiet, "text", urgency=Urgency.PAGE)
    deliver(quiet)
    promise(quiet, "waits", urgency=Urgency.PAGE)
    promise(quiet, "call", urgency=Urgency.PAGE, channel=Channel.VOICE)

    deliver(quiet)

    assert [call.reference for call in quiet.carrier.calls] == ["call"]
    assert stopped(quiet) == [Channel.SMS]


def test_a_number_found_to_be_unregistered_only_later_stops_the_line(quiet: Clinic) -> None:
    promise(quiet, "c1", "c2", urgency=Urgency.CHECK_IN)
    deliver_next(quiet.deps)

    report(quiet, "c1", "undelivered", 30034)

    assert deliver(quiet) == []
    assert [NOT_REGISTERED in sentence for sentence in red_bar(quiet)] == [True]


def test_a_try_whose_callback_never_comes_is_asked_after_within_two_minutes(quiet: Clinic) -> None:
    promise(quiet, "c1", "c2", urgency=Urgency.CHECK_IN)
    quiet.carrier.outcomes.append(NO_CREDENTIALS)
    deliver(quiet)
    quiet.clock.move(seconds=61)
    deliver(quiet)
    quiet.carrier._log[-1] = replace(quiet.carrier._log[-1], status="sent")

    quiet.clock.move(seconds=61)
    while ask_after_next(quiet.deps):
        pass

    assert stopped(quiet) == []


def test_a_refusal_that_comes_late_of_a_text_sent_before_the_stop_ends_nothing(quiet: Clinic) -> None:
    promise(quiet, "before", urgency=Urgency.CHECK_IN)
    deliver(quiet)
    quiet.clock.move(seconds=1)
    promise(quiet, "c1", urgency=Urgency.CHECK_IN)
    quiet.carrier.outcomes.append(NO_CREDENTIALS)
    deliver(quiet)

    report(quiet, "before", "delivered")

    assert stopped(quiet) == [Channel.SMS]
