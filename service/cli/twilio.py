"""`dripline twilio check`: whether Twilio calls us where it should, and setting it right."""

from __future__ import annotations

from collections.abc import Iterator

import click

from service.bootstrap import SettingsError, TwilioConsole, console_of, read_settings
from service.carrier.addresses import Wanted, number_settings, service_fault, why, wrong
from service.carrier.console import Found, NotOurs
from service.carrier.gateway import UnableToAsk

_FIX = "Put it right with: dripline twilio check --fix"


@click.group()
def twilio() -> None:
    """The account at Twilio."""


@twilio.command()
@click.option("--fix", is_flag=True, help="Set what is wrong as it must be.")
def check(*, fix: bool) -> None:
    """Say where Twilio calls for our number and what is wrong with it; the exit code is 1 where something stays so."""
    try:
        settings = read_settings()
        console, wanted = console_of(settings), number_settings(settings.public_base_url)
        number = console.number(settings.twilio_from_number, wanted)
        service = console.service_of(number.sid)
        click.echo(f"{settings.twilio_from_number} ({number.sid})")
        faults = [*_number_faults(number, wanted), *_service_faults(service, wanted)]
        for fault in faults:
            click.echo(f"  {fault}")
        if faults and fix:
            _set_right(console, number, service, wanted)
    except (SettingsError, NotOurs, UnableToAsk) as error:
        raise click.ClickException(str(error)) from error
    if not faults:
        click.echo("  All is as it must be.")
    elif fix:
        click.echo("All of it is set as it must be now.")
    else:
        raise click.ClickException(_FIX)


def _number_faults(number: Found, wanted: Wanted) -> Iterator[str]:
    for name, value in wrong(number.settings, wanted).items():
        yield why(name, number.settings[name], value)


def _service_faults(service: Found | None, wanted: Wanted) -> Iterator[str]:
    if service is None:
        return
    fault = service_fault(service.settings, wanted["sms_url"])
    if fault:
        yield f"The Messaging Service {service.sid}: {fault}"


def _set_right(console: TwilioConsole, number: Found, service: Found | None, wanted: Wanted) -> None:
    settings = wrong(number.settings, wanted)
    if settings:
        console.set_number(number.sid, settings)
    if service is not None and service_fault(service.settings, wanted["sms_url"]):
        console.let_number_decide(service.sid)
