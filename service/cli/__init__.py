"""`dripline`: one command a file, gathered here."""

import click

from service.cli.clinic import clinic, staff
from service.cli.demo import demo
from service.cli.inbox import inbox
from service.cli.keys import keys
from service.cli.moving import export_command, import_command
from service.cli.patients import infusion, patient
from service.cli.protocol import protocol
from service.cli.release import release
from service.cli.roster import roster
from service.cli.rules import rules
from service.cli.run import run
from service.cli.templates import templates
from service.cli.triage import triage
from service.cli.twilio import twilio


@click.group()
@click.version_option(package_name="dripline")
def main() -> None:
    """Follow ketamine-infusion patients home: check in, read what they answer, page staff until one takes it."""


for command in (
    run,
    demo,
    release,
    triage,
    rules,
    protocol,
    templates,
    patient,
    infusion,
    clinic,
    staff,
    roster,
    inbox,
    keys,
    twilio,
    export_command,
    import_command,
):
    main.add_command(command)
