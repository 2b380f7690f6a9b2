"""Everything that exists in the simulated world, in one place; what happens in it is in the other files."""

from __future__ import annotations

from dataclasses import dataclass

from service.simulator.agenda import Agenda
from service.simulator.alerts import AlertLog
from service.simulator.attempts import Attempts
from service.simulator.calls import CallLog
from service.simulator.clock import Clock
from service.simulator.cookies import Cookies
from service.simulator.faults import Faults
from service.simulator.keys import Keys
from service.simulator.loops import LoopGuard
from service.simulator.messages import MessageLog
from service.simulator.numbers import Directory
from service.simulator.optout import Blocks
from service.simulator.pace import Pace
from service.simulator.phones import PhoneBook
from service.simulator.privacy import Privacy
from service.simulator.settings import Settings


@dataclass(frozen=True, slots=True)
class World:
    """The parts of the world; each guards itself against use from several threads."""

    settings: Settings
    clock: Clock
    agenda: Agenda
    keys: Keys
    directory: Directory
    messages: MessageLog
    calls: CallLog
    phones: PhoneBook
    blocks: Blocks
    pace: Pace
    faults: Faults
    alerts: AlertLog
    attempts: Attempts
    cookies: Cookies
    loops: LoopGuard
    privacy: Privacy


def create_world(settings: Settings) -> World:
    """Build a world with the account's numbers in it and no phones."""
    clock = Clock(settings.clock_file)
    world = World(
        settings=settings,
        clock=clock,
        agenda=Agenda(clock),
        keys=Keys(settings.account_sid, settings.auth_token, settings.api_keys),
        directory=Directory(),
        messages=MessageLog(),
        calls=CallLog(),
        phones=PhoneBook(),
        blocks=Blocks(),
        pace=Pace(settings.delay, settings.speaking),
        faults=Faults(),
        alerts=AlertLog(),
        attempts=Attempts(),
        cookies=Cookies(),
        loops=LoopGuard(),
        privacy=Privacy(),
    )
    _furnish(world)
    return world


def _furnish(world: World) -> None:
    settings, now = world.settings, world.clock.now()
    for number in settings.numbers:
        world.directory.add_number(
            settings.account_sid,
            number,
            now,
            sms_url=settings.text_webhook,
            sms_fallback_url=settings.fallback_url,
            voice_url=settings.voice_webhook,
        )
    if settings.service_sid:
        world.directory.add_service(settings.service_sid, settings.account_sid, now, senders=settings.numbers)
