"""Starts everything in one foreground process and stops it cleanly on SIGTERM or Ctrl+C."""

from __future__ import annotations

import os
import socket
import tarfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.engine.url import make_url

from bot.errors import SettingsError
from bot.records import short_reason
from bot.settings import Settings
from server.database import database
from server.desk_process import DeskProcess
from server.incident import configure_logging
from server.without_tensorflow import leave_out_tensorflow

if TYPE_CHECKING:
    from rasa.core.channels.channel import InputChannel

    from server.stopping import Stopping

# Read by Rasa when it is imported.
os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
os.environ.setdefault("SQLALCHEMY_WARN_20", "0")


def serve(settings: Settings, model: Path) -> None:
    """Serve until stopped. Raises SettingsError with what to do when port, database or model cannot be used."""
    check_port(settings.host, settings.port, "PORT")
    if settings.review_port:
        check_port(settings.host, settings.review_port, "REVIEW_PORT")
    check_database(settings.database_url)
    check_model(model)
    leave_out_tensorflow(settings.root / "config.yml")
    configure_logging(settings.log_as_json)
    from server.stopping import Stopping
    from server.timed_protocol import TimedProtocol

    stopping = Stopping()
    app = _build(settings, model, stopping)
    desk = DeskProcess(settings)
    if settings.review_port:
        app.register_listener(lambda *_: desk.start(), "after_server_start")
        app.register_listener(lambda *_: desk.stop(), "before_server_stop")
    app.register_listener(stopping.obey, "after_server_start")
    app.run(
        host=settings.host,
        port=settings.port,
        workers=1,
        access_log=False,
        motd=False,
        protocol=TimedProtocol,
        register_sys_signals=False,
    )


def check_port(host: str, port: int, name: str) -> None:
    """Raises SettingsError when the port, set by the variable `name`, is taken or may not be used."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            advice = f"Stop what uses it or choose another: {name}={port + 10} make run"
            raise SettingsError(f"Port {port} on {host} cannot be used ({error.strerror}). {advice}") from error


def check_database(address: str) -> None:
    """Opens the process's database. Raises SettingsError when it cannot be reached and written."""
    try:
        database(address)
    except (sa.exc.SQLAlchemyError, OSError, ImportError) as error:
        raise SettingsError(
            f"The database {make_url(address).render_as_string(hide_password=True)} cannot be written: {short_reason(error)}. "
            "Check AFTERCARE_DATABASE_URL, that the server is up and that its folder is writable."
        ) from error


def check_model(model: Path) -> None:
    """Raises SettingsError when there is no whole model file."""
    try:
        with tarfile.open(model) as archive:
            archive.getmembers()
    except (OSError, tarfile.TarError, EOFError) as error:
        raise SettingsError(f"The model {model} is missing or damaged. Run `aftercare train --force` to make it again.") from error


def _leave_origins_to_the_web_channel(*_: Any) -> None:
    """Rasa would add headers of its own to every response."""


def _build(settings: Settings, model: Path, stopping: Stopping) -> Any:
    import rasa.core.agent
    import rasa.core.run
    import rasa.server
    from rasa.core.utils import AvailableEndpoints

    from server.action_endpoint import use_in_process_actions
    from server.channels.served import messaging_channels
    from server.failures import answer_failures
    from server.limits import limits_for
    from server.metrics import add_metrics
    from server.page import add_page
    from server.readiness import add_readiness, database_check
    from server.rest_channel import RestChannel
    from server.turn_processor import TurnProcessor
    from server.turns import turns_for
    from server.warm_start import announce, open_tutor_early
    from server.web_channel import WebChannel

    rasa.server.add_root_route = add_page  # Rasa would greet visitors of `/` with its version
    rasa.core.agent.MessageProcessor = TurnProcessor
    rasa.server.configure_cors = _leave_origins_to_the_web_channel
    opened = database(settings.database_url)
    channels: list[InputChannel] = [WebChannel(settings, opened)]
    if settings.rest_enabled:
        channels.append(RestChannel(settings, opened))
    channels += messaging_channels(settings, opened)
    endpoints = AvailableEndpoints.read_endpoints(str(settings.root / "endpoints.yml"))
    app = rasa.core.run.configure_app(channels, enable_api=False, port=settings.port, endpoints=endpoints)
    app.config.REQUEST_MAX_SIZE = 256 * 1024
    app.config.REQUEST_TIMEOUT = 15  # seconds for a request to arrive whole
    app.config.PROXIES_COUNT = settings.proxies or None
    answer_failures(app)
    turns = turns_for(settings.redis_url, settings.secret, opened)
    add_metrics(app, settings)
    add_readiness(app, {"database": database_check(opened), "turns": turns.ping})
    limits = limits_for(settings.redis_url, settings.secret)
    for shared in (turns, limits):
        app.register_listener(lambda *_, shared=shared: shared.close(), "after_server_stop")
    app.register_listener(partial(rasa.core.run.load_agent_on_start, str(model), endpoints, None), "before_server_start")
    for listener in (use_in_process_actions, open_tutor_early, stopping.hear, partial(announce, settings)):
        app.register_listener(listener, "after_server_start")
    app.register_listener(rasa.core.run.close_resources, "after_server_stop")
    return app
