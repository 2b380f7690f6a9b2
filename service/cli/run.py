"""`dripline run`: the whole of Dripline on this machine, with the simulator in place of Twilio, until Ctrl-C."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from pathlib import Path
from types import FrameType

import click

from service.bootstrap import DEMO_ACCOUNT_SID, ROOT, LibraryError, SettingsError
from service.cli.cast import NADIA, PASSWORD, hand_out_phones, seed
from service.cli.release import prepare_database
from service.cli.stage import Stage, UnableToStage, refuse_taken_port
from service.cli.starting import started


@click.command()
@click.option("--port", default=5000, show_default=True, help="Where the staff pages and webhooks answer.")
@click.option("--simulator-port", default=5001, show_default=True, help="Where the handsets are.")
@click.option("--fresh", is_flag=True, help="Throw the demo's data away and start over.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path),
    default=ROOT / "var" / "demo",
    help="Where the demo keeps its data.",
)
def run(port: int, simulator_port: int, fresh: bool, folder: Path) -> None:
    """Start Dripline with its demo clinic and simulated phones; Ctrl-C stops all of it."""
    is_real = os.environ.get("TWILIO_ACCOUNT_SID", DEMO_ACCOUNT_SID) != DEMO_ACCOUNT_SID
    if fresh and is_real:
        raise click.ClickException(
            "--fresh throws the demo's data away; TWILIO_ACCOUNT_SID is a real account's."
        )
    if fresh and folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    stage = Stage(folder.resolve(), port, simulator_port, tick_seconds=0.5, is_real=is_real)
    stopping = threading.Event()

    def stop(_: int, __: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    try:
        refuse_taken_port(port, "--port")
        if is_real:
            run_for_real(stage)
        else:
            refuse_taken_port(simulator_port, "--simulator-port")
            raise_the_curtain(stage)
            _say_where(stage)
        while not stopping.wait(0.5):
            fallen = stage.fallen()
            if fallen is not None:
                raise UnableToStage(
                    f"The {fallen} process has ended by itself; see {folder / f'{fallen}.log'}."
                )
    except UnableToStage as error:
        raise click.ClickException(str(error)) from error
    finally:
        stage.stop()
    click.echo("\nStopped. The data is kept; `make run` goes on with it.")


def run_for_real(stage: Stage) -> None:
    """Migrate, and start web and clock with the environment's own settings: Twilio's real account, no simulator."""
    try:
        prepare_database()
    except (SettingsError, LibraryError) as error:
        raise UnableToStage(str(error)) from error
    stage.start_service()
    click.echo(
        f"Dripline is running with the Twilio account of the environment: {stage.web_url}\nCtrl-C stops it."
    )


def raise_the_curtain(stage: Stage) -> None:
    """Migrate, seed, and start every process of the demo."""
    os.environ.update(stage.environment(), LOG_LEVEL="WARNING")
    prepare_database()
    service = started("demo")
    seed(service.deps)
    service.deps.store.close()
    os.environ["LOG_LEVEL"] = "INFO"
    stage.start_simulator()
    hand_out_phones(stage.simulator_url)
    stage.start_service()


def _say_where(stage: Stage) -> None:
    click.echo(
        f"""
Dripline is running.

  Phones (patients' and staff's):  {stage.simulator_url}
  Staff pages:                     {stage.web_url}
  Sign in as:                      {NADIA[2]}  /  {PASSWORD}

Enrol a patient or open one on the staff pages, register an infusion, and press Skip ahead on the phones' page.
Logs are in {stage.folder}. Ctrl-C stops everything."""
    )
