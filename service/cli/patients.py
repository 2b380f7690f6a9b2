"""`dripline patient` and `dripline infusion`: enrol a patient and register an infusion from a terminal."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import click

from service.cli.starting import started
from service.core.words import Channel, Language
from service.store.patients import Patient
from service.workflows.enrol import UnableToEnrol
from service.workflows.enrol import enrol as enrol_patient
from service.workflows.register_infusion import DEFAULT_PROTOCOL, UnableToRegister, register_infusion


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


@infusion.command()
@click.option("--patient", "patient_id", type=int, required=True)
@click.option(
    "--ended",
    help="When it ended, in the patient's zone, such as 2026-03-07T15:00; now where it is left out.",
)
@click.option("--protocol", default=DEFAULT_PROTOCOL, show_default=True)
def register(patient_id: int, ended: str | None, protocol: str) -> None:
    """Register an infusion and plan its check-ins."""
    deps = started("infusion").deps
    try:
        ended_at = datetime.fromisoformat(ended) if ended else deps.now()
    except ValueError:
        raise click.ClickException(f"{ended!r} is no time. Write one such as 2026-03-07T15:00.") from None
    if ended_at.tzinfo is None:
        with deps.store.reading() as session:
            known = session.get(Patient, patient_id)
            zone = known.zone if known else "UTC"
        ended_at = ended_at.replace(tzinfo=ZoneInfo(zone))
    try:
        infusion_id = register_infusion(
            deps, patient_id=patient_id, ended_at=ended_at, protocol=protocol, actor="terminal"
        )
    except UnableToRegister as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Registered as infusion {infusion_id}; its check-ins are planned.")
