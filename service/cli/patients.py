"""`dripline patient` and `dripline infusion`: enrol a patient and register an infusion from a terminal."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import click

from service.cli.starting import started
from service.core.words import Channel, Language
from service.store.infusions import Infusion
from service.store.patients import Patient
from service.workflows.deps import Deps
from service.workflows.enrol import UnableToEnrol
from service.workflows.enrol import enrol as enrol_patient
from service.workflows.register_infusion import (
    DEFAULT_PROTOCOL,
    UnableToRegister,
    cancel_infusion,
    change_infusion,
    register_infusion,
)


@click.group()
def patient() -> None:
    """The people who are followed up."""


@patient.command()
@click.option("--name", required=True)
@click.option("--phone", required=True)
@click.option(
    "--language",
    type=click.Choice([language.value for language in Language]),
    default="en",
    show_default=True,
)
@click.option("--zone", default="", help="Such as America/Chicago; the clinic's where it is left out.")
@click.option(
    "--channel", type=click.Choice([channel.value for channel in Channel]), default="sms", show_default=True
)
@click.option("--consent/--no-consent", default=False, help="The patient has agreed to be texted or called.")
def enrol(name: str, phone: str, language: str, zone: str, channel: str, consent: bool) -> None:
    """Enrol a patient who has agreed; prints the patient's number in the clinic's books."""
    try:
        patient_id = enrol_patient(
            started("patient").deps,
            name=name,
            phone=phone,
            language=language,
            zone=zone,
            channel=channel,
            consent=consent,
            actor="terminal",
        )
    except UnableToEnrol as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Enrolled as patient {patient_id}.")


@click.group()
def infusion() -> None:
    """The infusions that check-ins follow."""


_DOSE = click.option("--dose", type=float, help="In milligrams.")


@infusion.command()
@click.option("--patient", "patient_id", type=int, required=True)
@click.option(
    "--ended",
    help="When it ended, in the patient's zone, such as 2026-03-07T15:00; now where it is left out.",
)
@click.option("--protocol", default=DEFAULT_PROTOCOL, show_default=True)
@_DOSE
def register(patient_id: int, ended: str | None, protocol: str, dose: float | None) -> None:
    """Register an infusion and plan its check-ins."""
    deps = started("infusion").deps
    ended_at = _instant(deps, ended, patient_id) if ended else deps.now()
    try:
        infusion_id = register_infusion(
            deps, patient_id=patient_id, ended_at=ended_at, protocol=protocol, dose_mg=dose, actor="terminal"
        )
    except UnableToRegister as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Registered as infusion {infusion_id}; its check-ins are planned.")


@infusion.command()
@click.argument("infusion_id", metavar="INFUSION", type=int)
@click.option(
    "--ended", required=True, help="When it ended, in the patient's zone, such as 2026-03-07T15:00."
)
@_DOSE
def move(infusion_id: int, ended: str, dose: float | None) -> None:
    """Move or shorten an infusion, and plan what waits afresh; without a dose, the one noted stays."""
    deps = started("infusion").deps
    with deps.store.reading() as session:
        known = session.get(Infusion, infusion_id)
        patient_id, noted = (known.patient_id, known.dose_mg) if known else (0, None)
    try:
        change_infusion(
            deps,
            infusion_id,
            ended_at=_instant(deps, ended, patient_id),
            dose_mg=noted if dose is None else dose,
            actor="terminal",
        )
    except UnableToRegister as error:
        raise click.ClickException(str(error)) from error
    click.echo("Moved; its check-ins are planned afresh.")


@infusion.command()
@click.argument("infusion_id", metavar="INFUSION", type=int)
@click.confirmation_option(prompt="It did not take place, or will not?")
def cancel(infusion_id: int) -> None:
    """Cancel an infusion and what was planned for it."""
    try:
        cancel_infusion(started("infusion").deps, infusion_id, actor="terminal")
    except UnableToRegister as error:
        raise click.ClickException(str(error)) from error
    click.echo("Cancelled; what was planned for it is not sent.")


def _instant(deps: Deps, written: str, patient_id: int) -> datetime:
    """Return the time as written, in the patient's zone where it names none."""
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        raise click.ClickException(f"{written!r} is no time. Write one such as 2026-03-07T15:00.") from None
    if at.tzinfo is not None:
        return at
    with deps.store.reading() as session:
        known = session.get(Patient, patient_id)
        return at.replace(tzinfo=ZoneInfo(known.zone if known else "UTC"))
