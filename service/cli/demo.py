"""`dripline demo`: patients from infusion to taken and closed, by text and by phone, through real HTTP, told as it goes."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

import click

from service.cli.act_of_a_series import an_induction_series
from service.cli.act_of_a_spasm import a_spasm_and_its_handover
from service.cli.act_of_silence import a_nudge_that_turns_into_a_call
from service.cli.act_of_the_bladder_watch import a_month_of_the_bladder_watch
from service.cli.acts import a_check_in_by_phone, three_patients_by_text
from service.cli.cast import LATER, enrol_person, hand_out_phone
from service.cli.play import Play
from service.cli.run import raise_the_curtain
from service.cli.stage import Stage, UnableToStage, free_port
from service.cli.starting import started

_ACTS: Final = (
    three_patients_by_text,
    an_induction_series,
    a_spasm_and_its_handover,
    a_month_of_the_bladder_watch,
    a_check_in_by_phone,
    a_nudge_that_turns_into_a_call,
)


@click.command()
def demo() -> None:
    """Play patients and staff through web, clock and simulator, skipping time, and print what was said."""
    folder = Path(tempfile.mkdtemp(prefix="dripline-demo-"))
    stage = Stage(folder, free_port(), free_port(), tick_seconds=0.2, delay=0.05, speaking=0.005)
    try:
        raise_the_curtain(stage)
        os.environ["LOG_LEVEL"] = "ERROR"
        play = Play(stage, started("demo"))
        for person in LATER:
            hand_out_phone(stage.simulator_url, person[0], person[1], "patient")
            enrol_person(play.service.deps, person)
        for act in _ACTS:
            act(play)
        play.tell("Nobody is waiting.")
    except UnableToStage as error:
        raise click.ClickException(str(error)) from error
    finally:
        stage.stop()
        shutil.rmtree(folder, ignore_errors=True)
