"""Several clocks and webs at once on PostgreSQL, each with connections of its own: all share the work, none repeats it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from builders import a_patient, an_infusion
from main_path import ANA, SEVERE, Clinic, live

from service.carrier.gateway import Outcome, OutgoingText
from service.carrier.memory import MemoryCarrier
from service.store.database import Store, open_store
from service.store.keyring import Keyring
from service.workflows.acknowledge import take_on_page
from service.workflows.deliver_outbox import deliver_next
from service.workflows.deps import Deps
from service.workflows.read_inbox import read_next
from service.workflows.send_due_check_ins import send_next

PROCESSES = 4
PATIENTS = 12


@pytest.fixture
def clinic(postgresql_url: str, keyring: Keyring) -> Iterator[Clinic]:
    opened = open_store(postgresql_url, keyring, pool_size=PROCESSES)
    yield Clinic(opened)
    opened.close()


def phone(number: int) -> str:
    return f"+1202555{100 + 30 + number:04d}"


def all_at_once(*works: Callable[[], object]) -> list[object]:
    """Run the works at the same instant in threads; return what they return; an exception in one fails the test."""
    start, results, failures = threading.Barrier(len(works)), list[object](), list[BaseException]()

    def run(work: Callable[[], object]) -> None:
        start.wait(timeout=20)
        try:
            results.append(work())
        except BaseException as error:  # noqa: BLE001 -- raised again below, in the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    if failures:
        raise failures[0]
    return results


def until_done(work: Callable[[Deps], bool], deps: Deps) -> Callable[[], int]:
    def run() -> int:
        done = 0
        while work(deps):
            done += 1
        return done

    return run


def test_every_check_in_leaves_once_whoever_sends_it(clinic: Clinic) -> None:
    for number in range(PATIENTS):
        an_infusion(clinic.deps, a_patient(clinic.deps, name=f"Patient {number}", phone=phone(number)))
    clinic.tick()
    clinic.clock.move(hours=4, minutes=1)

    all_at_once(*[until_done(send_next, clinic.deps)] * PROCESSES)
    all_at_once(*[until_done(deliver_next, clinic.deps)] * PROCESSES)

    asked = Counter(text.recipient for text in clinic.carrier.texts if "Reply NONE" in text.body)
    assert asked == Counter({phone(number): 1 for number in range(PATIENTS)})


def test_a_reply_is_read_once_and_pages_once_whoever_reads_it(clinic: Clinic) -> None:
    clinic.ask()
    message_id = clinic.receive(SEVERE)

    read = all_at_once(*[lambda: read_next(clinic.deps, message_id)] * PROCESSES)
    clinic.tick()

    assert sorted(map(bool, read)) == [False] * (PROCESSES - 1) + [True]
    assert len(live(clinic)) == 1
    assert len(clinic.texts_to("+12025550111")) == 1


def test_the_same_webhook_twice_at_the_same_instant_is_one_message(clinic: Clinic) -> None:
    clinic.ask()
    sid = "SM" + "c" * 32

    stored = all_at_once(*[lambda: clinic.receive("none", sid=sid)] * PROCESSES)

    assert [message_id for message_id in stored if message_id is not None] != []
    assert len([message_id for message_id in stored if message_id is not None]) == 1


def test_of_two_staff_at_the_same_instant_one_has_it_and_the_other_is_told_who(clinic: Clinic) -> None:
    clinic.ask()
    clinic.hears(SEVERE)
    (escalation,) = live(clinic)

    taken = all_at_once(
        lambda: take_on_page(clinic.deps, escalation.id, 1),
        lambda: take_on_page(clinic.deps, escalation.id, 2),
    )

    sentences = sorted(outcome.sentence for outcome in taken)  # type: ignore[attr-defined]  # each is a Taken
    assert [outcome.is_yours for outcome in taken].count(True) == 1  # type: ignore[attr-defined]  # each is a Taken
    assert any("has taken it already" in sentence for sentence in sentences)


class KilledError(BaseException):
    """The process is gone: nothing after the call is recorded."""


class DyingCarrier(MemoryCarrier):
    """Takes a text, and takes the process with it before the answer is on record."""

    def send_text(self, text: OutgoingText) -> Outcome:
        super().send_text(text)
        raise KilledError


def test_a_sender_that_died_between_call_and_record_leaves_a_lease_that_others_settle(clinic: Clinic) -> None:
    clinic.infusion()
    clinic.tick()
    clinic.clock.move(hours=4, minutes=1)
    send_next(clinic.deps)
    dying = DyingCarrier(clinic.clock, texts=list(clinic.carrier.texts))

    with pytest.raises(KilledError):
        deliver_next(replace(clinic.deps, carrier=dying))
    taken_before_it_died = list(dying.texts_to(ANA, clinic.clock()))
    clinic.carrier._log.extend(taken_before_it_died)
    clinic.tick()
    clinic.move(minutes=3)
    clinic.move(minutes=3)

    assert len(taken_before_it_died) == 1
    assert [body for body in clinic.texts_to(ANA) if "Reply NONE" in body] == [], (
        "adopted, and not sent again"
    )


def test_stores_of_two_processes_see_the_same_rows(
    clinic: Clinic, postgresql_url: str, keyring: Keyring
) -> None:
    clinic.ask()
    clinic.receive(SEVERE)
    other: Store = open_store(postgresql_url, keyring)

    elsewhere = Deps(
        store=other,
        carrier=clinic.carrier,
        library=clinic.deps.library,
        now=clinic.clock,
        new_reference=clinic.deps.new_reference,
        new_code=clinic.deps.new_code,
    )
    while read_next(elsewhere):
        pass
    other.close()

    assert [escalation.disposition for escalation in live(clinic)] == ["urgent"]
