"""A backlog leaves at the number's pace, the most urgent first, and a page never waits behind check-ins."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import a_patient, settings_of_a_deployment, the_library
from main_path import ANA, Clinic
from outgoing import BEN, deliver, promise

from service import bootstrap
from service.core.words import Channel, Urgency
from service.store import outbox
from service.workflows.deliver_outbox import deliver_next
from service.workflows.deliverers import Deliverers
from service.workflows.deps import Pace


@pytest.fixture
def paced(clinic: Clinic) -> Clinic:
    """The clinic with nothing waiting, whose number sends one text a second, three of them at once."""
    clinic.tick()
    clinic.deps = replace(clinic.deps, pace=Pace(timedelta(seconds=1), ahead=timedelta(seconds=3)))
    return clinic


def test_the_pace_is_the_one_that_the_settings_say(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {"TWILIO_MESSAGES_PER_SECOND": "4", "TICK_SECONDS": "30"}
    for name, value in (settings_of_a_deployment(sqlite_url) | environment).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(bootstrap, "load_library", lambda _: the_library())

    started = bootstrap.start("test")
    started.deps.store.close()

    assert started.deps.pace == Pace(timedelta(seconds=0.25), ahead=timedelta(minutes=1))


def test_a_backlog_leaves_in_order_of_urgency_at_the_number_s_pace(paced: Clinic) -> None:
    promise(paced, "c1", "c2", "c3", urgency=Urgency.CHECK_IN)
    promise(paced, "a1", "a2", urgency=Urgency.ANSWER)
    promise(paced, "page", urgency=Urgency.PAGE)
    promise(paced, "safety", urgency=Urgency.SAFETY)

    at_once = deliver(paced)
    left = []
    for _ in range(5):
        paced.clock.move(seconds=1)
        left.append(deliver(paced))

    assert at_once == ["safety", "page", "a1"]
    assert left == [["a2"], ["c1"], ["c2"], ["c3"], []]


def test_of_many_claimed_together_no_more_leave_than_the_pace_allows(paced: Clinic) -> None:
    promise(paced, "c1", "c2", "c3", "c4", "c5", urgency=Urgency.CHECK_IN)
    before = len(paced.carrier.texts)

    deliverers = Deliverers(paced.deps, 1)
    deliverers.look()
    deliverers.rest()
    deliverers.stop()

    assert [text.body for text in paced.carrier.texts[before:]] == ["c1", "c2", "c3"]


def test_a_page_leaves_at_once_from_a_line_that_is_full_and_the_rest_wait_the_longer(paced: Clinic) -> None:
    promise(paced, "c1", "c2", "c3", "c4", "c5", urgency=Urgency.CHECK_IN)
    at_once = deliver(paced)
    promise(paced, "p1", "p2", urgency=Urgency.PAGE)

    pages = deliver(paced)
    later = []
    for _ in range(4):
        paced.clock.move(seconds=1)
        later.append(deliver(paced))

    assert (at_once, pages) == (["c1", "c2", "c3"], ["p1", "p2"])
    assert later == [[], [], ["c4"], ["c5"]]


def test_a_line_that_is_full_for_texts_holds_up_no_call(paced: Clinic) -> None:
    promise(paced, "c1", "c2", "c3", "c4", urgency=Urgency.CHECK_IN)
    promise(paced, "call", urgency=Urgency.CHECK_IN, channel=Channel.VOICE)

    deliver(paced)

    assert [call.reference for call in paced.carrier.calls] == ["call"]


def test_a_line_at_rest_saves_up_no_more_than_its_turn(paced: Clinic) -> None:
    promise(paced, "c0", urgency=Urgency.CHECK_IN)
    deliver(paced)
    paced.clock.move(hours=1)
    promise(paced, "c1", "c2", "c3", "c4", "c5", urgency=Urgency.CHECK_IN)

    assert deliver(paced) == ["c1", "c2", "c3"]


def test_the_backlog_of_an_outage_leaves_pages_first_and_no_check_in_whose_window_closed(
    paced: Clinic,
) -> None:
    late = a_patient(paced.deps, name="Ben Example", phone=BEN)
    deliver(paced)
    paced.infusion()
    paced.clock.move(minutes=1)
    with paced.store.transaction() as session:
        for patient, phone, words, hours in ((paced.ana, ANA, "in time", 9), (late, BEN, "too late", 2)):
            outbox.enqueue(
                session,
                key=words,
                reference=words,
                urgency=Urgency.CHECK_IN,
                channel=Channel.SMS,
                recipient=phone,
                body=words,
                now=paced.clock(),
                not_after=paced.clock() + timedelta(hours=hours),
                patient_id=patient,
            )
    paced.clock.move(hours=8)
    promise(paced, "page", urgency=Urgency.PAGE)

    assert deliver(paced) == ["page", "in time"]
    with paced.store.reading() as session:
        (*_, cancelled) = outbox.messages_to(session, late)
        assert (cancelled.state, cancelled.remark) == ("cancelled", "It had become too old to be sent.")


def test_two_processes_keep_one_pace(paced: Clinic) -> None:
    promise(paced, *(f"c{number}" for number in range(8)), urgency=Urgency.CHECK_IN)
    other = replace(paced.deps)

    left = [deliver_next(process) for _ in range(4) for process in (paced.deps, other)]

    assert left == [True] * 3 + [False] * 5
