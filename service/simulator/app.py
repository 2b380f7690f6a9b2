"""The simulator as a web application: the REST twin, the handsets' page, and the controls."""

from __future__ import annotations

from functools import partial

from flask import Flask, Response, request
from flask.json.provider import DefaultJSONProvider
from werkzeug.exceptions import HTTPException

from service.simulator.archive import Archive
from service.simulator.control import create_control_blueprint
from service.simulator.control_calls import create_call_control_blueprint
from service.simulator.delivery import dispatch
from service.simulator.message import FINAL, Direction
from service.simulator.pages import create_pages_blueprint
from service.simulator.rest import is_api_path, refuse_unknown_path
from service.simulator.rest_account import create_account_blueprint
from service.simulator.rest_calls import create_calls_blueprint
from service.simulator.rest_messages import create_messages_blueprint
from service.simulator.rest_monitor import create_monitor_blueprint
from service.simulator.rest_numbers import create_numbers_blueprint
from service.simulator.rest_services import create_services_blueprint
from service.simulator.ringing import answer_by_itself
from service.simulator.settings import Settings
from service.simulator.world import World, create_world

# How often the state file is brought up to date, in seconds.
_SAVING = 1.0


def create_simulator(settings: Settings) -> Flask:
    """Return the simulator as a WSGI application; its world is `app.extensions["world"]`."""
    world = create_world(settings)
    world.calls.when_ringing = partial(answer_by_itself, world)
    app = Flask(__name__, static_folder="pages/static", template_folder="pages")
    app.extensions["world"] = world
    assert isinstance(app.json, DefaultJSONProvider)
    app.json.sort_keys = False
    for create in (
        create_messages_blueprint,
        create_numbers_blueprint,
        create_calls_blueprint,
        create_services_blueprint,
        create_account_blueprint,
        create_monitor_blueprint,
        create_call_control_blueprint,
        create_control_blueprint,
        create_pages_blueprint,
    ):
        app.register_blueprint(create(world))
    app.register_error_handler(HTTPException, _answer_in_kind)
    if settings.state_file is not None:
        app.extensions["archive"] = archive = Archive(world, settings.state_file)
        _keep(world, archive)
    return app


def world_of(app: Flask) -> World:
    """Return the world behind an application made by `create_simulator`."""
    world = app.extensions["world"]
    assert isinstance(world, World)
    return world


def close_simulator(app: Flask) -> None:
    """Stop what runs in the background and save the state where it is kept."""
    world_of(app).agenda.close()
    archive = app.extensions.get("archive")
    if isinstance(archive, Archive):
        archive.stop()


def _answer_in_kind(error: HTTPException) -> Response | HTTPException:
    return refuse_unknown_path(error) if is_api_path(request.path) and error.code in (404, 405) else error


def _keep(world: World, archive: Archive) -> None:
    archive.load()
    for _, message in world.messages.ledger():
        if message is not None and message.direction is not Direction.INBOUND and message.status not in FINAL:
            dispatch(world, message)
    archive.keep_saving(_SAVING)
