"""Processes die, PostgreSQL is hurt and Twilio fails while patients write: nothing is lost, doubled or left unserved."""

from __future__ import annotations

from chaos import in_a_folder_of_its_own
from chaos_mischief import HARD_FAULTS
from chaos_plants import FOUND_BY, Plant
from chaos_play import Programme
from chaos_traces import Number

# As long as a busy machine may take; a free one is done in a fraction of it.
PATIENCE = 240.0


def test_nothing_is_lost_doubled_or_unserved_while_processes_die_the_database_is_hurt_and_twilio_fails() -> (
    None
):
    blows = ("kill a clock", "cut connections", "webhook outage", "kill a backend")

    outcome = in_a_folder_of_its_own(Programme(seed=1, patients=24, blows=blows, patience=PATIENCE))

    assert outcome.verdict.is_sound, str(outcome)
    assert {number: outcome.verdict.count(number) for number in Number} == dict.fromkeys(Number, 0)
    assert outcome.verdict.replies >= 24 * 2
    assert set(outcome.blows) == set(blows)


def test_the_harness_finds_every_fault_that_is_planted() -> None:
    plants = (Plant.ACK_BEFORE_COMMIT, Plant.NO_LOOK_UP, Plant.NO_INBOX_KEY, Plant.NO_OUTBOX_KEY)
    programme = Programme(
        seed=1, patients=24, blows=("kill the web",), plants=plants, faults=HARD_FAULTS, patience=PATIENCE
    )

    outcome = in_a_folder_of_its_own(programme)

    traces = outcome.verdict.traces()
    assert {plant for plant in plants if traces[FOUND_BY[plant]]} == set(plants), str(outcome)
