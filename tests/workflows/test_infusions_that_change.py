"""An infusion that is moved, shortened, cancelled or registered late, and protocols that change under a patient."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from builders import ANA, MORNING, an_infusion
from main_path import SEVERE, Clinic, live

from service.core.protocol import Protocol
from service.store import check_ins, infusions
from service.store.check_ins import CheckIn, CheckInState
from service.store.patients import Patient
from service.workflows import follow_protocols
from service.workflows.follow_protocols import follow_next
from service.workflows.register_infusion import (
    UnableToRegister,
    cancel_infusion,
    change_infusion,
    register_infusion,
)

_FIRST = "ketamine-infusion"


def rows_of(clinic: Clinic) -> list[CheckIn]:
    """Return Ana's check-ins, earliest due first."""
    with clinic.store.reading() as session:
        return list(check_ins.check_ins_of(session, clinic.ana))


def planned(clinic: Clinic) -> list[tuple[str, timedelta]]:
    """Return the steps that wait, with the time from `MORNING` to each."""
    return [(row.step, row.due_at - MORNING) for row in rows_of(clinic) if row.state == CheckInState.PLANNED]


def with_protocol(clinic: Clinic, key: str, changed: Callable[[Protocol], Protocol] | None) -> None:
    """Let the clinic's library have the protocol changed, or, with None, not at all; the clock looks after it."""
    protocols = dict(clinic.deps.library.protocols)
    protocol = protocols.pop(key)
    if changed is not None:
        protocols[key] = changed(protocol)
    clinic.deps = replace(clinic.deps, library=replace(clinic.deps.library, protocols=protocols))
    while follow_next(clinic.deps):
        pass


def without_step(step: str) -> Callable[[Protocol], Protocol]:
    return lambda one: replace(one, steps=tuple(kept for kept in one.steps if kept.key != step))


def with_later_day(protocol: Protocol) -> Protocol:
    """Return the protocol with its check-in of the first day an hour later."""
    steps = (replace(one, after=timedelta(hours=25)) if one.key == "24h" else one for one in protocol.steps)
    return replace(protocol, version=2, steps=tuple(steps))


def test_an_infusion_that_ended_sooner_moves_what_waits_and_repeats_nothing_that_was_sent(
    clinic: Clinic,
) -> None:
    infusion = an_infusion(clinic.deps, clinic.ana)
    clinic.move(hours=4, minutes=1)
    asked = len(clinic.texts_to(ANA))

    change_infusion(clinic.deps, infusion, ended_at=MORNING - timedelta(hours=1), dose_mg=40, actor="test")
    clinic.tick()

    assert len(clinic.texts_to(ANA)) == asked
    assert planned(clinic) == [
        ("24h", timedelta(hours=23)),
        ("72h", timedelta(hours=71)),
        ("7d", timedelta(days=7, hours=-1)),
    ]


def test_a_cancelled_infusion_is_followed_up_no_more_and_the_record_says_why(clinic: Clinic) -> None:
    infusion = an_infusion(clinic.deps, clinic.ana)

    cancel_infusion(clinic.deps, infusion, actor="test")
    clinic.move(hours=5)

    assert len(clinic.texts_to(ANA)) == 1, "the welcome text alone"
    assert {(row.state, row.why) for row in rows_of(clinic)} == {
        (CheckInState.CANCELLED, "Its infusion or its step is no longer there.")
    }
    with clinic.store.reading() as session:
        assert infusions.infusions_of(session, clinic.ana) == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"ended_at": MORNING, "dose_mg": -1.0}, "A dose is more than 0"),
        ({"ended_at": MORNING, "dose_mg": 90_000.0}, "A dose is more than 0"),
        ({"ended_at": MORNING + timedelta(days=90), "dose_mg": None}, "more than 60 days"),
        ({"ended_at": MORNING.replace(tzinfo=None), "dose_mg": None}, "has no time zone"),
    ],
)
def test_a_change_that_cannot_be_meant_is_refused_with_a_sentence(
    sqlite_clinic: Clinic, change: dict[str, object], sentence: str
) -> None:
    infusion = an_infusion(sqlite_clinic.deps, sqlite_clinic.ana)

    with pytest.raises(UnableToRegister, match=sentence):
        change_infusion(sqlite_clinic.deps, infusion, actor="test", **change)  # type: ignore[arg-type]  # a table


def test_what_was_cancelled_cannot_be_changed(sqlite_clinic: Clinic) -> None:
    infusion = an_infusion(sqlite_clinic.deps, sqlite_clinic.ana)
    cancel_infusion(sqlite_clinic.deps, infusion, actor="test")

    with pytest.raises(UnableToRegister, match="was cancelled already"):
        cancel_infusion(sqlite_clinic.deps, infusion, actor="test")


def test_an_infusion_registered_late_is_asked_only_what_is_still_worth_asking(clinic: Clinic) -> None:
    an_infusion(clinic.deps, clinic.ana, hours_ago=50)

    assert [step for step, _ in planned(clinic)] == ["72h", "7d"]


def test_a_second_infusion_of_another_protocol_is_planned_together_with_the_first(clinic: Clinic) -> None:
    an_infusion(clinic.deps, clinic.ana)
    an_infusion(clinic.deps, clinic.ana, protocol="ketamine-pain-multiday")

    assert [step for step, _ in planned(clinic)].count("4h") == 1
    (first,) = [row for row in rows_of(clinic) if row.step == "4h" and row.state == CheckInState.PLANNED]
    assert first.merged != []
    assert f"Also stands for {first.merged[0]}." in first.why


def test_the_bladder_watch_begins_by_itself_with_the_dose_and_ends_with_the_infusions(clinic: Clinic) -> None:
    register_infusion(clinic.deps, patient_id=clinic.ana, ended_at=MORNING, dose_mg=600, actor="test")
    before = [row for row in rows_of(clinic) if row.protocol == "bladder-watch"]
    later = MORNING + timedelta(days=2)
    second = register_infusion(clinic.deps, patient_id=clinic.ana, ended_at=later, dose_mg=600, actor="test")
    watch = [row for row in rows_of(clinic) if row.protocol == "bladder-watch"]

    assert before == []
    assert next(row.due_at for row in watch if row.step == "urinary") == datetime(2026, 4, 12, 15, tzinfo=UTC)
    assert max(row.due_at for row in watch) <= later + timedelta(days=180)
    cancel_infusion(clinic.deps, second, actor="test")
    assert {row.state for row in rows_of(clinic) if row.protocol == "bladder-watch"} == {
        CheckInState.CANCELLED
    }


def test_the_bladder_watch_cannot_be_chosen_for_an_infusion(sqlite_clinic: Clinic) -> None:
    with pytest.raises(UnableToRegister, match="begins by itself"):
        an_infusion(sqlite_clinic.deps, sqlite_clinic.ana, protocol="bladder-watch")


def test_what_waits_follows_an_edited_protocol_and_what_was_sent_keeps_its_step(clinic: Clinic) -> None:
    clinic.ask()

    with_protocol(clinic, _FIRST, with_later_day)

    asked, following, *_ = rows_of(clinic)
    assert (asked.step, asked.protocol_version, asked.state) == ("4h", 1, CheckInState.SENT)
    assert (following.step, following.protocol_version) == ("24h", 2)
    assert following.due_at == MORNING + timedelta(hours=25)
    assert following.planned_from is not None
    assert following.planned_from["after"] == timedelta(hours=25).total_seconds()


def test_no_patient_is_looked_at_twice_for_one_version(clinic: Clinic) -> None:
    an_infusion(clinic.deps, clinic.ana)
    while follow_next(clinic.deps):
        pass

    assert not follow_next(clinic.deps)


def test_a_step_that_is_dropped_is_cancelled_and_its_answer_still_read(clinic: Clinic) -> None:
    clinic.ask()

    with_protocol(clinic, _FIRST, without_step("4h"))
    clinic.hears(SEVERE)

    assert [one.disposition for one in live(clinic)] == ["urgent"]


def test_a_protocol_that_is_dropped_cancels_what_waits_and_leaves_the_rest_working(clinic: Clinic) -> None:
    clinic.ask()

    with_protocol(clinic, _FIRST, None)
    clinic.move(hours=2, minutes=1)
    reminded = len(clinic.texts_to(ANA))
    clinic.hears(SEVERE)
    clinic.move(days=10)

    assert reminded == 3
    assert planned(clinic) == []
    assert [one.disposition for one in live(clinic)] == ["urgent"]


def test_who_opts_in_again_is_asked_again(clinic: Clinic) -> None:
    an_infusion(clinic.deps, clinic.ana)
    clinic.tick()
    clinic.hears("please stop texting me")
    stopped = planned(clinic)

    clinic.hears("start")
    while follow_next(clinic.deps):
        pass

    assert stopped == []
    assert [step for step, _ in planned(clinic)] == ["4h", "24h", "72h", "7d"]


def test_a_patient_who_cannot_be_planned_goes_before_a_person_and_holds_nobody_up(
    sqlite_clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError("a broken protocol")

    monkeypatch.setattr(follow_protocols, "replan", broken)

    assert follow_next(sqlite_clinic.deps)

    assert not follow_next(sqlite_clinic.deps)
    assert [one.disposition for one in live(sqlite_clinic)] == ["callback"]


def test_who_is_asked_in_the_evening_is_reminded_in_the_morning_and_not_given_up_at_night(
    clinic: Clinic,
) -> None:
    clinic.clock.move(hours=5, minutes=30)  # half past three in the afternoon where the clinic is
    clinic.infusion()
    clinic.move(hours=4, minutes=1)
    (row, *_) = rows_of(clinic)

    assert row.nudge_at == datetime(2026, 3, 11, 13, 0, tzinfo=UTC)
    assert row.missed_at == datetime(2026, 3, 11, 17, 0, tzinfo=UTC)


def test_the_plan_is_made_in_the_zone_where_the_patient_is(clinic: Clinic) -> None:
    with clinic.store.transaction() as session:
        session.get_one(Patient, clinic.ana).zone = "Europe/Madrid"

    an_infusion(clinic.deps, clinic.ana)  # four in the afternoon there

    assert planned(clinic)[0] == ("4h", timedelta(hours=4))
