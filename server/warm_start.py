"""What happens between the model's loading and the first learner."""

from __future__ import annotations

from typing import Any

from rasa.core.tracker_store import FailSafeTrackerStore
from rich.console import Console
from sanic import Sanic

from actions.turn import tutor
from bot.settings import Settings


async def hold_on_to_database(app: Sanic, _: Any) -> None:
    """Rasa falls back to memory when the database fails, and loses those turns on restart: take that layer away."""
    agent = app.ctx.agent
    store = agent.tracker_store
    if isinstance(store, FailSafeTrackerStore):
        agent.tracker_store = store._tracker_store
        if agent.processor:
            agent.processor.tracker_store = store._tracker_store


async def open_tutor_early(_: Sanic, __: Any) -> None:
    """The first learner should not wait for anything that is made once."""
    tutor().warm_up()


async def announce(settings: Settings, _: Sanic, __: Any) -> None:
    """Say where to go, once everything answers."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    Console().print(f"Aftercare is ready: [bold]http://{host}:{settings.port}/[/]", highlight=False)
    if settings.review_port:
        Console().print(f"The tutors' desk: [bold]http://{host}:{settings.review_port}/[/]", highlight=False)
