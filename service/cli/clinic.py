"""`dripline clinic` and `dripline staff`: the clinic that is served, and who is paged."""

from __future__ import annotations

from datetime import time

import click

from service.cli.office import fallback, holiday, hours, show
from service.cli.starting import started
from service.store.staff import Role, staff_by_login
from service.workflows.change_member import set_password
from service.workflows.set_up import UnableToSetUp, add_member, set_clinic


@click.group()
def clinic() -> None:
    """The clinic that this deployment serves."""


for command in (show, hours, holiday, fallback):
    clinic.add_command(command)


@clinic.command("set")
@click.option("--name", required=True, help="As patients read it.")
@click.option("--phone", required=True, help="The office's number.")
@click.option("--zone", required=True, help="Such as America/Chicago.")
@click.option("--quiet-from", default="21:00", show_default=True)
@click.option("--quiet-until", default="08:00", show_default=True)
def set_(name: str, phone: str, zone: str, quiet_from: str, quiet_until: str) -> None:
    """Set the clinic up, or change it."""
    try:
        hours = time.fromisoformat(quiet_from), time.fromisoformat(quiet_until)
    except ValueError:
        raise click.ClickException("Quiet hours are written like 21:00 and 08:00.") from None
    try:
        set_clinic(
            started("clinic").deps,
            name=name,
            phone=phone,
            zone=zone,
            quiet_from=hours[0],
            quiet_until=hours[1],
        )
    except UnableToSetUp as error:
        raise click.ClickException(str(error)) from error
    click.echo("The clinic is set up.")


@click.group()
def staff() -> None:
    """The people who are paged."""


@staff.command()
@click.option("--name", required=True)
@click.option("--phone", required=True)
@click.option("--login", required=True)
@click.option("--role", type=click.Choice([role.value for role in Role]), default="nurse", show_default=True)
@click.option(
    "--tier", help="The rung of the ladders on which they are paged, such as nurse, backup or doctor."
)
@click.password_option(help="What they sign in with; asked for where it is not given.")
def add(name: str, phone: str, login: str, role: str, tier: str | None, password: str) -> None:
    """Add a member of staff."""
    try:
        add_member(
            started("staff").deps,
            name=name,
            phone=phone,
            login=login,
            role=Role(role),
            tier=tier,
            password=password,
        )
    except UnableToSetUp as error:
        raise click.ClickException(str(error)) from error
    click.echo("Added.")


@staff.command()
@click.argument("login")
@click.password_option(help="The new one; asked for where it is not given.")
def password(login: str, password: str) -> None:
    """Give a member of staff a new password; where they were signed in, and their calendars, end with the old."""
    deps = started("staff").deps
    with deps.store.reading() as session:
        member = staff_by_login(session, login)
    try:
        name = set_password(deps, member.id if member else 0, password, actor="cli")
    except UnableToSetUp as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{name} has a new password.")
